"""Internal job binaries: programs that the server itself stores. Only API 1.1 has them."""
# Made by tools/make_aio.py from src/saharaclient/api/job_binary_internals.py: change that and run `make aio`.

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from saharaclient.aio import binary_data
from saharaclient.api import base
from saharaclient.api import job_binary_internals as sync
from saharaclient.api.job_binary_internals import JobBinaryInternal

if TYPE_CHECKING:
    from saharaclient import types
    from saharaclient._core import files


class JobBinaryInternalsManager(binary_data.BinaryData[JobBinaryInternal]):
    """Internal job binaries."""

    _sync: sync.JobBinaryInternalsManager

    NotUpdated = base.NOT_UPDATED

    async def create(self, name: str, data: bytes | str | IO[bytes]) -> JobBinaryInternal:
        """Store bytes under a name. REST: ``PUT /job-binary-internals/<name>``.

        Args:
            name: its name, 1 to 50 characters, unique in the project.
            data: the bytes; a text, stored as UTF-8; or a binary file object, read from where it stands.

        Returns:
            The new internal job binary.

        Raises:
            NameAlreadyExists: the project has one of this name.
            OverLimit: it is larger than the server takes (5 MiB by default).
            BadRequest: the server refuses the name or the data.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.create, name, data)

    async def upload(
        self, name: str, file: files.PathOrFile, on_progress: files.ProgressCallback | None = None
    ) -> JobBinaryInternal:
        """Store a file under a name, in constant memory. REST: ``PUT /job-binary-internals/<name>``.

        Args:
            name: its name, 1 to 50 characters, unique in the project.
            file: a path, or a binary file object, read from where it stands.
            on_progress: called with the bytes sent so far and the bytes in all.

        Returns:
            The new internal job binary.

        Raises:
            OSError: the file can't be read.
            NameAlreadyExists: the project has one of this name.
            OverLimit: it is larger than the server takes (5 MiB by default).
            BadRequest: the server refuses the name or the data.
            APIException: what else the server reports.
        """
        return await self._driver.transfer(self._sync.upload, name, file, on_progress=on_progress)

    async def update(
        self,
        job_binary_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
    ) -> types.JobBinaryInternalReply:
        """Change what is said of an internal job binary. REST: ``PATCH /job-binary-internals/<id>``.

        Args:
            job_binary_id: its id.
            name: its name.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The server's whole reply, with the member ``job_binary_internal``.

        Raises:
            NotFound: there is no such internal job binary.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update, job_binary_id, name, is_public, is_protected)

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        limit: int | None = None,
        marker: str | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[JobBinaryInternal]:
        """All internal job binaries, or a page of them. REST: ``GET /job-binary-internals``.

        Args:
            search_opts: filters: ``name``.
            limit: internal job binaries at most; by default all.
            marker: the id after which the page begins.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The internal job binaries, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, limit, marker, sort_by, reverse)

    async def get(self, job_binary_id: str) -> JobBinaryInternal:
        """An internal job binary. REST: ``GET /job-binary-internals/<id>``.

        Args:
            job_binary_id: its id.

        Returns:
            The internal job binary, without its bytes.

        Raises:
            NotFound: there is no such internal job binary.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, job_binary_id)

    async def delete(self, job_binary_id: str) -> None:
        """Delete an internal job binary and its bytes. REST: ``DELETE /job-binary-internals/<id>``.

        Args:
            job_binary_id: its id.

        Raises:
            NotFound: there is no such internal job binary.
            InUse: it is protected.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, job_binary_id)
