"""One call in steps that a thread is needed for only while they last: each ends where a pause begins.

Whoever may not block a thread for pauses makes the call again after each, in another thread if it likes. What was
answered by then is answered at once, from here; nothing is sent twice but what a policy repeats. Nothing is sent or
decided here.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import requests

    Attempts = Generator[float, bool | None, requests.Response]


class Pause(BaseException):
    """Unwinds a call that can go on after so many seconds; no error, so nothing on the way takes it for one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Steps:
    """A call that is made again after each pause, and the replies that it has had."""

    def __init__(self) -> None:
        self._replies: list[requests.Response | Exception] = []
        self._asked = 0  # requests of this step
        self._attempts: Attempts | None = None  # at the request after those that were answered

    def take(self, call: Callable[[], Any]) -> Any:
        """Make the call, from its beginning.

        Raises:
            Pause: it has to be made again after a while.
        """
        self._asked = 0
        token = _steps.set(self)
        try:
            return call()
        finally:
            _steps.reset(token)

    def reply(self, attempts: Callable[[], Attempts]) -> requests.Response:
        """The reply to the next request of the call: the one that it had, or that of its next attempt.

        Raises:
            Pause: there shall be another attempt.
        """
        if self._asked == len(self._replies):
            self._attempts = self._attempts or attempts()
            self._replies.append(self._attempt(self._attempts))
            self._attempts = None
        reply = self._replies[self._asked]
        self._asked += 1
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _attempt(self, attempts: Attempts) -> requests.Response | Exception:
        try:
            seconds = next(attempts)
        except StopIteration as done:
            response: requests.Response = done.value
            return response
        except Exception as error:
            return error
        raise Pause(seconds)


_steps: ContextVar[Steps | None] = ContextVar("saharaclient-steps", default=None)
current = _steps.get
