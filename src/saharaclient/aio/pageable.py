"""Managers of resources whose list the server can give in pages."""
# Made by tools/make_aio.py from src/saharaclient/api/pageable.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core.paging import Pager
from saharaclient.aio import managers
from saharaclient.api import base
from saharaclient.api import pageable as sync

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


class PageableManager(managers.ResourceManager[base.R]):
    """A manager of resources whose list the server can give in pages."""

    _sync: sync.PageableManager[base.R]

    def iterate(
        self,
        search_opts: Mapping[str, Any] | None = None,
        *,
        page_size: int = base.PAGE_SIZE,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> AsyncIterator[base.R]:
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
        return self._driver.pages(
            lambda pager: self._sync._next_page(pager, search_opts, sort_by, reverse), Pager(page_size)
        )
