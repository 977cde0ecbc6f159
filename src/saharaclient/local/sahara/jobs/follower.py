"""Asks the engines how the runs under way stand, over and over: one thread for all. What follows is `life_cycle`'s."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from saharaclient.local.engines.base import Engine, RunStatus

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.2  # seconds between looks at the runs


@dataclass
class Followed:
    """A run under way."""

    engine: Engine
    state: dict[str, Any] | None
    shown: RunStatus  # what its record has


class Follower:
    """The thread, and the runs that it looks at: often as long as there is news.

    Args:
        look: Looks at a run; answers whether there was news.
    """

    def __init__(self, look: Callable[[str, Followed], bool]) -> None:
        self._look = look
        self._followed: dict[str, Followed] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._follow, name="job-follower", daemon=True)

    def __contains__(self, id_: str) -> bool:
        """Whether a run is followed."""
        return id_ in self._followed

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; returns when it has."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def stopped(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopping, seconds)

    def add(self, id_: str, run: Followed) -> None:
        """Follows a run from now on."""
        with self._changed:
            self._followed[id_] = run
            self._changed.notify()

    def drop(self, id_: str) -> None:
        """Follows a run no longer."""
        with self._changed:
            self._followed.pop(id_, None)

    def _follow(self) -> None:
        pause = SHORTEST_PAUSE
        known: set[str] = set()
        while True:
            with self._changed:
                if not self._stopping and self._followed.keys() <= known:
                    self._changed.wait(pause if known else None)
                if self._stopping:
                    return
                runs = dict(self._followed)
            looks = [self._look(id_, run) for id_, run in runs.items()]
            news = any(looks) or bool(runs.keys() - known)
            known = set(runs)
            pause = SHORTEST_PAUSE if news else min(pause * 2, LONGEST_PAUSE)
