"""Job types: which jobs the server can run, and on which plugins."""
# Made by tools/make_aio.py from src/saharaclient/api/job_types.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import managers
from saharaclient.api.job_types import JobType

if TYPE_CHECKING:
    from saharaclient.api import base
    from saharaclient.api import job_types as sync


class JobTypesManager(managers.ResourceManager[JobType]):
    """Job types, the same in both API versions."""

    _sync: sync.JobTypesManager

    async def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[JobType]:
        """All job types. REST: ``GET /job-types``.

        Args:
            search_opts: filters: ``type``; ``plugin`` and ``version`` in API 1.1, ``plugin_name`` and
                ``plugin_version`` in API 2; ``hints``: true adds hints for configuration (1.1).

        Returns:
            The job types.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts)
