"""The rows of a list, with what pages want to know of all of them: found out once, when they are read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from saharaclient.console import states

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEARCHED = ("name", "id", "status", "plugin_name", "plugin_version", "type", "url", "description")


class Rows(list[dict[str, Any]]):
    """Records in the order in which they are listed.

    Args:
        rows: the records.
        newest_first: whether they are listed by age; else by name.

    Attributes:
        names: their names by id.
        states: the states that occur, in alphabetical order.
        counts: how many there are by what their state means, and ``all``.
        busy: those that will change by themselves.
    """

    def __init__(self, rows: list[dict[str, Any]], *, newest_first: bool = False) -> None:
        if newest_first:
            super().__init__(sorted(rows, key=lambda row: str(row.get("created_at") or ""), reverse=True))
        else:
            super().__init__(sorted(rows, key=lambda row: str(row.get("name")).lower()))
        self.names = {str(row.get("id")): str(row.get("name")) for row in rows}
        found = Counter(str(row.get("status") or "") for row in rows)
        self.states = sorted(filter(None, found))
        self.counts = dict.fromkeys(("good", "busy", "doubtful", "bad", "none"), 0)
        for status, number in found.items():
            self.counts[states.of(status)] += number
        self.counts["all"] = len(rows)
        self.busy = [row for row in self if states.of(row.get("status")) == "busy"]
        self._texts = [_text_of(row) for row in self]

    def found(self, asked: str, state: str, also: Mapping[str, frozenset[str]]) -> list[dict[str, Any]]:
        """The rows with a text, or with one of the values of a field; in a state, if one is given.

        Args:
            asked: the text in lower case; an empty one is in all.
            state: the state, or nothing.
            also: values by the field that may have them.
        """
        wanted = [(name, values) for name, values in also.items() if values]
        found: Iterable[dict[str, Any]] = self
        if asked:
            found = (
                row
                for row, text in zip(self, self._texts, strict=True)
                if asked in text or (wanted and any(row.get(name) in values for name, values in wanted))
            )
        return [row for row in found if row.get("status") == state] if state else [*found]


def _text_of(row: Mapping[str, Any]) -> str:
    return "\n".join(str(row[name]) for name in _SEARCHED if row.get(name)).lower()


NONE = Rows([])
