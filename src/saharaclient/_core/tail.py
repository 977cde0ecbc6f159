"""The lines of a text that still grows, from the pieces in which it comes. Asking for the pieces is not done here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 1024 * 1024  # bytes; a longer one is given in parts


class LogLine(str):
    """A line of a job's output, without its end.

    Attributes:
        offset: the byte after the line, from which the next one is read.
    """

    __slots__ = ("offset",)

    offset: int

    @classmethod
    def of(cls, content: bytes, offset: int) -> LogLine:
        """The line of some bytes; what is no UTF-8 is replaced by a mark."""
        line = cls(content.decode("utf-8", "replace"))
        line.offset = offset
        return line


class Tail:
    """Cuts pieces into lines, and knows from which byte the next piece is to be.

    Args:
        offset: the byte at which the text is begun.
    """

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self._begun = b""  # of a line whose end has not come yet

    def feed(self, piece: bytes) -> Iterator[LogLine]:
        """The lines that end in a piece."""
        self.offset += len(piece)
        if b"\n" not in piece and len(self._begun) + len(piece) <= LONGEST_LINE:
            self._begun += piece
            return
        *lines, self._begun = (self._begun + piece).split(b"\n")
        end = self.offset - len(self._begun) - sum(len(line) + 1 for line in lines)
        for line in lines:
            end += len(line) + 1
            yield LogLine.of(line, end)
        if len(self._begun) > LONGEST_LINE:
            yield from self.rest()

    def rest(self) -> Iterator[LogLine]:
        """What was begun, where no more comes or it has grown too long."""
        if self._begun:
            begun, self._begun = self._begun, b""
            yield LogLine.of(begun, self.offset)
