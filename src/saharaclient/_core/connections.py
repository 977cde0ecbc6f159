"""Connections that wait no longer than the task they serve: every read from the socket ends in time.

urllib3 bounds each silence of a server alone; a reply that drips would go on for ever. Nothing is sent or decided here.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import math
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import urllib3.connection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from saharaclient._core.clock import Clock, SystemClock

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    import requests


_CLOCK = SystemClock()


@dataclass(frozen=True)
class Bounds:
    """How long what this task sends and reads may take.

    Attributes:
        clock: the time.
        at: the second of `clock` at which everything ends.
        reply: seconds that a reply may take once its request is sent.
        head: whether `reply` counts for a reply's head alone: a stream's body may take as long as it flows.
    """

    clock: Clock = _CLOCK
    at: float = math.inf
    reply: float = math.inf
    head: bool = False

    def left(self) -> float:
        """Seconds until `at`."""
        return self.at - self.clock.now()


_bounds: ContextVar[Bounds] = ContextVar("saharaclient-bounds", default=Bounds())  # noqa: B039 - frozen
current = _bounds.get


@contextlib.contextmanager
def deadline(clock: Clock, at: float) -> Iterator[None]:
    """Within this block no request waits, and none is repeated, past the second `at` of `clock`."""
    outer = current()
    token = _bounds.set(replace(outer, clock=clock, at=min(at, clock.now() + outer.left())))
    try:
        yield
    finally:
        _bounds.reset(token)


def reply_within(seconds: float | None, *, head: bool) -> Token[Bounds]:
    """From here on a reply, or its head alone, takes at most so many seconds, None for no limit; until `as_before`."""
    outer = current()
    return _bounds.set(Bounds(outer.clock, outer.at, math.inf if seconds is None else seconds, head))


as_before = _bounds.reset


class _Reader(io.RawIOBase):
    """The bytes of one reply; each read waits for what is left of the reply's time and of the task's.

    Args:
        source: gives the socket's bytes.
        sock: the socket.
    """

    def __init__(self, source: io.RawIOBase, sock: socket.socket) -> None:
        self._source = source
        self._sock = sock
        bounds = current()
        self._until = bounds.clock.now() + bounds.reply

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        bounds, timeout = current(), self._sock.gettimeout()
        left = min(bounds.left(), self._until - bounds.clock.now())
        if left <= 0:
            raise TimeoutError("the reply takes longer than it may")
        if left < (math.inf if timeout is None else timeout):
            self._sock.settimeout(left)  # urllib3 sets it anew for each request
        return cast("int | None", self._source.readinto(buffer))

    def flow(self) -> None:
        """From here on the reply may take its time."""
        self._until = math.inf

    def close(self) -> None:
        self._source.close()
        super().close()


class _Reply(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._reader = _Reader(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        super().begin()
        if current().head and 200 <= self.status < 300:
            self._reader.flow()


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _Reply

    def connect(self) -> None:
        _shorten(self)
        super().connect()


class _TLSConnection(urllib3.connection.HTTPSConnection):
    response_class = _Reply

    def connect(self) -> None:
        _shorten(self)
        super().connect()


def _shorten(connection: urllib3.connection.HTTPConnection) -> None:
    """Let connecting take no longer than is left."""
    left = current().left()
    timeout = connection.timeout
    if left < (timeout if isinstance(timeout, int | float) else math.inf):
        connection.timeout = max(left, 0.001)  # 0 would mean not to wait at all


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_THEIRS = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
_OURS = {"http": _Pool, "https": _TLSPool}


class _ProxyManagers(dict[str, Any]):
    """An adapter's managers of connections through proxies, which it makes when it first needs them."""

    def __setitem__(self, proxy: str, manager: Any) -> None:
        _bind(manager)
        super().__setitem__(proxy, manager)


def bound(session: requests.Session) -> None:
    """Let a session make connections that know `Bounds`; outside of any they are as they were.

    An adapter with connections of its own kind (SOCKS, a test's) is left alone.
    """
    for adapter in session.adapters.values():
        _bind(getattr(adapter, "poolmanager", None))
        if type(getattr(adapter, "proxy_manager", None)) is dict:
            cast("Any", adapter).proxy_manager = _ProxyManagers(cast("Any", adapter).proxy_manager)


def _bind(manager: Any) -> None:
    if getattr(manager, "pool_classes_by_scheme", None) == _THEIRS:
        manager.pool_classes_by_scheme = _OURS
