"""Job binaries: the programs and libraries of jobs, by where they are stored."""
# Made by tools/make_aio.py from src/saharaclient/api/job_binaries.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import binary_data
from saharaclient.api.job_binaries import JobBinaries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient.api import base
    from saharaclient.api import job_binaries as sync


class JobBinariesManagerV1(binary_data.BinaryData[JobBinaries]):
    """Job binaries in API 1.1."""

    _sync: sync.JobBinariesManagerV1

    async def create(
        self,
        name: str,
        url: str,
        description: str | None = None,
        extra: Mapping[str, Any] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> JobBinaries:
        """Create a job binary. REST: ``POST /job-binaries``.

        Args:
            name: its name, 1 to 50 characters, unique in the project.
            url: where it is stored: ``swift://…``, ``s3://…``, ``manila://…``, or ``internal-db://<id>`` (1.1).
            description: a text.
            extra: credentials to reach it with: ``user`` and ``password``, or those of S3.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The new job binary, without its credentials.

        Raises:
            NameAlreadyExists: the project has one of this name.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.create, name, url, description, extra, is_public, is_protected)

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        limit: int | None = None,
        marker: str | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[JobBinaries]:
        """All job binaries, or a page of them. REST: ``GET /job-binaries``.

        Args:
            search_opts: filters: ``name``.
            limit: job binaries at most; by default all.
            marker: the id after which the page begins.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The job binaries, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, limit, marker, sort_by, reverse)

    async def get(self, job_binary_id: str) -> JobBinaries:
        """A job binary. REST: ``GET /job-binaries/<id>``.

        Args:
            job_binary_id: its id.

        Returns:
            The job binary, without its credentials.

        Raises:
            NotFound: there is no such job binary.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, job_binary_id)

    async def update(self, job_binary_id: str, data: Mapping[str, Any]) -> JobBinaries:
        """Change a job binary. REST: ``PUT /job-binaries/<id>`` in API 1.1, ``PATCH`` in 2.

        Args:
            job_binary_id: its id.
            data: the fields to change, as the server names them.

        Returns:
            The changed job binary.

        Raises:
            NotFound: there is no such job binary.
            InUse: it is protected.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update, job_binary_id, data)

    async def delete(self, job_binary_id: str) -> None:
        """Delete a job binary; what it points to stays. REST: ``DELETE /job-binaries/<id>``.

        Args:
            job_binary_id: its id.

        Raises:
            NotFound: there is no such job binary.
            InUse: it is protected, or a job uses it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, job_binary_id)


class JobBinariesManagerV2(JobBinariesManagerV1):
    """Job binaries in API 2."""

    _sync: sync.JobBinariesManagerV2


JobBinariesManager = JobBinariesManagerV1
