"""Waiting for a resource to get somewhere: when to look again and when to give up. It reads nothing itself."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions

from saharaclient._core.bounds import deadline
from saharaclient._core.errors import MalformedResponse, OperationTimedOut, OverLimit, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from saharaclient._core.clock import Clock

# A wait outlives these: the server or the way to it may recover before the deadline.
TRANSIENT = (exceptions.ConnectionError, ServerError, OverLimit, MalformedResponse)


@dataclass(frozen=True)
class Pace:
    """How often to look: soon at first, then less and less often, never at the same moment as others.

    Attributes:
        first: seconds before the second look.
        longest: seconds between looks at most.
        growth: how much longer each pause is than the one before.
    """

    first: float = 0.1
    longest: float = 5.0
    growth: float = 1.5

    def pause(self, looks: int) -> float:
        """Seconds to wait after so many looks."""
        return min(self.longest, self.first * self.growth ** min(looks, 64)) * random.uniform(0.75, 1.0)  # noqa: S311 - jitter


class Watch:
    """The state of one wait: feed it what each look found, and it says how long to pause.

    Args:
        what: what is waited for, for messages.
        timeout: seconds until it is given up.
        pace: how often to look.
        clock: the time.
        state: what of a resource counts as a change worth telling.
        on_progress: called with the resource on its first look and on each change.
    """

    def __init__(
        self,
        what: str,
        timeout: float,
        pace: Pace,
        clock: Clock,
        state: Callable[[Any], object],
        on_progress: Callable[[Any], object] | None,
    ) -> None:
        self.what = what
        self.timeout = timeout
        self.deadline = clock.now() + timeout
        self.last: Any = None
        self._fault: Exception | None = None
        self._looks = 0
        self._pace = pace
        self._clock = clock
        self._state = state
        self._seen: object = self  # no state of a resource equals it
        self._on_progress = on_progress

    def saw(self, resource: Any) -> None:
        """Take note of what a look found."""
        self.last, self._fault = resource, None
        state = self._state(resource)
        if state != self._seen:
            self._seen = state
            if self._on_progress is not None:
                self._on_progress(resource)

    def missed(self, fault: Exception) -> None:
        """Take note of a look that failed for the moment."""
        self._fault = fault

    def pause(self) -> float:
        """Seconds until the next look.

        Raises:
            OperationTimedOut: the deadline has come.
        """
        left = self.deadline - self._clock.now()
        if left <= 0:
            raise self._timed_out() from self._fault
        self._looks += 1
        return min(self._pace.pause(self._looks - 1), left)

    def _timed_out(self) -> OperationTimedOut:
        """The error, with the request that failed last if there is one."""
        error = OperationTimedOut(self._describe(), self.last)
        for name in ("status_code", "request_id", "method", "url"):
            setattr(error, name, getattr(self._fault, name, None))
        return error

    def _describe(self) -> str:
        text = f"{self.what}: not within {self.timeout:g} s"
        if self.last is not None:
            text += f"; last seen: {self.last!r}"
        if self._fault is not None:
            text += f"; the last look failed: {self._fault}"
        return text


def run(watch: Watch, look: Callable[[], Any], judge: Callable[[Any], bool], clock: Clock) -> Any:
    """Look until `judge` is content; a driver for the calling thread.

    Args:
        watch: the state of the wait.
        look: reads the resource.
        judge: says whether it has got there; raises if it never will.
        clock: the time.

    Returns:
        The resource that `judge` was content with.

    Raises:
        OperationTimedOut: the deadline came first.
    """
    with deadline(clock, watch.deadline):
        while True:
            try:
                resource = look()
            except TRANSIENT as fault:
                watch.missed(fault)
            else:
                watch.saw(resource)
                if judge(resource):
                    return resource
            clock.sleep(watch.pause())
