"""When what was under way: spans of time, and the parts of them, for `saharaclient.osc.pictures` to draw."""

import contextlib
import time
from dataclasses import dataclass, field

from saharaclient.osc.bars import Bar


@dataclass
class Span:
    name: str
    level: int
    start: float
    end: float | None = None


@dataclass
class Timeline:
    began: float = field(default_factory=time.monotonic)
    spans: list[Span] = field(default_factory=list)

    def now(self) -> float:
        return time.monotonic() - self.began

    @contextlib.contextmanager
    def span(self, name: str):
        span = Span(name, 0, self.now())
        self.spans.append(span)
        try:
            yield
        finally:
            self.end_parts()
            span.end = self.now()

    def part(self, name: str) -> None:
        """A part of the span begins, unless it has begun already."""
        if all(span.name != name for span in self.spans):
            self.spans.append(Span(name, 1, self.now()))

    def end_parts(self, *names: str) -> None:
        """The parts of these names end, or all of them."""
        for span in self.spans:
            if span.level and span.end is None and (not names or span.name in names):
                span.end = self.now()

    def bars(self) -> list[Bar]:
        return [
            Bar(
                span.name,
                span.start,
                (self.now() if span.end is None else span.end) - span.start,
                "done",
                "",
                span.level,
            )
            for span in self.spans
        ]
