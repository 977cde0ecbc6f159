"""How long the requests of a task may take, and what one exchange with the server may be and has been.

Both are found where bytes are read and written, however many libraries are between. Nothing is sent or decided here.
"""

from __future__ import annotations

import contextlib
import math
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from saharaclient._core.clock import Clock, SystemClock

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator


_CLOCK = SystemClock()


class Bounds(NamedTuple):
    """How long what this task sends and reads may take.

    Attributes:
        clock: the time.
        at: the second of `clock` at which everything ends.
        cancel: ends pauses when it is set.
    """

    clock: Clock = _CLOCK
    at: float = math.inf
    cancel: threading.Event | None = None

    def left(self) -> float:
        """Seconds until `at`."""
        return self.at - self.clock.now()


_bounds: ContextVar[Bounds] = ContextVar("saharaclient-bounds", default=Bounds())  # noqa: B039 - frozen
current = _bounds.get


@contextlib.contextmanager
def deadline(clock: Clock, at: float, cancel: threading.Event | None = None) -> Iterator[None]:
    """Within this block no request waits, and none is repeated, past the second `at` of `clock` or after `cancel`."""
    outer = current()
    token = _bounds.set(Bounds(clock, min(at, clock.now() + outer.left()), cancel or outer.cancel))
    try:
        yield
    finally:
        _bounds.reset(token)


def pause(clock: Clock, seconds: float, cancel: threading.Event | None = None) -> bool:
    """Let `seconds` pass, unless `cancel`, or what cancels this task, is set; returns whether it is."""
    cancel = cancel or current().cancel
    if cancel is not None:
        return clock.wait(cancel, seconds)
    clock.sleep(seconds)
    return False


class Exchange:
    """One attempt at a request, with what it needs first: a token, the discovery of the endpoint.

    Args:
        reply: seconds that a reply may take once its request is sent; None for no limit.
        head: whether `reply` counts for the head alone of the reply that was asked for: a stream's body may take as
            long as it flows.
        largest: bytes of a reply that are read at most; None for no limit.
        redirects: how many redirects of a request are followed at most.

    Attributes:
        reply: as given, without a limit infinity.
        own: whether the last request was the library's, not one of Keystone's or of the discovery's.
        asked: method, URL and, once it has come, the reply's status of each request.
        request_id: what the server calls the last request, once the head of a reply has told it.
    """

    def __init__(
        self, reply: float | None = None, *, head: bool = False, largest: int | None = None, redirects: int = 0
    ) -> None:
        self.reply = math.inf if reply is None else reply
        self.head = head
        self.largest = largest
        self.redirects = redirects
        self.own = False
        self.asked: list[tuple[str, str, int | None]] = []
        self.request_id: str | None = None

    def sends(self, method: str, url: str) -> None:
        """Note a request that is about to be sent."""
        self.asked.append((method, url, None))
        self.request_id = None

    def got(self, url: str, status: int, request_id: str | None) -> None:
        """Note the head of the reply to the last request."""
        self.asked[-1] = (self.asked[-1][0], url, status)
        self.request_id = request_id

    @property
    def last(self) -> tuple[str | None, str | None]:
        """Method and URL of the last request."""
        return self.asked[-1][:2] if self.asked else (None, None)


_exchange: ContextVar[Exchange | None] = ContextVar("saharaclient-exchange", default=None)


def exchange() -> Exchange:
    """The exchange that this task is in; outside of any, one without limits."""
    return _exchange.get() or Exchange()


begin = _exchange.set
end = _exchange.reset
