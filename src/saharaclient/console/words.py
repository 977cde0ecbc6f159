"""How values are put into words: times, durations, sizes, links."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from saharaclient.osc.headings import heading

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_WEB = re.compile(r"https?://[^\s<>\"']+")
_DEEPEST = 8


def moment(text: object) -> datetime | None:
    """A time as Sahara writes it, which is UTC; None if it is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def lasted(seconds: float, units: int = 2) -> str:
    """A duration with its largest units, such as ``2 min 5 s``."""
    left, words = max(0, int(seconds)), list[str]()
    for size, unit in _UNITS:
        if left >= size or (size == 1 and not words):
            words.append(f"{left // size} {unit}")
            left %= size
        elif words:
            break
        if len(words) == units:
            break
    return " ".join(words)


def links_in(value: Any, name: str = "", depth: int = 0) -> list[tuple[str, str]]:
    """The addresses of web pages in a record's facts, each with its name."""
    if depth > _DEEPEST:
        return []
    if isinstance(value, dict):
        return [link for key, inner in value.items() for link in links_in(inner, f"{name} {key}".strip(), depth + 1)]
    if isinstance(value, list):
        return [link for inner in value for link in links_in(inner, name, depth + 1)]
    return [(heading(name) if name.islower() else name, value)] if is_web(value) else []


def is_web(value: object) -> bool:
    """Whether a value is the address of a web page, so that it can be a link."""
    return isinstance(value, str) and _WEB.fullmatch(value) is not None
