"""Connections that wait no longer than the task they serve: every read from the socket ends in time.

urllib3 bounds each silence of a server alone; a reply that drips would go on for ever. Nothing is sent or decided here.
"""

from __future__ import annotations

import http.client
import io
import math
from typing import TYPE_CHECKING, Any, cast

import urllib3.connection
from keystoneauth1.session import TCPKeepAliveAdapter
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from saharaclient._core import bounds

if TYPE_CHECKING:
    import socket

    import requests

MOST_KEPT = 100  # connections to one host that are kept for the next requests; as many as there were at once


class _Reader(io.RawIOBase):
    """The bytes of one reply; each read waits for what is left of the reply's time and of the task's.

    Args:
        source: gives the socket's bytes.
        sock: the socket.
    """

    def __init__(self, source: io.RawIOBase, sock: socket.socket) -> None:
        self._source = source
        self._sock = sock
        self._until = bounds.current().clock.now() + bounds.exchange().reply

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        current, timeout = bounds.current(), self._sock.gettimeout()
        left = min(current.at, self._until) - current.clock.now()
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
        exchange = bounds.exchange()
        if exchange.own and exchange.head and 200 <= self.status < 300:
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
    left = bounds.current().left()
    timeout = connection.timeout
    if left < (timeout if isinstance(timeout, int | float) else math.inf):
        connection.timeout = max(left, 0.001)  # 0 would mean not to wait at all


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_PLAIN = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
_BOUNDED = {"http": _Pool, "https": _TLSPool}


class BoundedAdapter(HTTPAdapter):
    """Connects as another adapter does, by connections of its own that keep within `bounds`.

    Args:
        model: the other adapter; `is_plain` says whether it can be one.
    """

    def __init__(self, model: HTTPAdapter) -> None:
        # of sockets and TLS; how many connections is told beside them
        self._options = dict(model.poolmanager.connection_pool_kw)
        kept, block = self._options.pop("maxsize", MOST_KEPT), self._options.pop("block", False)
        super().__init__(
            max_retries=model.max_retries, pool_maxsize=kept if block else max(kept, MOST_KEPT), pool_block=block
        )
        self._pools: dict[Any, Any] = {}

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **{**self._options, **options})
        _bind(self.poolmanager)

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """The connections to a request's host: looked for once, as that takes a tenth of a request."""
        key = (*str(request.url).split("/", 3)[:3], verify, cert, *(proxies or {}).items())
        found = self._pools.get(key)
        if found is None or found.pool is None:  # closed: the next request opens new ones
            found = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._pools[key] = found
        return found

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return _bind(super().proxy_manager_for(proxy, **options))

    def close(self) -> None:
        """Close the connections now; urllib3 leaves it to the end of whoever still knows them, such as a kept error."""
        pools = [pool for m in (self.poolmanager, *self.proxy_manager.values()) for pool in _pools_of(m)]
        super().close()
        for pool in pools:
            pool.close()


def is_plain(adapter: object) -> bool:
    """Whether an adapter connects in the ordinary way; others (SOCKS, a test's) do what their makers want."""
    return (
        type(adapter) in (HTTPAdapter, TCPKeepAliveAdapter)
        and cast("HTTPAdapter", adapter).poolmanager.pool_classes_by_scheme == _PLAIN
    )


def _pools_of(manager: Any) -> list[Any]:
    return [manager.pools[key] for key in manager.pools.keys()]  # noqa: SIM118 - it can't be iterated over


def _bind(manager: Any) -> Any:
    if manager.pool_classes_by_scheme == _PLAIN:  # not so through SOCKS
        manager.pool_classes_by_scheme = _BOUNDED
    return manager
