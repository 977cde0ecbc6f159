"""The bytes behind job binaries and internal job binaries, which are fetched alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core import errors
from saharaclient.api import base, pageable

if TYPE_CHECKING:
    import requests

    from saharaclient._core import files


class BinaryData(pageable.PageableManager[base.R]):
    """A manager of resources whose bytes the server gives out."""

    def get_file(self, job_binary_id: str) -> bytes:
        """The bytes of a job binary, whole.

        REST: ``GET /job-binaries/<id>/data``, ``GET /job-binary-internals/<id>/data``.

        Args:
            job_binary_id: its id.

        Returns:
            The bytes.

        Raises:
            NotFound: there is no such job binary.
            MalformedResponse: it is too large to hold in memory, or some proxy's HTML page came.
            APIException: what else the server reports.
        """
        return self._fetch(job_binary_id).content

    def download(
        self,
        job_binary_id: str,
        file: files.PathOrFile,
        on_progress: files.ProgressCallback | None = None,
        *,
        overwrite: bool = False,
    ) -> int:
        """Write the bytes of a job binary to a file, in constant memory.

        A path gets all of it or nothing: a temporary file beside it takes its name when complete.
        REST: ``GET /job-binaries/<id>/data``, ``GET /job-binary-internals/<id>/data``.

        Args:
            job_binary_id: its id.
            file: a path, or a binary file object to write to.
            on_progress: called with the bytes written so far and the bytes in all (None if not known).
            overwrite: whether a file at the path may be replaced; it keeps its mode, a link stays and is followed, and
                a pipe or a device is written to.

        Returns:
            How many bytes were written.

        Raises:
            FileExistsError: there is a file at the path, and `overwrite` is not set.
            NotFound: there is no such job binary.
            MalformedResponse: some proxy's HTML page came in place of the bytes.
            keystoneauth1.exceptions.ConnectFailure: the connection broke on the way.
            APIException: what else the server reports.
        """
        from saharaclient._core import files

        if not overwrite:
            files.refuse_existing(file)
        response = self._fetch(job_binary_id, stream=True)
        return files.save(response, file, overwrite=overwrite, on_progress=on_progress)

    def _fetch(self, job_binary_id: str, **options: Any) -> requests.Response:
        """The reply with the bytes; a page that some proxy put in its place is none."""
        response = self._send("GET", self._url(job_binary_id, "data"), **options)
        # A Sahara may call its bytes HTML too, but always gives the request an id.
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page and "x-openstack-request-id" not in response.headers:
            response.close()
            raise errors.locate(
                base.MalformedResponse(error_message="A proxy's HTML page came in place of the job binary's bytes"),
                response,
            )
        return response
