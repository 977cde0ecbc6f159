"""`Project`: what a project file says, and where it says it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from saharaclient.project import reading, writing
from saharaclient.project.problems import Origin
from saharaclient.project.types import SECTIONS, Entry, Sections

if TYPE_CHECKING:
    from collections.abc import Iterator


class Project:
    """What a project file says, and where it says it.

    Args:
        sections: the entries by kind and name.
        base: the folder that files of job binaries are relative to.
        origin: where in a file entries and fields are, for messages.
    """

    def __init__(self, sections: Sections, base: Path | None = None, origin: Origin | None = None) -> None:
        self.sections = sections
        self.base = base if base is not None else Path()
        self.origin = origin if origin is not None else Origin()

    @classmethod
    def read(cls, path: str | Path) -> Project:
        """Read a project file.

        Args:
            path: the YAML file.

        Returns:
            The project.

        Raises:
            ProjectError: what is wrong with it, all at once, with lines.
            OSError: it can't be read.
        """
        return cls(*reading.read(Path(path)))

    @classmethod
    def parse(cls, text: str, base: Path | None = None) -> Project:
        """The project that a text describes.

        Args:
            text: YAML.
            base: the folder that it refers to files from.

        Raises:
            ProjectError: what is wrong with it, all at once, with lines.
        """
        sections, origin = reading.parse(text)
        return cls(sections, base, origin)

    def text(self) -> str:
        """The project as YAML; the same project gives the same text."""
        return writing.text(self.sections)

    def entries(self) -> Iterator[tuple[str, str, Entry]]:
        """Kind, name and entry of all that the file names."""
        for section in SECTIONS:
            for name, entry in getattr(self.sections, section).items():
                yield section, name, entry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Project) and self.sections == other.sections

    __hash__ = None  # type: ignore[assignment]
