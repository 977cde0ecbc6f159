"""The commands of a cluster's timeline in API 2, written once in `saharaclient.osc.timeline`."""

from saharaclient.osc.timeline import (
    ShowTimeline,
)

__all__ = [
    "ShowTimeline",
]
