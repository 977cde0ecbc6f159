"""Time as the library uses it, in one place so that tests can replace it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading

DEFAULT_WAIT = 3600.0  # seconds that a wait lasts at most


class Clock(Protocol):
    """Seconds that only go forward, and a way to let them pass."""

    def now(self) -> float:
        """Seconds on a monotonic clock."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let `seconds` pass, but no more once `event` is set; returns whether it is."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds on the machine's monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for `seconds`."""
        time.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Block the calling thread for `seconds`, or until `event` is set."""
        return event.wait(seconds)
