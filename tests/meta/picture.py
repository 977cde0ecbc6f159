"""Draws the rooms of the package and which imports which, from the imports themselves, as an SVG file.

An arrow is left out where others lead the same way: what is drawn is the least that leads everywhere that imports do.
Run it with ``python -m tests.meta.picture FILE``.
"""

from __future__ import annotations

import pathlib
import sys
from xml.sax.saxutils import escape

from tests.meta import layers
from tests.meta.test_layers import INNER, room_of

WIDE, HIGH, ROW, GAP = 124, 32, 62, 12  # pixels: a room, and from one row or room to the next
COLUMNS = {"the library, its commands and what is built on it": layers.LIBRARY, "the embedded service": layers.SERVICE}
STYLE = """
    text { fill: #24292f; font: 13px system-ui, sans-serif; text-anchor: middle }
    .head { font-weight: 600 }
    .library { fill: #3b78b522; stroke: #3b78b5 }
    .service { fill: #4a8f4622; stroke: #4a8f46 }
    path { fill: none; stroke: #57606a; stroke-opacity: .75; stroke-width: 1.2; marker-end: url(#head) }
    marker path { fill: #57606a; stroke: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .library { stroke: #79b8ff }
      .service { stroke: #7ee787 }
      path { stroke: #9aa4ae }
      marker path { fill: #9aa4ae }
    }
"""


def arrows() -> dict[tuple[str, str], int]:
    """From room to room, how many imports there are."""
    found: dict[tuple[str, str], int] = {}
    for each in INNER:
        pair = (room_of(each.importer), room_of(each.imported))
        if pair[0] != pair[1]:
            found[pair] = found.get(pair, 0) + 1
    return found


def least(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of arrows without a circle those that no way over other rooms stands for."""
    ahead: dict[str, set[str]] = {}
    for start, end in pairs:
        ahead.setdefault(start, set()).add(end)

    def beyond(room: str) -> set[str]:
        return ahead.get(room, set()).union(*map(beyond, ahead.get(room, ())))

    return {
        (start, end) for start, end in pairs if not any(end in beyond(other) for other in ahead[start] if other != end)
    }


def places(used: set[str]) -> dict[str, tuple[str, float, float]]:
    """Where the middle of each room is, and of which house it is."""
    found = {}
    left = 0.0
    for house, rows in zip(("library", "service"), COLUMNS.values(), strict=True):
        shown = [there for row in rows if (there := [room for room in row if room in used])]
        widest = max(2.6, *map(len, shown)) * (WIDE + GAP)
        for number, row in enumerate(shown):
            first = left + (widest - len(row) * (WIDE + GAP) + GAP + WIDE) / 2
            for position, room in enumerate(row):
                found[room] = (house, first + position * (WIDE + GAP), 56 + number * ROW + HIGH / 2)
        left += widest + 4 * GAP
    return found


def draw() -> str:
    """The picture."""
    counts = arrows()
    at = places({room for pair in counts for room in pair})
    wide = max(x for _, x, _ in at.values()) + WIDE / 2 + 5 * GAP
    high = max(y for _, _, y in at.values()) + HIGH / 2 + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" role="img" '
        'aria-label="Which part of the package imports which: arrows only go down">',
        f"  <style>{STYLE}  </style>",
        '  <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker>',
    ]
    for title, house in zip(COLUMNS, ("library", "service"), strict=True):
        middle = [x for whose, x, _ in at.values() if whose == house]
        lines.append(f'  <text class="head" x="{(min(middle) + max(middle)) / 2:g}" y="24">{escape(title)}</text>')
    for start, end in sorted(least(set(counts))):
        (house, x, y), (other, to_x, to_y) = at[start], at[end]
        told = f"{start} imports {end} in {counts[start, end]} places"
        if x == to_x and to_y - y > ROW:  # past rooms in between, on the right of them
            edge, out = x + WIDE / 2, x + WIDE / 2 + min(60.0, (to_y - y) / 6)
            way = f"M{edge:g} {y:g}C{out:g} {y:g} {out:g} {to_y:g} {edge:g} {to_y:g}"
        elif house != other:
            way = f"M{x - WIDE / 2:g} {y:g}L{to_x + WIDE / 2:g} {to_y:g}"
        else:
            begin, end_y = y + HIGH / 2, to_y - HIGH / 2
            way = f"M{x:g} {begin:g}C{x:g} {begin + ROW:g} {to_x:g} {end_y - ROW:g} {to_x:g} {end_y:g}"
            if end_y - begin < ROW:
                way = f"M{x:g} {begin:g}L{to_x:g} {end_y:g}"
        lines.append(f'  <path d="{way}"><title>{escape(told)}</title></path>')
    for room, (house, x, y) in at.items():
        corner = f'x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}"'
        lines += [
            f'  <rect class="{house}" {corner} width="{WIDE}" height="{HIGH}" rx="6"/>',
            f'  <text x="{x:g}" y="{y + 5:g}">{escape(room)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text(draw())
