"""When what was under way: spans of time, drawn in the terminal and as an SVG."""

import contextlib
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

COLUMNS = 44
COLOURS = {"call": "#7a869a", "state": "#2f6fb3", "step": "#6ba3d6", "job": "#2e9e6b"}


@dataclass
class Span:
    name: str
    kind: str
    start: float
    end: float | None = None


@dataclass
class Timeline:
    began: float = field(default_factory=time.monotonic)
    spans: list[Span] = field(default_factory=list)

    def now(self) -> float:
        return time.monotonic() - self.began

    def open(self, name: str, kind: str) -> None:
        """A span begins, unless it is under way already."""
        if not any(span.name == name and span.kind == kind for span in self.spans):
            self.spans.append(Span(name, kind, self.now()))

    def close(self, name: str | None, kind: str) -> None:
        """The span of a name ends, or all of a kind."""
        for span in self.spans:
            if span.kind == kind and span.end is None and name in (None, span.name):
                span.end = self.now()

    @contextlib.contextmanager
    def span(self, name: str, kind: str = "call"):
        self.open(name, kind)
        try:
            yield
        finally:
            self.close(name, kind)

    def text(self) -> str:
        """One line a span, all on one scale."""
        total, width = self._total(), max(len(span.name) for span in self.spans)
        lines = []
        for span in self.spans:
            end = span.end if span.end is not None else total
            first = round(span.start / total * COLUMNS)
            length = max(1, round((end - span.start) / total * COLUMNS))
            bar = (" " * first + "█" * length)[:COLUMNS].ljust(COLUMNS)
            lines.append(f"{span.name:<{width}} │{bar}│ {end - span.start:5.1f} s")
        return "\n".join(lines)

    def svg(self, path: Path) -> None:
        """The same as a picture."""
        total, row, left, scale = self._total(), 22, 330, 560
        height = row * (len(self.spans) + 2)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + scale + 90}" height="{height}" '
            'font-family="sans-serif" font-size="12" role="img"><title>Timeline of the demonstration</title>',
            '<rect width="100%" height="100%" fill="white"/>',
        ]
        for number, span in enumerate(self.spans):
            end, top = (span.end if span.end is not None else total), row * number + 8
            x, width = left + span.start / total * scale, max(2.0, (end - span.start) / total * scale)
            parts.append(f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape(span.name)}</text>')
            parts.append(
                f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{row - 6}" fill="{COLOURS[span.kind]}"/>'
            )
            parts.append(f'<text x="{x + width + 5:.1f}" y="{top + 13}">{end - span.start:.1f} s</text>')
        for tick in range(5):
            at = total * tick / 4
            parts.append(f'<text x="{left + scale * tick / 4:.1f}" y="{height - 12}" fill="#555">{at:.0f} s</text>')
        path.write_text("\n".join([*parts, "</svg>\n"]))

    def _total(self) -> float:
        return max([span.end or self.now() for span in self.spans] + [0.001])
