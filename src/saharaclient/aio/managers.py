"""What resources and managers have in common, and the names that programs import from here."""
# Made by tools/make_aio.py from src/saharaclient/api/base.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core.clock import DEFAULT_WAIT as DEFAULT_WAIT
from saharaclient.aio import driver
from saharaclient.api import base

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


class ResourceManager(driver.Manager[base.R]):
    """The requests that one kind of resource takes.

    What differs between kinds and API versions is in the class attributes.
    """

    _sync: Any

    def iterate(self, search_opts: Mapping[str, Any] | None = None) -> AsyncIterator[base.R]:
        """All resources, one after the other; this kind's list has no pages. REST: ``GET`` of the list.

        Args:
            search_opts: what the server shall filter by; names and values.

        Returns:
            An iterator; the request is sent when it is first asked.

        Raises:
            APIException: what the server reports.
        """
        return self._driver.whole(lambda: self._sync.list(search_opts))

    async def resolve(self, name_or_id: str, **options: Any) -> base.R:
        """The one resource of a name or an id, as the commands find what they are told.

        What looks like an id is tried as one first, then as a name. REST: ``GET`` of the resource, or of the list.

        Args:
            name_or_id: the name or the id.
            **options: options of `get`, such as ``show_progress``.

        Returns:
            The resource.

        Raises:
            NotFound: there is none.
            MultipleMatches: several have this name.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.resolve, name_or_id, **options)

    async def find(self, **kwargs: Any) -> list[base.R]:
        """All resources whose attributes equal the given values.

        The server filters by what it can; what it answers is compared again here.
        REST: ``GET`` of the list, page by page.

        Args:
            **kwargs: names and values of attributes.

        Returns:
            The resources; an empty list if there is none.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.find, **kwargs)

    async def find_unique(self, **kwargs: Any) -> base.R:
        """The one resource whose attributes equal the given values.

        The search ends at the second match. REST: ``GET`` of the list, page by page.

        Args:
            **kwargs: names and values of attributes.

        Returns:
            The resource.

        Raises:
            NotFound: there is none (``error_code`` 404).
            MultipleMatches: there are several (``error_code`` 409).
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.find_unique, **kwargs)
