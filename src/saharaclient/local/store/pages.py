"""Lists: which records a caller sees, filtered, sorted and cut into pages, so that time grows with the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute  # noqa: TC002

from saharaclient.local.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
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
    query = select(table).where(table.name == name, visible(table, project_id))
    return session.scalars(query.limit(1)).first()


def read_page(
    session: Session,
    query: Select[Any],
    table: Any,
    *,
    sort: str = "id",
    limit: int | None = None,
    marker: Any = None,
) -> Page:
    """Reads one page.

    Args:
        session: The session.
        query: What to list, unsorted.
        table: Its table.
        sort: The column to sort by, with `-` before it for the reverse order.
        limit: At most so many records.
        marker: The record behind which the page starts.
    """
    descending = sort.startswith("-")
    column = _comparable(getattr(table, sort.removeprefix("-")))
    if limit is None and marker is None:
        return Page(session.scalars(_ordered(query, column, table, descending)).all())
    after = query if marker is None else query.where(_beyond(session, table, column, marker, descending))
    ordered = _ordered(after, column, table, descending)
    records = session.scalars(ordered if limit is None else ordered.limit(limit + 1)).all()
    if limit is None:
        return Page(records)
    page, more = records[:limit], len(records) > limit
    # A page behind a marker announces a next one as soon as it is full, as Sahara does.
    announced = more if marker is None else len(page) == limit
    before = None
    if marker is not None:
        back = query.where(_beyond(session, table, column, marker, not descending))
        found = session.scalars(_ordered(back, column, table, not descending).offset(limit - 1).limit(1)).first()
        before = found.id if found else None
    return Page(page, before, page[-1].id if page and announced else None)


def _comparable(column: InstrumentedAttribute[Any]) -> Any:
    return func.coalesce(column, now().replace(year=1970)) if column.key == "updated_at" else column


def _ordered(query: Select[Any], column: Any, table: Any, descending: bool) -> Select[Any]:  # noqa: FBT001
    order = (column.desc(), table.id.desc()) if descending else (column, table.id)
    return query.order_by(*order)


def _beyond(session: Session, table: Any, column: Any, marker: Any, descending: bool) -> ColumnElement[bool]:  # noqa: FBT001
    value = session.scalar(select(column).where(table.id == marker.id))
    if descending:
        return or_(column < value, and_(column == value, table.id < marker.id))
    return or_(column > value, and_(column == value, table.id > marker.id))
