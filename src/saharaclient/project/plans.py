"""A plan: what has to be done so that a cloud holds what a project says, and what was seen on the way. No I/O."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from saharaclient.project.document import Project
from saharaclient.project.problems import Origin
from saharaclient.project.types import Sections  # noqa: TC001 - a field's type, which msgspec reads

if TYPE_CHECKING:
    from collections.abc import Iterator


Do = Literal["create", "update", "scale", "replace", "wait", "delete"]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field that differs.

    Attributes:
        field: its path, with dots.
        before: what stands there; None if nothing does, or if it may not be shown.
        after: what the project says.
    """

    field: str
    before: Any = None
    after: Any = None


class Action(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Something to be done with one resource.

    Attributes:
        do: what: create; update in place; scale; replace, which deletes and creates; wait until it is ready; delete.
        kind: its section in the project file.
        name: its name.
        id: of what stands there, if something does.
        changes: the fields that differ.
        reason: why it has to be replaced, or waited for.
        line: where the project file has it, counted from 1; 0 if no file is behind it.
        column: likewise.
    """

    do: Do
    kind: str
    name: str
    id: str | None = None
    changes: list[Change] = []
    reason: str = ""
    line: int = 0
    column: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Its kind and name."""
        return self.kind, self.name


class Plan(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What has to be done so that a cloud holds what a project says.

    Attributes:
        actions: what is to be done, in an order that can be followed.
        equal: kind and name of what stands there as the project says.
        unnamed: kind and name of what stands there and the project does not name; it is never touched.
        notes: what else there is to know.
        maps: names that stand for others in this cloud.
        sections: the project itself, with places for what comes from outside.
        base: the folder that its files are in.
        file: the file that it was read from.
        contents: what the bytes of its files are known by.
    """

    actions: list[Action] = []
    equal: list[tuple[str, str]] = []
    unnamed: list[tuple[str, str]] = []
    notes: list[str] = []
    maps: list[tuple[str, str, str]] = []
    sections: Sections
    base: str = ""
    file: str = ""
    contents: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.actions

    @property
    def project(self) -> Project:
        """The project that the plan is of."""
        return Project(self.sections, Path(self.base), Origin(self.file))

    def of(self, do: Do) -> Iterator[Action]:
        """The actions of a sort."""
        return (action for action in self.actions if action.do == do)

    def to_json(self) -> str:
        """The plan as a text that `from_json` reads; nothing in it comes from outside."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Plan:
        """The plan that `to_json` wrote.

        Raises:
            ValueError: it is none.
        """
        return msgspec.json.decode(text, type=cls)
