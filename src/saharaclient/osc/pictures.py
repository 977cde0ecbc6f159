"""The timeline of a cluster as a picture: SVG, PNG or a page of HTML. One layout, in `_shapes`, for all of them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from saharaclient.osc.bars import Bar

_COLOURS = {"done": "#2f7d4f", "failed": "#c0392b", "running": "#d9a441"}
_ROW, _LEFT, _CHART, _RIGHT, _TOP = 34, 260, 640, 220, 64  # pixels
_WIDTH = _LEFT + _CHART + _RIGHT
_FONT = 13  # pixels


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str


class _Text(NamedTuple):
    x: float
    y: float  # of its middle
    text: str
    size: int
    at_end: bool = False  # whether x is where it ends


def _shapes(title: str, bars: list[Bar]) -> Iterator[_Box | _Text]:
    total = max(bar.start + bar.length for bar in bars) or 1.0
    bottom = _TOP + _ROW * len(bars)
    yield _Text(16, 28, title, 18)
    for tick in range(5):
        x = _LEFT + _CHART * tick / 4
        yield _Box(x, _TOP - 8, 1, bottom - _TOP + 8, "#dddddd", "")
        yield _Text(x + 4, bottom + 16, f"{total * tick / 4:.0f} s", _FONT)
    for index, bar in enumerate(bars):
        y = _TOP + _ROW * index
        x, width = _LEFT + _CHART * bar.start / total, max(3.0, _CHART * bar.length / total)
        told = f"{bar.name}: {bar.outcome} in {bar.length:.0f} s, {bar.note}"
        yield _Text(_LEFT - 12, y + _ROW / 2 - 4, _short(bar.name, 36), _FONT, at_end=True)
        yield _Box(min(x, _LEFT + _CHART - 3), y, width, _ROW - 10, _COLOURS[bar.outcome], told)
        yield _Text(_LEFT + _CHART + 12, y + _ROW / 2 - 4, _short(f"{bar.length:.0f} s, {bar.note}", 30), _FONT)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _height(bars: list[Bar]) -> int:
    return _TOP + _ROW * len(bars) + 36


def svg(title: str, bars: list[Bar]) -> str:
    """The picture as SVG; a bar tells more where the pointer is."""
    height = _height(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" role="img">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    for shape in _shapes(title, bars):
        if isinstance(shape, _Box):
            parts.append(
                f'<rect x="{shape.x:.1f}" y="{shape.y}" width="{shape.width:.1f}" height="{shape.height}" '
                f'fill="{shape.colour}"><title>{html.escape(shape.title)}</title></rect>'
            )
        else:
            anchor = "end" if shape.at_end else "start"
            parts.append(
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size}" text-anchor="{anchor}" '
                f'dominant-baseline="middle">{html.escape(shape.text)}</text>'
            )
    return "\n".join([*parts, "</svg>"])


def _write_svg(path: Path, title: str, bars: list[Bar]) -> None:
    path.write_text(svg(title, bars) + "\n", "utf-8")


def _write_html(path: Path, title: str, bars: list[Bar]) -> None:
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    path.write_text(f"{head}\n<body>\n{svg(title, bars)}\n</body></html>\n", "utf-8")


def _write_png(path: Path, title: str, bars: list[Bar]) -> None:
    from PIL import Image, ImageDraw, ImageFont  # only this format needs it

    image = Image.new("RGB", (_WIDTH, _height(bars)), "white")
    draw = ImageDraw.Draw(image)
    for shape in _shapes(title, bars):
        if isinstance(shape, _Box):
            draw.rectangle((shape.x, shape.y, shape.x + shape.width, shape.y + shape.height), fill=shape.colour)
        else:
            font, anchor = ImageFont.load_default(shape.size), "rm" if shape.at_end else "lm"
            draw.text((shape.x, shape.y), shape.text, fill="black", font=font, anchor=anchor)
    image.save(path)


FORMATS: dict[str, Callable[[Path, str, list[Bar]], None]] = {
    ".svg": _write_svg,
    ".png": _write_png,
    ".html": _write_html,
}
