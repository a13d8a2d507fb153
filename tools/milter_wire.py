"""The milter protocol as a mail server's side of it needs it: packets of a length, a letter, data."""
import struct


def packet(letter, data=b""):
    return struct.pack(">I", len(data) + 1) + letter + data


# Version 6, all actions, every step with its reply.
OFFER = packet(b"O", struct.pack(">III", 6, 0x1FF, 0))


def connect(name, port, address):
    """The packet that tells of a client by IPv4."""
    return packet(b"C", name + b"\x004" + struct.pack(">H", port) + address + b"\0")


def read(peer, count):
    data = b""
    while len(data) < count:
        piece = peer.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def reply(peer):
    """The next packet: its letter and data."""
    return read(peer, struct.unpack(">I", read(peer, 4))[0])
