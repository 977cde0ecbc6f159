"""A timeline drawn: as text for a terminal, as SVG, PNG or a page of HTML. One layout, `_shapes`, for all pictures.

The SVG has no ground of its own and follows the reader's colour scheme; a PNG cannot, and is drawn on white.
"""

from __future__ import annotations

import html
import shutil
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from saharaclient.osc.bars import ticks_of, total_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from saharaclient.osc.bars import Bar

_LIGHT = {"text": "#24292f", "line": "#d0d7de", "done": "#2f7d4f", "failed": "#c0392b", "running": "#b07a16"}
_DARK = {"text": "#d7dde4", "line": "#3d444d", "done": "#4cae78", "failed": "#f0705f", "running": "#d9a441"}
_ROW, _BAR, _THIN, _CHART, _TOP, _BOTTOM = 28, 18, 12, 640, 56, 32  # pixels
_MARGIN, _GAP, _INDENT = 16, 12, 18  # pixels
_FONT, _TITLE = 13, 18  # pixels
_TICKS = 8  # at most
_LONGEST = 80  # characters of a label; the bar's own words have all of it
_COLUMNS, _LEAST_COLUMNS = 48, 12  # characters of the chart in a terminal
_SYMBOLS = {"done": "█", "failed": "▓", "running": "░"}


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


class _Text(NamedTuple):
    x: float
    y: float  # of its middle
    text: str
    size: int = _FONT
    centred: bool = False  # whether x is its middle


class _Picture(NamedTuple):
    width: float
    height: float
    shapes: list[_Box | _Text]


def _drawn(title: str, bars: list[Bar]) -> _Picture:
    """What is where. The columns beside the chart are as wide as the longest of their labels."""
    total = total_of(bars)
    names = [(_INDENT * bar.level, _short(bar.name)) for bar in bars]
    notes = [_short(_told(bar, total)) for bar in bars]
    left = _MARGIN + max(indent + _width(name) for indent, name in names) + _GAP
    width = max(left + _CHART + _GAP + max(map(_width, notes)), _MARGIN + _width(title, _TITLE)) + _MARGIN
    return _Picture(
        round(width), _TOP + _ROW * len(bars) + _BOTTOM, list(_shapes(title, bars, names, notes, left, _CHART / total))
    )


def _shapes(
    title: str, bars: list[Bar], names: list[tuple[int, str]], notes: list[str], left: float, scale: float
) -> Iterator[_Box | _Text]:
    bottom = _TOP + _ROW * len(bars)
    yield _Text(_MARGIN, _TOP / 2, title, _TITLE)
    for second, label in ticks_of(_CHART / scale, _TICKS):
        yield _Box(left + second * scale - 0.5, _TOP - 4, 1, bottom - _TOP + 8, "line")
        yield _Text(left + second * scale, bottom + 16, label, centred=True)
    for index, (bar, (indent, name), note) in enumerate(zip(bars, names, notes, strict=True)):
        middle, height = _TOP + _ROW * (index + 0.5), _THIN if bar.level else _BAR
        x, width = left + bar.start * scale, max(3.0, bar.length * scale)
        yield _Text(_MARGIN + indent, middle, name)
        told = f"{bar.name}: {bar.outcome}, {_told(bar, _CHART / scale)}"
        yield _Box(min(x, left + _CHART - 3), middle - height / 2, width, height, bar.outcome, told)
        yield _Text(left + _CHART + _GAP, middle, note)


def _told(bar: Bar, total: float) -> str:
    return f"{_seconds(bar.length, total)} s" + (f", {bar.note}" if bar.note else "")


