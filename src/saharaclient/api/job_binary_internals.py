"""Internal job binaries: programs that the server itself stores. Only API 1.1 has them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

from saharaclient.api import base, binary_data, bodies

if TYPE_CHECKING:
    from saharaclient import types
    from saharaclient._core import files


class JobBinaryInternal(base.Resource):
    """A program that the server stores; a job binary's url names it ``internal-db://<id>``."""

    resource_name = "JobBinaryInternal"

    id: str
    name: str
    tenant_id: str
    datasize: str  #: bytes
    is_public: bool
    is_protected: bool
    created_at: str  #: UTC, such as ``2026-01-31T12:00:00``
    updated_at: str | None


class JobBinaryInternalsManager(binary_data.BinaryData[JobBinaryInternal]):
    """Internal job binaries."""

    resource_class = JobBinaryInternal
    path = "/job-binary-internals"
    response_key = "job_binary_internal"
    list_key = "binaries"
    server_filters = frozenset({"name"})
    NotUpdated = base.NOT_UPDATED

    def create(self, name: str, data: bytes | str | IO[bytes]) -> JobBinaryInternal:
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
        if not isinstance(data, str | bytes | bytearray | memoryview):
            return self.upload(name, data)
        return self._store(name, data.encode() if isinstance(data, str) else bytes(data))

    def upload(
        self,
        name: str,
        file: files.PathOrFile,
        on_progress: files.ProgressCallback | None = None,
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
        from saharaclient._core import files

        with files.upload_body(file, on_progress) as body:
            return self._store(name, body)

    def _store(self, name: str, body: bytes | files.UploadBody) -> JobBinaryInternal:
        return self._update(self._url(name), body, self.response_key, dump_json=False)

    def update(
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
        return cast(
            "types.JobBinaryInternalReply",
            self._change(self._url(job_binary_id), bodies.updated(locals(), "job_binary_id")),
        )

    def list(
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
        query = base.get_query_string(search_opts, limit, marker, sort_by, reverse)
        return self._list(self._url(query=query), self.list_key, limit)

    def get(self, job_binary_id: str) -> JobBinaryInternal:
        """An internal job binary. REST: ``GET /job-binary-internals/<id>``.

        Args:
            job_binary_id: its id.

        Returns:
            The internal job binary, without its bytes.

        Raises:
            NotFound: there is no such internal job binary.
            APIException: what else the server reports.
        """
        return self._get(self._url(job_binary_id), self.response_key)

    def delete(self, job_binary_id: str) -> None:
        """Delete an internal job binary and its bytes. REST: ``DELETE /job-binary-internals/<id>``.

        Args:
            job_binary_id: its id.

        Raises:
            NotFound: there is no such internal job binary.
            InUse: it is protected.
            APIException: what else the server reports.
        """
        self._delete(self._url(job_binary_id))
