"""The bars of a timeline: what a cluster's provisioning steps took, whoever draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from saharaclient.api import replies

# seconds between two ticks: round ones of each unit
_STEPS = [
    step * size
    for size, steps in (
        (1, (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)),
        (60, (1, 2, 5, 10, 20, 30)),
        (3600, (1, 2, 5, 10, 24)),
    )
    for step in steps
]
_UNITS = ((3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True)
class Bar:
    """A provisioning step.

    Attributes:
        name: what is done.
        start: seconds after the first step's begin.
        length: seconds.
        outcome: ``done``, ``failed`` or ``running``.
        note: how many instances are done, or what failed.
        level: 0, or how many bars it is a part of.
    """

    name: str
    start: float
    length: float
    outcome: str
    note: str = ""
    level: int = 0


def total_of(bars: list[Bar]) -> float:
    """How many seconds the chart of these bars is long; never none."""
    return max(bar.start + bar.length for bar in bars) or 1.0


def ticks_of(total: float, at_most: int) -> list[tuple[float, str]]:
    """Where a scale has its ticks, in seconds, and what they say: at round steps from 0 on, in one unit."""
    step = next(
        (step for step in _STEPS if total / step < at_most), _STEPS[-1] * math.ceil(total / _STEPS[-1] / at_most)
    )
    size, unit = next((unit for unit in _UNITS if step >= unit[0]), _UNITS[-1])
    return [(n * step, f"{n * step / size:g} {unit}") for n in range(int(total / step + 1e-9) + 1)]


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
