"""The bars of a timeline: what a cluster's provisioning steps took, whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from saharaclient.api import replies


@dataclass(frozen=True)
class Bar:
    """A provisioning step.

    Attributes:
        name: what is done.
        start: seconds after the first step's begin.
        length: seconds.
        outcome: ``done``, ``failed`` or ``running``.
        note: how many instances are done, or what failed.
    """

    name: str
    start: float
    length: float
    outcome: str
    note: str


def bars_of(steps: list[dict[str, Any]], now: datetime) -> list[Bar]:
    """The chart of provisioning steps, in the order in which they began.

    Args:
        steps: a cluster's ``provision_progress``.
        now: until when a step lasts that is not done.
    """
    timed = sorted(((_time(step.get("created_at")) or now, step) for step in steps), key=lambda pair: pair[0])
    return [_bar(step, began, timed[0][0], now) for began, step in timed]


def _bar(step: dict[str, Any], began: datetime, zero: datetime, now: datetime) -> Bar:
    events = replies.objects(step.get("events"))
    failed = [event for event in events if event.get("successful") is False]
    times = [_time(event.get("updated_at") or event.get("created_at")) for event in events]
    ended = max([time for time in (*times, _time(step.get("updated_at"))) if time], default=began)
    outcome = {True: "done", False: "failed"}.get(step.get("successful"), "failed" if failed else "running")  # type: ignore[arg-type]
    if outcome == "running":
        ended = now
    note = "; ".join(f"{event.get('instance_name') or 'cluster'}: {event.get('event_info')}" for event in failed)
    if not failed:
        done = step.get("total") if outcome == "done" else sum(1 for event in events if event.get("successful"))
        note = f"{done} of {step.get('total')}"
    length = max((ended - began).total_seconds(), 0.0)
    return Bar(str(step.get("step_name")), (began - zero).total_seconds(), length, outcome, note)


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None
