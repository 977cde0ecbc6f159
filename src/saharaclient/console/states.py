"""What a state means to who looks at it: all is well, something is under way, or something went wrong."""

from __future__ import annotations

from saharaclient.states import ENDED_BADLY, ClusterStatus, HealthStatus, JobStatus

_GOOD = frozenset({ClusterStatus.ACTIVE, JobStatus.SUCCEEDED, HealthStatus.GREEN, "ACTIVE"})
_BAD = frozenset({ClusterStatus.ERROR, *ENDED_BADLY, HealthStatus.RED})
_DOUBTFUL = frozenset(
    {
        HealthStatus.YELLOW,
        JobStatus.RUNNING_WITH_ERROR,
        JobStatus.SUSPENDED,
        JobStatus.PAUSED,
        JobStatus.PAUSED_WITH_ERROR,
        JobStatus.PREP_SUSPENDED,
    }
)


def of(status: object) -> str:
    """``good``, ``bad``, ``doubtful``, ``busy`` for what will change by itself, or ``none`` for no state."""
    if not status:
        return "none"
    for name, states in (("good", _GOOD), ("bad", _BAD), ("doubtful", _DOUBTFUL)):
        if status in states:
            return name
    return "busy"
