"""The bytes behind job binaries and internal job binaries, which are fetched alike."""

from __future__ import annotations

from saharaclient._core import files
from saharaclient.api import base


class BinaryData(base.PageableManager[base.R]):
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
            APIException: what else the server reports.
        """
        return self._send("GET", self._url(job_binary_id, "data")).content

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
            overwrite: whether a file at the path may be replaced.

        Returns:
            How many bytes were written.

        Raises:
            FileExistsError: there is a file at the path, and `overwrite` is not set.
            NotFound: there is no such job binary.
            keystoneauth1.exceptions.ConnectFailure: the connection broke on the way.
            APIException: what else the server reports.
        """
        if not overwrite:
            files.refuse_existing(file)
        response = self._send("GET", self._url(job_binary_id, "data"), stream=True)
        return files.save(response, file, overwrite=overwrite, on_progress=on_progress)
