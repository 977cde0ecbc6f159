"""What a state means to who looks at it: all is well, something is under way, or something went wrong."""

from __future__ import annotations

_GOOD = frozenset({"Active", "SUCCEEDED", "GREEN", "ACTIVE"})
_BAD = frozenset({"Error", "FAILED", "KILLED", "DONEWITHERROR", "RED"})
_DOUBTFUL = frozenset({"YELLOW", "RUNNINGWITHERROR", "SUSPENDED", "PAUSED", "PAUSEDWITHERROR", "PREPSUSPENDED"})


def of(status: object) -> str:
    """``good``, ``bad``, ``doubtful``, ``busy`` for what will change by itself, or ``none`` for no state."""
    if not status:
        return "none"
    for name, states in (("good", _GOOD), ("bad", _BAD), ("doubtful", _DOUBTFUL)):
        if status in states:
            return name
    return "busy"
