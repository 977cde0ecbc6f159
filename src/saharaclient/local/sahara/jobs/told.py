"""What the record of a run is told of how it stands: status, times and `info`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.runs import events
from saharaclient.local.sahara.records.clusters import now
from saharaclient.local.sahara.records.jobs import DELETING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient.local.engines.base import RunStatus
    from saharaclient.local.sahara.records.jobs import JobExecution

PLACE = "place"
"""What `info` calls a run's place among those that wait for others."""


def write_end(run: JobExecution, status: RunStatus) -> None:
    """Writes down how a run ended."""
    if run.status != DELETING:
        run.status = status.status
    run.info = info_of(run, status)
    run.start_time = run.start_time or _moment(status.started_at) or now()
    run.end_time = _moment(status.finished_at) or now()


def info_of(run: JobExecution, status: RunStatus) -> dict[str, Any]:
    """The `info` of a run, as it stands now."""
    reason = {"reason": status.reason} if status.reason else {}
    return {**lasting(run.info), **status.info, **reason, "status": status.status}


def lasting(info: Mapping[str, Any]) -> dict[str, Any]:
    """What `info` says for good: no place among those that wait, and no page of a driver, which ends with it."""
    return {name: value for name, value in info.items() if name not in (PLACE, "reason", events.UI)}


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if seconds else None
