#!/usr/bin/python3
"""A mail server's side of the milter protocol for tests: a message a line, its fate a line."""
import os, socket, sys, time
from milter_wire import OFFER, connect, packet, reply

def ask(peer, command):
    peer.sendall(command)
    while True:
        answer = reply(peer)
        if answer[:1] in (b"O", b"c", b"a", b"r", b"t", b"d", b"y"):
            return answer

def steps(sender, recipients, header, login, size, gate):
    yield connect(b"client.example.net", 4321, b"192.0.2.1")
    yield packet(b"H", b"client.example.net\0")
    if login:
        yield packet(b"D", b"M{auth_authen}\0" + login + b"\0")
    yield packet(b"M", b"<" + sender + b">\0")
    for recipient in recipients.split():
        yield packet(b"R", b"<" + recipient + b">\0")
    yield packet(b"T")
    for field in [b"Subject: test"] + [f for f in header.split(b"|") if f]:
        name, value = field.split(b": ", 1)
        yield packet(b"L", name + b"\0" + value + b"\0")
    yield packet(b"N")
    line = b"x" * 62 + b"\r\n"
    for start in range(0, int(size), 65536 - 64):
        yield packet(b"B", line * min(1023, (int(size) - start) // 64))
    yield packet(b"B", b"text\r\n")
    if gate:
        open(gate + b".there", "w").close()
        while not os.path.exists(gate):
            time.sleep(0.02)
    yield packet(b"E")

def send(words):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(sys.argv[1])
    ask(peer, OFFER)
    kinds = {b"a": "accept", b"r": "reject", b"t": "tempfail", b"d": "discard"}
    for command in steps(*words):
        if command[4:5] == b"D":
            # Macros have no answer.
            peer.sendall(command)
            continue
        answer = ask(peer, command)
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
