"""Request bodies that go straight to disk: received in pieces, limited, hashed, and gone again unless they are kept."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from saharaclient.local.settings import MIB
from saharaclient.local.store.files import open_new, open_plain
from saharaclient.local.web.calls import ApiError, too_large

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import BinaryIO

    from starlette.requests import Request

PIECE = MIB  # bytes gathered before the disk is bothered
RESERVE = 8 * MIB  # of the disk, which contents do not take


class Upload:
    """A body on disk.

    Args:
        path: Where it is until it is kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._digest = hashlib.md5(usedforsecurity=False)

    @classmethod
    def copy_of(cls, path: Path, folder: Path) -> Upload:
        """Takes a copy of a file, in a folder, as an upload."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upload = cls(folder / uuid.uuid4().hex)
        try:
            with open_plain(path) as source, open_new(upload.path) as file:
                while piece := source.read(PIECE):
                    upload.add(file, piece)
        except BaseException:
            upload.path.unlink(missing_ok=True)
            raise
        return upload

    @property
    def md5(self) -> str:
        """MD5 of the content, in hexadecimal digits: what Swift and Glance call ETag and checksum."""
        return self._digest.hexdigest()

    def add(self, file: BinaryIO, piece: bytes) -> None:
        """Appends a piece.

        Raises:
            OSError: if the disk is full, but for what the records need: so that something can still be deleted.
        """
        if shutil.disk_usage(self.path.parent).free < len(piece) + RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        file.write(piece)
        self.size += len(piece)
        self._digest.update(piece)

    def move_to(self, target: Path) -> None:
        """Keeps the content as a file."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.replace(target)


@asynccontextmanager
async def receive(request: Request, limit: int | None = None, refusal: ApiError | None = None) -> AsyncIterator[Upload]:
    """Receives a request's body into a file, which is removed after the block unless it was moved.

    Args:
        request: The request.
        limit: The largest body in bytes; that of the settings unless given.
        refusal: What is raised for a larger one.

    Raises:
        ApiError: 413 if the body is larger than the settings allow, 400 if it is not as long as announced.
        ClientDisconnect: if the client goes away.
    """
    settings = request.app.state.service.settings
    limit = limit or settings.max_upload_bytes
    refusal = refusal or too_large(limit)
    announced = request.headers.get("content-length")
    if announced is not None and (not announced.isdecimal() or int(announced) > limit):
        raise refusal if announced.isdecimal() else ApiError(400, f"Content-Length is no number: {announced}")
    settings.uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    upload = Upload(settings.uploads / uuid.uuid4().hex)
    try:
        await _write(request, upload, limit, refusal)
        yield upload
    finally:
        upload.path.unlink(missing_ok=True)


async def _write(request: Request, upload: Upload, limit: int, refusal: ApiError) -> None:
    size, gathered, failure = 0, bytearray(), None
    with open_new(upload.path) as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise refusal
            if failure is not None:
                continue  # a client that still sends would not hear the answer
            gathered += chunk
            if len(gathered) >= PIECE or not chunk:  # the stream ends with an empty chunk
                try:
                    await run_in_threadpool(upload.add, file, bytes(gathered))
                except OSError as error:
                    failure = error
                gathered.clear()
    if failure is not None:
        raise failure
