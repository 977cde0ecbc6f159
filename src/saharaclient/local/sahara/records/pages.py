"""Lists: which records a caller sees, filtered, sorted and cut into pages, so that time grows with the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal_column, or_, select, true, union_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Page:
    """A page of records, and the ids that the pages before and after it start behind."""

    records: Sequence[Any]
    previous: str | None = None
    next: str | None = None


def visible(table: Any, project_id: str) -> ColumnElement[bool]:
    """Whether a project may see a record."""
    return or_(table.project_id == project_id, table.is_public)


def find(session: Session, table: Any, id_: str, project_id: str) -> Any:
    """The record with an id that a project may see, or None."""
    record = session.get(table, id_)
    return record if record is not None and (record.project_id == project_id or record.is_public) else None


def find_named(session: Session, table: Any, name: str, project_id: str) -> Any:
    """A project's record of a name, or one that another project shows, or None."""
    return find_where(session, table, table.name == name, project_id)


def find_where(session: Session, table: Any, condition: ColumnElement[bool], project_id: str) -> Any:
    """A record that a project may see and that is as a condition says, or None."""
    return session.scalars(select(table).where(condition, visible(table, project_id)).limit(1)).first()


def read_page(
    session: Session,
    query: Select[Any],
    table: Any,
    project_id: str,
    *,
    sort: str = "id",
    limit: int | None = None,
    marker: Any = None,
) -> Page:
    """Reads one page.

    Args:
        session: The session.
        query: What to list, unsorted, of all projects.
        table: Its table.
        project_id: The project whose view it is.
        sort: The column to sort by, with `-` before it for the reverse order.
        limit: At most so many records.
        marker: The record behind which the page starts.
    """
    order = _Order(session, table, sort)
    behind: list[ColumnElement[bool]] = [true()] if marker is None else order.beyond(marker)
    if limit is None:
        return Page(session.scalars(order.of(query.where(visible(table, project_id), or_(*behind)))).all())
    records = session.scalars(_first(table, query, table, project_id, order, behind, limit + 1)).all()
    page, more = records[:limit], len(records) > limit
    if marker is None:
        return Page(page, None, page[-1].id if more else None)
    back = order.reversed()
    before = session.scalars(_first(table.id, query, table, project_id, back, back.beyond(marker), limit)).all()
    # A page behind a marker announces a next one as soon as it is full, as Sahara does.
    return Page(page, before[-1] if len(before) == limit else None, page[-1].id if len(page) == limit else None)


def _first(
    what: Any,
    query: Select[Any],
    table: Any,
    project_id: str,
    order: _Order,
    behind: list[ColumnElement[bool]],
    limit: int,
) -> Select[Any]:
    """The first records that a project sees, or a column of them.

    Its own and those that others show it, on the marker's value and beyond it, are each a range of an index, which is
    read no further than the page goes. One condition for all of them would have the whole table read and sorted.
    """
    owners = (table.project_id == project_id, and_(table.is_public, table.project_id != project_id))
    parts = [
        order.of(query.with_only_columns(table.id).where(owner, part), equal).limit(limit).subquery()
        for owner in owners
        for equal, part in enumerate(behind)
    ]
    ids = union_all(*(select(part.c.id) for part in parts))
    return order.of(select(what).where(table.id.in_(ids))).limit(limit)


class _Order:
    """An order of records, in which the id decides between equals.

    Args:
        session: The session.
        table: The records' table.
        sort: The column, with `-` before it for the reverse order.
    """

    def __init__(self, session: Session, table: Any, sort: str) -> None:
        self._session = session
        self._table = table
        self._sort = sort
        self._descending = sort.startswith("-")
        column = getattr(table, sort.removeprefix("-"))
        if column.nullable:  # comparisons with null are neither true nor false
            # A literal, not a parameter: indexes of such columns hold this very expression.
            least: Any = datetime(1970, 1, 1) if column.type.python_type is datetime else literal_column("''")
            column = func.coalesce(column, least)
        self._keys = (table.id,) if column is table.id else (column, table.id)

    def reversed(self) -> _Order:
        """The same order from its end."""
        opposite = self._sort.removeprefix("-") if self._descending else f"-{self._sort}"
        return _Order(self._session, self._table, opposite)

    def of(self, query: Select[Any], equal: int = 0) -> Select[Any]:
        """A query in this order.

        Args:
            query: The query.
            equal: How many of the order's keys are the same in all its records.
        """
        keys = self._keys[equal:]
        return query.order_by(*(key.desc() for key in keys) if self._descending else keys)

    def beyond(self, marker: Any) -> list[ColumnElement[bool]]:
        """Which records come behind another one.

        Returns:
            Conditions that exclude each other; records of the n-th are like the marker in n keys of the order.
        """
        values = self._session.execute(select(*self._keys).where(self._table.id == marker.id)).one()
        found: list[ColumnElement[bool]] = []
        for position, (key, value) in enumerate(zip(self._keys, values, strict=True)):
            equal = [one == its for one, its in zip(self._keys[:position], values[:position], strict=True)]
            found.append(and_(*equal, key < value if self._descending else key > value))
        return found
