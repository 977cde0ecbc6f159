"""Sends one request over and over, by several connections at once, and prints how many were answered a second.

    blast.py HOST PORT WIDTH SECONDS <request

It does next to nothing for each answer, so that it is the server that is measured.
"""

import asyncio
import re
import sys
import time

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """One connection, whose next request follows the answer."""

    def __init__(self, request, until):
        self.request, self.until = request, until
        self.answered, self.received = 0, b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < int(LENGTH.search(head).group(1)):
            return
        if not head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 300")):
            self.done.set_exception(RuntimeError(head.decode()))
            self.transport.close()
            return
        self.received = b""
        self.answered += 1
        if time.perf_counter() < self.until:
            self.transport.write(self.request)
        else:
            self.done.set_result(None)
            self.transport.close()


async def blast(host, port, width, seconds, request):
    """Answers a second."""
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    made = [
        (await loop.create_connection(lambda: Connection(request, began + seconds), host, port))[1]
        for _ in range(width)
    ]
    await asyncio.gather(*(connection.done for connection in made))
    return sum(connection.answered for connection in made) / (time.perf_counter() - began)


if __name__ == "__main__":
    host, port, width, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    print(asyncio.run(blast(host, port, width, seconds, sys.stdin.buffer.read())))
