"""Answers that go wrong on purpose, so that users can test how their programs take them.

Failures of clusters and jobs are asked for by configs of the plugin `fake`, see `engines/fake.py`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import anyio
from starlette.requests import Request

from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAHARA = "/v[12]*"
REASONS = {
    429: "Too many requests: try again later.",
    500: "The server has failed on this request.",
    503: "The service is unavailable: try again later.",
}


@dataclass(eq=False)
class Fault:
    """What shall go wrong, where, and how often. Made by `Faults.add`, which explains the fields.

    Attributes:
        used: How many requests it has met.
    """

    method: str
    path: str
    delay: float
    status: int | None
    retry_after: float | None
    drop: Literal["request", "reply"] | None
    times: int | None
    used: int = 0

    def _meets(self, method: str, path: str) -> bool:
        left = self.times is None or self.used < self.times
        return left and self.method in ("*", method) and fnmatchcase(path, self.path)

    def _error(self) -> ApiError | None:
        if self.status is None:
            return None
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return ApiError(self.status, REASONS.get(self.status, "A fault was asked for."), headers=headers)


class Faults:
    """The faults of a service: `sahara.faults` of a `LocalSahara`. May be changed while requests are answered.

    Each request meets at most one fault: the oldest that matches and has not been used up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(
        self,
        method: str = "*",
        path: str = SAHARA,
        *,
        delay: float = 0.0,
        status: int | None = None,
        retry_after: float | None = None,
        drop: Literal["request", "reply"] | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Makes requests go wrong.

        Args:
            method: HTTP method of the requests, `*` for every one.
            path: Pattern of their paths, in which `*` stands for any characters, slashes too: `/v2/clusters/*`,
                `*/data-sources`. Unless given, every path of Sahara's API and none of the other services.
            delay: Seconds that the request waits before it is handled, or before the fault.
            status: HTTP status, 400 to 599, that is answered in place of handling the request.
            retry_after: Seconds in the header `Retry-After` of that answer. Needs `status`.
            drop: Closes the connection without an answer: `request` before the request is handled, `reply` after
                it was, so that its effect is there and the client does not know. Not together with `status`.
            times: How many requests meet it; None for all until it is removed.

        Returns:
            The fault; `used` counts the requests that have met it.

        Raises:
            ValueError: If the values make no fault.
        """
        fault = Fault(method.upper(), path, delay, status, retry_after, drop, times)
        _check(fault)
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Takes a fault away. One that is not there any more is no error."""
        with self._lock:
            self._faults = [other for other in self._faults if other is not fault]

    def clear(self) -> None:
        """Takes every fault away."""
        with self._lock:
            self._faults.clear()

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault a request meets, which is counted; None if it meets none."""
        with self._lock:
            for fault in self._faults:
                if fault._meets(method, path):
                    fault.used += 1
                    return fault
        return None


def _check(fault: Fault) -> None:
    if not fault.delay and fault.status is None and fault.drop is None:
        raise ValueError("A fault needs a delay, a status or a drop.")
    if fault.delay < 0:
        raise ValueError(f"The delay must be zero or more seconds, not {fault.delay}.")
    if fault.status is not None and not 400 <= fault.status <= 599:
        raise ValueError(f"The status of a fault must be between 400 and 599, not {fault.status}.")
    if fault.drop not in (None, "request", "reply"):
        raise ValueError(f"What is dropped must be 'request' or 'reply', not {fault.drop!r}.")
    if fault.drop and fault.status is not None:
        raise ValueError("A dropped connection has no status: give 'drop' or 'status'.")
    if fault.retry_after is not None and (fault.status is None or fault.retry_after < 0):
        raise ValueError("The header Retry-After needs a status, and zero or more seconds.")
    if fault.times is not None and fault.times < 1:
        raise ValueError(f"A fault must happen once or more often, not {fault.times} times.")


class FaultInjection:
    """Middleware that lets requests meet their faults.

    Args:
        app: What handles requests.
        faults: The faults.
        answer: Makes the answer of an error, in the form of the API that was asked.
    """

    def __init__(self, app: ASGIApp, faults: Faults, answer: Callable[[Request, ApiError], ASGIApp]) -> None:
        self._app = app
        self._faults = faults
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request."""
        fault = self._faults.meet(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        await anyio.sleep(fault.delay)
        error = fault._error()
        if error is not None:
            await self._answer(Request(scope), error)(scope, receive, send)
        elif fault.drop is None:
            await self._app(scope, receive, send)
        else:
            if fault.drop == "reply":
                await self._app(scope, receive, _unheard)
            scope["app"].state.drop_connection(scope["client"])
            while (await receive())["type"] != "http.disconnect":
                pass


async def _unheard(_message: Message) -> None:
    """Sends nothing."""
