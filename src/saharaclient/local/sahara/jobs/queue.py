"""Which runs may have a driver on this machine now, and which wait for their turn, in the order they were asked for."""

from __future__ import annotations

import threading
from bisect import insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Queue:
    """Runs that have a driver, and those that wait for one. Safe to use from several threads.

    Args:
        most: How many may have one at once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._going: set[str] = set()
        self._waiting: list[tuple[datetime, str]] = []
        self._told: dict[str, int] = {}

    def hold(self, id_: str) -> None:
        """Counts a run that has a driver already, of an earlier run of the service."""
        with self._lock:
            self._going.add(id_)

    def enter(self, id_: str, since: datetime) -> bool:
        """Whether a run may have a driver now; else it has its place among those that wait.

        Args:
            id_: The run.
            since: When it was asked for.
        """
        with self._lock:
            if id_ not in self._going and (since, id_) not in self._waiting:
                insort(self._waiting, (since, id_))
                self._promote()
            return id_ in self._going

    def leave(self, id_: str) -> list[str]:
        """Takes out a run that has no driver any more, or shall have none.

        Returns:
            The runs that may have one now.
        """
        with self._lock:
            self._going.discard(id_)
            self._told.pop(id_, None)
            self._waiting = [one for one in self._waiting if one[1] != id_]
            return self._promote()

    def moved(self) -> dict[str, int]:
        """The places of the runs that wait, from 1 on, where they have changed since they were last asked for."""
        with self._lock:
            places = {id_: place for place, (_, id_) in enumerate(self._waiting, 1)}
            moved = dict(places.items() - self._told.items())
            self._told = places
            return moved

    def _promote(self) -> list[str]:
        free = max(0, self.most - len(self._going))
        promoted = [id_ for _, id_ in self._waiting[:free]]
        del self._waiting[:free]
        self._going.update(promoted)
        return promoted
