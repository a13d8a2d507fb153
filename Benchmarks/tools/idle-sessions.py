#!/usr/bin/env python3
"""idle-sessions - connections to a milter that do next to nothing, until standard input ends.

  idle-sessions.py SOCKET IDLE SLOW

IDLE of them negotiate, connect and greet, and are silent from then on. SLOW of them send a packet,
one byte a second, and come again when the milter closes on them. Prints `ready` when all are there,
and at the end how many of the idle ones were closed: `closed N`.
"""
import pathlib
import resource
import select
import socket
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from milter_wire import OFFER, connect, packet, reply

path, idle, slow = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_session():
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(path)
    peer.sendall(OFFER)
    if reply(peer)[:1] != b"O":
        raise SystemExit("no negotiation")
    for command in (connect(b"idle.example", 4321, b"192.0.2.9"), packet(b"H", b"idle.example\0")):
        peer.sendall(command)
        reply(peer)
    return peer


class Slow:
    words = packet(b"M", b"<" + b"s" * 200 + b"@example.com>\0")

    def __init__(self):
        self.peer, self.sent = open_session(), 0

    def step(self):
        try:
            if self.sent == len(self.words):
                self.peer.sendall(packet(b"A"))
                self.sent = 0
            self.peer.sendall(self.words[self.sent:self.sent + 1])
            self.sent += 1
            return self
        except OSError:
            return Slow()


sessions = [open_session() for _ in range(idle)]
slows = [Slow() for _ in range(slow)]
print("ready", flush=True)
while True:
    if select.select([sys.stdin], [], [], 1.0)[0] and not sys.stdin.readline():
        break
    slows = [one.step() for one in slows]
closed = 0
for peer in sessions:
    peer.setblocking(False)
    try:
        closed += peer.recv(1) == b""
    except BlockingIOError:
        pass
    except OSError:
        closed += 1
print("closed", closed, flush=True)
