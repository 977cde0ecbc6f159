"""Pages of lists, and the queries that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib import parse

from saharaclient._core.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

R = TypeVar("R", bound=Resource)


class Page(list[R]):
    """A list of resources with its place among the server's pages.

    Args:
        l: the resources.
        prev: the marker of the page before, or None.
        next: the marker to ask for the following page with, or None.
        limit: how many resources were asked for, or None for all.
    """

    # Programs import it from there, and see that name in a traceback.
    __module__ = "saharaclient.api.base"

    def __init__(self, l: list[R], prev: str | None, next: str | None, limit: int | None) -> None:  # noqa: E741
        super().__init__(l)
        self.prev = prev
        self.next = next
        self.limit = limit


def get_query_string(
    search_opts: Mapping[str, Any] | None,
    limit: int | None = None,
    marker: str | None = None,
    sort_by: str | None = None,
    reverse: bool | None = None,
) -> str:
    """The query of a list request, with its question mark; empty if there is nothing to ask for.

    Args:
        search_opts: what the server shall filter by; names and values.
        limit: how many resources at most.
        marker: the id after which the page begins.
        sort_by: the field to sort by.
        reverse: whether to sort the other way round.
    """
    place = {
        "limit": limit,
        "marker": marker,
        "sort_by": f"-{sort_by}" if sort_by is not None and reverse else sort_by,
    }
    # A filter that is None stays one, as in 4.2.0: without it the list would be of everything, perhaps to be deleted.
    options = {name: value for name, value in place.items() if value is not None} | dict(search_opts or {})
    return f"?{parse.urlencode(sorted(options.items()), doseq=True)}" if options else ""
