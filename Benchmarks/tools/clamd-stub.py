#!/usr/bin/env python3
"""clamd-stub - a scanner that takes time: finds nothing in anything, after DELAY seconds.

  clamd-stub.py SOCKET [DELAY]

Speaks clamd's INSTREAM, PING and VERSION on a unix socket, any number at once.
"""
import asyncio
import os
import struct
import sys

path, delay = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0


async def serve(reader, writer):
    try:
        command = await reader.readuntil(b"\0")
        if command.strip(b"\0zn") == b"INSTREAM":
            while True:
                (length,) = struct.unpack(">I", await reader.readexactly(4))
                if length == 0:
                    break
                await reader.readexactly(length)
            await asyncio.sleep(delay)
            writer.write(b"stream: OK\0")
        elif command.strip(b"\0zn") == b"PING":
            writer.write(b"PONG\0")
        else:
            writer.write(b"ClamAV 1.4.6/1/Sun Nov  1 10:00:00 2026\0")
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    if os.path.exists(path):
        os.unlink(path)
    server = await asyncio.start_unix_server(serve, path, backlog=4096)
    async with server:
        await server.serve_forever()


asyncio.run(main())
