"""Managers of resources whose list the server can give in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core.paging import Pager
from saharaclient.api import base

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class PageableManager(base.ResourceManager[base.R]):
    """A manager of resources whose list the server can give in pages."""

    def iterate(
        self,
        search_opts: Mapping[str, Any] | None = None,
        *,
        page_size: int = base.PAGE_SIZE,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> Iterator[base.R]:
        """All resources, one after the other; a page is asked for when the one before is used up.

        REST: ``GET`` of the list with ``limit`` and ``marker``.

        Args:
            search_opts: what the server shall filter by; names and values.
            page_size: resources a request, at least 1; more are faster, fewer take less memory.
            sort_by: the field to sort by; by default the server's own order.
            reverse: whether to sort the other way round.

        Returns:
            An iterator; the first request is sent when it is first asked.

        Raises:
            ValueError: `page_size` is less than 1.
            MalformedResponse: the server's pages repeat.
            APIException: what else the server reports.
        """
        return self._pages(Pager(page_size), search_opts, sort_by, reverse)

    def _pages(
        self, pager: Pager, search_opts: Mapping[str, Any] | None, sort_by: str | None, reverse: bool | None
    ) -> Iterator[base.R]:
        while not pager.done:
            yield from self._next_page(pager, search_opts, sort_by, reverse)

    def _next_page(
        self, pager: Pager, search_opts: Mapping[str, Any] | None, sort_by: str | None, reverse: bool | None
    ) -> base.Page[base.R]:
        query = base.get_query_string(search_opts, pager.limit, pager.marker, sort_by, reverse)
        page = self._list(self._url(query=query), self.list_key, pager.limit)
        pager.advance(page.next)
        return page
