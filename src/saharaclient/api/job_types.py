"""Job types: which jobs the server can run, and on which plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api import base

if TYPE_CHECKING:
    from saharaclient import types


class JobType(base.Resource):
    """A type of job and the plugins that run it."""

    resource_name = "JobType"

    name: str
    plugins: list[types.JobTypePlugin]


class JobTypesManager(base.ResourceManager[JobType]):
    """Job types, the same in both API versions."""

    resource_class = JobType
    path = "/job-types"
    list_key = "job_types"

    def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[JobType]:
        """All job types. REST: ``GET /job-types``.

        Args:
            search_opts: filters: ``type``; ``plugin`` and ``version`` in API 1.1, ``plugin_name`` and
                ``plugin_version`` in API 2; ``hints``: true adds hints for configuration (1.1).

        Returns:
            The job types.

        Raises:
            APIException: what the server reports.
        """
        return self._list(self._url(query=base.get_query_string(search_opts)), self.list_key)
