#!/usr/bin/python3
"""A mail server's side of the milter protocol for tests: a message a line, its fate a line."""
import socket, struct, sys

def read(peer, count):
    data = b""
    while len(data) < count:
        piece = peer.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data

def ask(peer, command, data=b""):
    peer.sendall(struct.pack(">I", len(data) + 1) + command + data)
    while True:
        answer = read(peer, struct.unpack(">I", read(peer, 4))[0])
        if answer[:1] in (b"O", b"c", b"a", b"r", b"t", b"d", b"y"):
            return answer

def steps(sender, recipients, header, login):
    yield b"C", b"client.example.net\x004" + struct.pack(">H", 4321) + b"192.0.2.1\0"
    yield b"H", b"client.example.net\0"
    yield b"M", b"<" + sender + b">\0"
    for recipient in recipients.split():
        yield b"R", b"<" + recipient + b">\0"
    yield b"T", b""
    for field in [b"Subject: test"] + [f for f in header.split(b"|") if f]:
        name, value = field.split(b": ", 1)
        yield b"L", name + b"\0" + value + b"\0"
    yield b"N", b""
    yield b"B", b"text\r\n"
    yield b"E", b""

def send(words):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(sys.argv[1])
    ask(peer, b"O", struct.pack(">III", 6, 0x1FF, 0))
    kinds = {b"a": "accept", b"r": "reject", b"t": "tempfail", b"d": "discard"}
    for command, data in steps(*words):
        if command == b"M" and words[3]:
            macro = b"M{auth_authen}\0" + words[3] + b"\0"
            peer.sendall(struct.pack(">I", len(macro) + 1) + b"D" + macro)
        answer = ask(peer, command, data)
        if answer[:1] != b"c":
            peer.close()
            said = answer[1:].rstrip(b"\0").decode()
            return said if answer[:1] == b"y" else kinds[answer[:1]]
    peer.close()
    return "accept"

for line in sys.stdin:
    # Other children may hold the other end of our input: its end would never come.
    if line == "end\n":
        print("end", flush=True)
        break
    print(send([word.encode() for word in line.rstrip("\n").split("\t")]), flush=True)
