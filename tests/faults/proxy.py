"""A proxy on loopback that lets requests through to a server, and does harm to those that it is told to."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BEAT = 0.1  # seconds
REQUEST_ID = "x-openstack-request-id"
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes = b""
    length: int | None = None  # what Content-Length says, if not the truth

    @property
    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != 204 and "Transfer-Encoding" not in self.headers:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def but(self, **changes) -> Reply:
        return replace(self, **changes)


@dataclass
class Exchange:
    """One request that came, and what is done with it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    proxy: FaultProxy
    writer: asyncio.StreamWriter
    line: bytes = b""
    carried: bool = False  # whether the server got it
    faulty: bool = False
    told: str | None = None  # the request id in a head that was sent whole
    asked: float | None = None  # when the server was, by the monotonic clock
    answered: float | None = None

    async def carry(self) -> Reply:
        """The server's reply."""
        self.carried = True
        self.asked = time.monotonic()
        try:
            return await asyncio.to_thread(self._ask)
        finally:
            self.answered = time.monotonic()

    @property
    def server_seconds(self) -> float:
        """Seconds that the server took, or has taken so far."""
        return 0.0 if self.asked is None else (self.answered or time.monotonic()) - self.asked

    def _ask(self) -> Reply:
        upstream = http.client.HTTPConnection(self.proxy.upstream, timeout=60)
        try:
            headers = {n: v for n, v in self.headers.items() if n.lower() not in _HOP}
            upstream.request(self.method, self.target, self.body or None, headers)
            answer = upstream.getresponse()
            kept = {n: v for n, v in answer.getheaders() if n.lower() not in _HOP}
            return Reply(answer.status, kept, answer.read())
        finally:
            upstream.close()

    async def head(self, reply: Reply) -> None:
        await self.write(reply.head)
        self.told = {n.lower(): v for n, v in reply.headers.items()}.get(REQUEST_ID)

    async def send(self, reply: Reply) -> None:
        await self.head(reply)
        await self.write(reply.body)

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def drip(self, data: bytes, pause: float) -> None:
        for byte in data:
            await self.write(bytes([byte]))
            await asyncio.sleep(pause)

    async def reset(self) -> None:
        """End the connection with a reset, once what was sent has arrived."""
        await asyncio.sleep(0.05)
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self.writer.close()


class Loop:
    """An event loop in a thread of its own, for any number of proxies; it notes when the machine held it up."""

    def __enter__(self) -> Loop:
        self.loop = asyncio.new_event_loop()
        self._lags: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self.loop.run_forever, name="fault-proxy", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._beat(), self.loop)
        return self

    async def _beat(self) -> None:
        while True:
            due = time.monotonic() + BEAT
            await asyncio.sleep(BEAT)
            now = time.monotonic()
            self._lags.append((now, now - due))

    def lag(self, since: float) -> float:
        """The most seconds that it was late since the second `since` of the monotonic clock."""
        return max((lag for at, lag in list(self._lags) if at >= since), default=0.0)

    def __exit__(self, *_: object) -> None:
        self.call(self._drain())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def _drain(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class FaultProxy:
    """A proxy for the requests of one client.

    Args:
        loop: where it runs.
        upstream: the server, as `host:port`.
        harm: what is done to a request that meets the fault; None lets it pass.
        meets: method and pattern of the path of those that do.
        first: which of them is the first to meet it, from 1.
        times: how many do; None for all from there on.
        listening: whether it takes connections from the beginning; until then they are refused.
    """

    loop: Loop
    upstream: str
    harm: Callable[[Exchange], Awaitable[None]] | None = None
    meets: tuple[str, str] = ("*", "")
    first: int = 1
    times: int | None = None
    listening: bool = True
    record: list[Exchange] = field(default_factory=list)
    elsewhere: str = ""  # the URL of another host, for faults that send a client there

    def __enter__(self) -> FaultProxy:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))  # unless it listens, connections to it are refused
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = None
        self._seen = 0
        self._connections = set()
        if self.listening:
            self.listen()
        return self

    def listen(self) -> None:
        self._server = self.loop.call(asyncio.start_server(self._serve, sock=self._socket, limit=2**20))

    def heal(self) -> None:
        """From now on everything passes."""
        self.harm = None
        if self._server is None:
            self.listen()

    def __exit__(self, *_: object) -> None:
        self.loop.call(self._close())
        self._socket.close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.current_task())
        try:
            while not writer.is_closing() and (exchange := await self._read(reader, writer)):
                await self._handle(exchange)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            writer.close()
            self._connections.discard(asyncio.current_task())

    async def _read(self, reader, writer) -> Exchange | None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, *lines = head[:-4].split(b"\r\n")
        method, target, _ = line.decode("latin-1").split(" ")
        headers = dict(text.decode("latin-1").split(": ", 1) for text in lines)
        body = await reader.readexactly(int({n.lower(): v for n, v in headers.items()}.get("content-length", 0)))
        return Exchange(method, target, headers, body, self, writer, line)

    async def _handle(self, exchange: Exchange) -> None:
        self.record.append(exchange)
        method, path = self.meets
        if method in ("*", exchange.method) and re.search(path, urlsplit(exchange.target).path):
            self._seen += 1
            last = self.first + self.times if self.times is not None else self._seen + 1
            exchange.faulty = self.first <= self._seen < last
        harm = self.harm
        if exchange.faulty and harm is not None:
            await harm(exchange)
        else:
            await exchange.send(await exchange.carry())