def _seconds(length: float, total: float) -> str:
    """A length as exact as it can be seen: services tell of whole seconds."""
    return f"{length:.0f}" if length == round(length) or total >= 100 else f"{length:.1f}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _width(text: str, size: int = _FONT) -> float:
    """About how wide a text is, in pixels: in DejaVu Sans, of the usual fonts the widest."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "mwMW@%—…":
        return 0.97
    if character in " .,:;'|!()[]fijlrtI-":
        return 0.41
    return 0.72 if character.isupper() else 0.635


def svg(title: str, bars: list[Bar]) -> str:
    """The picture as SVG, without a ground and in the reader's colours; a bar tells more where the pointer is."""
    picture = _drawn(title, bars)
    size = f'width="{picture.width}" height="{picture.height}" viewBox="0 0 {picture.width} {picture.height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" role="img">',
        f"<title>{html.escape(title)}</title>",
        f"<style>{_rules(_LIGHT)} @media (prefers-color-scheme: dark) {{ {_rules(_DARK)} }}</style>",
    ]
    for shape in picture.shapes:
        if isinstance(shape, _Box):
            told = f"<title>{html.escape(shape.title)}</title>" if shape.title else ""
            parts.append(
                f'<rect class="{shape.colour}" x="{shape.x:.1f}" y="{shape.y:g}" width="{shape.width:.1f}" '
                f'height="{shape.height:g}">{told}</rect>'
            )
        else:
            anchor = ' text-anchor="middle"' if shape.centred else ""
            parts.append(
                f'<text class="text" x="{shape.x:.1f}" y="{shape.y:g}" font-size="{shape.size}"{anchor} '
                f'dominant-baseline="central">{html.escape(shape.text)}</text>'
            )
    return "\n".join([*parts, "</svg>"])


def _rules(colours: dict[str, str]) -> str:
    return " ".join(f".{name} {{ fill: {colour}; }}" for name, colour in colours.items())


def text(bars: list[Bar], width: int | None = None) -> str:
    """The chart for a terminal, a line a bar.

    Args:
        bars: what is drawn.
        width: characters of a line, as far as names and notes leave room; the terminal's unless given.
    """
    total = total_of(bars)
    labels = ["  " * bar.level + bar.name for bar in bars]
    told = [f" {_seconds(bar.length, total):>5} s  {bar.outcome}{', ' if bar.note else ''}{bar.note}" for bar in bars]
    names = max(map(len, labels))
    room = (width or shutil.get_terminal_size().columns) - names - max(map(len, told)) - len(" ││")
    columns = min(max(room, _LEAST_COLUMNS), _COLUMNS)
    lines = []
    for label, note, bar in zip(labels, told, bars, strict=True):
        before = round(bar.start / total * (columns - 1))
        length = min(max(1, round(bar.length / total * columns)), columns - before)
        drawn = (" " * before + _SYMBOLS[bar.outcome] * length).ljust(columns)
        lines.append(f"{label:<{names}} │{drawn}│{note}")
    lines.append(f"{'':<{names}}  0{f'{_seconds(total, total)} s':>{columns - 1}}")
    return "\n".join(lines)


def _write_svg(path: Path, title: str, bars: list[Bar]) -> None:
    path.write_text(svg(title, bars) + "\n", "utf-8")


def _write_html(path: Path, title: str, bars: list[Bar]) -> None:
    head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{html.escape(title)}</title>'
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{svg(title, bars)}\n</body></html>\n', "utf-8"
    )


def _write_png(path: Path, title: str, bars: list[Bar]) -> None:
    from PIL import Image, ImageDraw, ImageFont  # only this format needs it

    picture = _drawn(title, bars)
    image = Image.new("RGB", (int(picture.width), int(picture.height)), "white")
    draw = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, _Box):
            corners = (shape.x, shape.y, shape.x + shape.width - 1, shape.y + shape.height - 1)
            draw.rectangle(corners, fill=_LIGHT[shape.colour])
        else:
            font, anchor = ImageFont.load_default(shape.size), "mm" if shape.centred else "lm"
            draw.text((shape.x, shape.y), shape.text, fill=_LIGHT["text"], font=font, anchor=anchor)
    image.save(path)


FORMATS: dict[str, Callable[[Path, str, list[Bar]], None]] = {
    ".svg": _write_svg,
    ".png": _write_png,
    ".html": _write_html,
}
