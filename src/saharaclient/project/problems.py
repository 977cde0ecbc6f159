"""What is wrong with a project, told all at once and with lines, and where in its file something stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Path = tuple[Any, ...]  # of keys and indices from the top of a document


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is wrong.

    Attributes:
        line: counted from 1; 0 where no line of a file is to blame.
        column: counted from 1.
        message: the thing, the reason and what to do.
        file: the file's name, if there is one.
    """

    line: int
    column: int
    message: str
    file: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.line:
            place += [str(self.line), str(self.column)]
        return f"{':'.join(place)}: {self.message}" if place else self.message


class ProjectError(Exception):
    """A project that can't be used as it stands.

    Args:
        problems: what is wrong.

    Attributes:
        problems: what is wrong, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Unreadable(ProjectError):
    """What stands in a cloud can't be read: the login may not list it.

    Args:
        refusals: what was answered, by section, or by what a neighbour knows.
        origin: of the project that it is read for.

    Attributes:
        refusals: as given.
    """

    def __init__(self, refusals: Mapping[str, Exception], origin: Origin | None = None) -> None:
        self.refusals = refusals
        where = origin if origin is not None else Origin()
        told = {section: str(error).partition("\n")[0] for section, error in refusals.items()}
        super().__init__(
            where.problem((section,), f"this login may not list {section.replace('_', ' ')}: {said}")
            for section, said in told.items()
        )


class StalePlan(ProjectError):
    """A kept plan that the cloud, or a file, has moved away from."""


class Unfinished(Exception):
    """Some of a plan could not be done; the rest is. Doing it again goes on where it ended.

    Args:
        failures: what failed, each with the reason.

    Attributes:
        failures: as given.
    """

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        self.failures = dict(failures)
        super().__init__("\n".join(f"{what}: {error}" for what, error in self.failures.items()))


@dataclass(frozen=True)
class Origin:
    """Where in a file things are.

    Attributes:
        file: its name; empty for a project that was not read from one.
        marks: line and column by the path of keys.
    """

    file: str = ""
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def problem(self, path: Path, message: str) -> Problem:
        """A problem with what stands at `path`, or with the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.marks:
                return Problem(*self.marks[path[:end]], message, self.file)
        return Problem(0, 0, message, self.file)
