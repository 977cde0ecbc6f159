"""Request bodies that go straight to disk: received in pieces, limited, hashed, and gone again unless they are kept."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from saharaclient.local.web import ApiError, too_large

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import BinaryIO

    from starlette.requests import Request

PIECE = 1024 * 1024  # bytes gathered before the disk is bothered


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
    def of_file(cls, path: Path) -> Upload:
        """Takes a file that is there as an upload."""
        upload = cls(path)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                upload.size += len(piece)
                upload._digest.update(piece)
        return upload

    @classmethod
    def copy_of(cls, path: Path, folder: Path) -> Upload:
        """Takes a copy of a file, in a folder, as an upload."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = folder / uuid.uuid4().hex
        try:
            return cls.of_file(shutil.copyfile(path, copy))
        except BaseException:
            copy.unlink(missing_ok=True)
            raise

    @property
    def md5(self) -> str:
        """MD5 of the content, in hexadecimal digits: what Swift and Glance call ETag and checksum."""
        return self._digest.hexdigest()

    def add(self, file: BinaryIO, piece: bytes) -> None:
        """Appends a piece."""
        file.write(piece)
        self._digest.update(piece)

    def move_to(self, target: Path) -> None:
        """Keeps the content as a file."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)


@asynccontextmanager
async def receive(request: Request) -> AsyncIterator[Upload]:
    """Receives a request's body into a file, which is removed after the block unless it was moved.

    Raises:
        ApiError: 413 if the body is larger than the settings allow, 400 if it is not as long as announced.
        ClientDisconnect: if the client goes away.
    """
    settings = request.app.state.service.settings
    limit = settings.max_upload_bytes
    announced = request.headers.get("content-length")
    if announced is not None and (not announced.isdecimal() or int(announced) > limit):
        raise too_large(limit) if announced.isdecimal() else ApiError(400, f"Content-Length is no number: {announced}")
    settings.uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    upload = Upload(settings.uploads / uuid.uuid4().hex)
    try:
        with upload.path.open("xb") as file:
            gathered = bytearray()
            async for chunk in request.stream():
                upload.size += len(chunk)
                if upload.size > limit:
                    raise too_large(limit)
                gathered += chunk
                if len(gathered) >= PIECE or not chunk:  # the stream ends with an empty chunk
                    await run_in_threadpool(upload.add, file, bytes(gathered))
                    gathered.clear()
        yield upload
    finally:
        upload.path.unlink(missing_ok=True)
