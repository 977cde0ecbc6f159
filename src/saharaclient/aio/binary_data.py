"""The bytes behind job binaries and internal job binaries, which are fetched alike."""
# Made by tools/make_aio.py from src/saharaclient/api/binary_data.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import binary_data as sync

if TYPE_CHECKING:
    from saharaclient._core import files


class BinaryData(pageable.PageableManager[base.R]):
    """A manager of resources whose bytes the server gives out."""

    _sync: sync.BinaryData[base.R]

    async def get_file(self, job_binary_id: str) -> bytes:
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
        return await self._driver.call(self._sync.get_file, job_binary_id)

    async def download(
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
        return await self._driver.transfer(
            self._sync.download, job_binary_id, file, overwrite=overwrite, on_progress=on_progress
        )
