"""Waiting for a resource to get somewhere: when to look again and when to give up. It reads nothing itself."""

from __future__ import annotations

import logging
import math
import random
import socket
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from keystoneauth1 import exceptions

from saharaclient._core import bounds
from saharaclient._core.errors import (
    REPLY_TOO_LARGE,
    MalformedResponse,
    OperationCancelled,
    OperationFailed,
    OperationTimedOut,
    OverLimit,
    ServerError,
)
from saharaclient._core.redact import mask_urls
from saharaclient._core.retry import causes

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from saharaclient._core.clock import Clock

LOG = logging.getLogger("saharaclient.waiting")
E = TypeVar("E", OperationTimedOut, OperationCancelled)
R = TypeVar("R")

# A wait outlives these: the server or the way to it may recover before the deadline.
TRANSIENT = (exceptions.ConnectionError, ServerError, OverLimit, MalformedResponse)


class Pace(NamedTuple):
    """How often to look: soon at first, then less and less often, never at the same moment as others.

    Attributes:
        first: seconds before the second look.
        longest: seconds between looks at most.
        growth: how much longer each pause is than the one before.
        share: of the time that has passed, what a pause may be beyond `longest`.
        slowest: seconds between looks at most, however much time has passed.
        jitter: of a pause, what may be missing.
    """

    first: float = 0.1
    longest: float = 5.0
    growth: float = 1.5
    share: float = 0.0
    slowest: float = 15.0
    jitter: float = 0.25

    def pause(self, looks: int, elapsed: float = 0.0) -> float:
        """Seconds to wait after so many looks, in so many seconds."""
        longest = max(self.longest, min(self.slowest, self.share * elapsed))
        return min(longest, self.first * self.growth ** min(looks, 64)) * random.uniform(1 - self.jitter, 1.0)  # noqa: S311

    @classmethod
    def every(cls, seconds: float) -> Pace:
        """A pace of always so many seconds.

        Raises:
            ValueError: they are none, or negative.
        """
        if not seconds > 0:
            raise ValueError(f"interval must be more than 0 seconds, not {seconds}")
        return cls(first=seconds, longest=seconds, growth=1.0, jitter=0.0)


class Watch:
    """The state of one wait: tell it what each look found, and it says whether, when and how to look again.

    Args:
        what: what is waited for, for messages.
        timeout: seconds until it is given up; None for no limit.
        pace: how often to look.
        clock: the time.
        state: what of a resource counts as a change worth telling.
        judge: whether a resource has got there; raises OperationFailed if it never will.
        closely: whether looks are to show all they can.
        look_again: whether a failure is looked at once more, closely, before it is told.

    Attributes:
        closely: how the next look is to be.
        deadline: the second of `clock` at which it is given up.
        last: what was last seen, or None.
    """

    def __init__(
        self,
        what: str,
        timeout: float | None,
        pace: Pace,
        clock: Clock,
        *,
        state: Callable[[Any], object],
        judge: Callable[[Any], bool],
        closely: bool = True,
        look_again: bool = False,
    ) -> None:
        self.what = what
        self.began = clock.now()
        self.timeout = min(math.inf if timeout is None else timeout, bounds.current().left())
        self.deadline = self.began + self.timeout
        self.closely = closely
        self.last: Any = None
        self._fault: Exception | None = None
        self._failure: OperationFailed | None = None
        self._look_again = look_again and not closely
        self._hopeless = False
        self._looks = 0
        self._pace = pace
        self._clock = clock
        self._state = state
        self._judge = judge
        self._seen: object = self  # no state of a resource equals it

    def saw(self, resource: Any) -> bool:
        """Take note of what a look found; returns whether it is worth telling."""
        self.last, self._fault, self._hopeless = resource, None, False
        state = self._state(resource)
        changed = bool(state != self._seen)
        self._seen = state
        return changed

    def is_done(self, resource: Any) -> bool:
        """Whether a resource is what was waited for.

        Raises:
            OperationFailed: it never will be.
        """
        try:
            return self._judge(resource)
        except OperationFailed as failure:
            if not self._look_again:
                raise
            self._look_again, self._failure, self.closely = False, failure, True
            return False

    def missed(self, fault: Exception) -> None:
        """Take note of a look that failed.

        Raises:
            Exception: the fault, of a kind that time does not mend, for the second time in a row.
            OperationFailed: a closer look at it was all that was missing.
        """
        if self._failure is not None:
            raise self._failure
        hopeless = never_mends(fault, reached=self.last is not None)
        if hopeless and self._hopeless:
            raise fault
        self._hopeless = hopeless
        if self._fault is None and not hopeless:
            (*_, why) = fault, *causes(fault)
            LOG.warning("%s: %s; the server is asked again", self.what, mask_urls(str(why)))
        # a look that the deadline cut tells less than one that failed before
        if self._fault is None or self._clock.now() < self.deadline:
            self._fault = fault

    def pause(self) -> float:
        """Seconds until the next look.

        Raises:
            OperationTimedOut: the deadline has come.
        """
        now = self._clock.now()
        left = self.deadline - now
        if left <= 0:
            raise self._ended(OperationTimedOut, f"not within {self.timeout:g} s") from self._fault
        if self._failure is not None:
            return 0.0
        self._looks += 1
        return min(self._pace.pause(self._looks - 1, now - self.began), left)

    def cancelled(self) -> OperationCancelled:
        """The error for a wait that somebody ended."""
        return self._ended(OperationCancelled, "the wait was cancelled")

    def _ended(self, cls: type[E], why: str) -> E:
        """The error for a wait without an outcome, with the request that failed last if there is one."""
        text = f"{self.what}: {why}"
        if self.last is not None:
            text += f"; last seen: {self.last!r}"
        if self._fault is not None:
            text += f"; the last look failed: {self._fault}"
        error = cls(text, self.last)
        for name in ("status_code", "request_id", "method", "url"):
            setattr(error, name, getattr(self._fault, name, None))
        return error


def never_mends(fault: Exception, *, reached: bool) -> bool:
    """Whether time alone does not mend a fault.

    Args:
        fault: of a look.
        reached: whether the server has answered another; its name, then, is one that there is.
    """
    if isinstance(fault, exceptions.SSLError):
        return True
    if isinstance(fault, OverLimit):
        return fault.status_code == 413
    if isinstance(fault, MalformedResponse):
        return fault.error_name == REPLY_TOO_LARGE
    unknown = [cause.errno for cause in causes(fault) if isinstance(cause, socket.gaierror)]
    return bool(unknown) and not (reached and unknown[0] == socket.EAI_AGAIN)


def run(
    watch: Watch,
    look: Callable[[bool], R],
    clock: Clock,
    on_progress: Callable[[R], object] | None = None,
    cancel: threading.Event | None = None,
) -> R:
    """Look until a watch is content; a driver for the calling thread.

    Args:
        watch: the state of the wait.
        look: reads the resource; is told whether closely.
        clock: the time.
        on_progress: called with the resource on its first look and on each change.
        cancel: ends the wait when it is set.

    Returns:
        The resource that the watch was content with.

    Raises:
        OperationTimedOut: the deadline came first.
        OperationCancelled: `cancel` did.
    """
    while True:
        try:
            with bounds.deadline(clock, watch.deadline, cancel):
                resource = look(watch.closely)
        except TRANSIENT as fault:
            if cancel is None or not cancel.is_set():
                watch.missed(fault)
        else:
            if watch.saw(resource) and on_progress is not None:
                on_progress(resource)
            if watch.is_done(resource):
                return resource
        if bounds.pause(clock, watch.pause(), cancel):
            raise watch.cancelled()
