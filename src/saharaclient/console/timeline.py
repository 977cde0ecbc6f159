"""The picture of a cluster's making: what is drawn where. The template draws it, the style sheet gives the colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saharaclient.api import replies
from saharaclient.console.words import lasted
from saharaclient.osc.bars import bars_of, ticks_of, total_of

if TYPE_CHECKING:
    from datetime import datetime

    from saharaclient.osc.bars import Bar

WIDTH = 100.0  # percent of the picture, for the time
_TICKS = 6  # at most
_SHORTEST = 0.5  # percent, of a bar


@dataclass(frozen=True)
class Drawn:
    """A step with its place in the picture, in percent."""

    bar: Bar
    x: float
    width: float
    length: str


@dataclass(frozen=True)
class Timeline:
    """The picture: steps and ticks (place and text); places are percents of its width."""

    rows: list[Drawn]
    ticks: list[tuple[float, str]]
    total: str


def of(steps: list[dict[str, Any]], now: datetime) -> Timeline | None:
    """The picture of provisioning steps; None if there are none."""
    bars = bars_of(steps, now)
    if not bars:
        return None
    total = total_of(bars)
    scale = WIDTH / total
    rows = []
    for bar in bars:
        width = max(bar.length * scale, _SHORTEST)
        x = min(bar.start * scale, WIDTH - width)
        rows.append(Drawn(bar, round(x, 2), round(width, 2), lasted(bar.length)))
    ticks = [(round(second * scale, 2), label) for second, label in ticks_of(total, _TICKS)]
    return Timeline(rows, ticks, lasted(total))


def events_of(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was told of the steps, failures first, then the newest first."""
    events = [
        {**event, "step_name": step.get("step_name")} for step in steps for event in replies.objects(step.get("events"))
    ]
    newest = sorted(events, key=lambda event: str(event.get("updated_at") or event.get("created_at")), reverse=True)
    return sorted(newest, key=lambda event: event.get("successful") is not False)
