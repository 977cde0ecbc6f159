"""Bodies that go straight to disk: received in pieces, within a limit."""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from saharaclient.local.store.files import open_new
from saharaclient.local.store.uploads import PIECE, Upload
from saharaclient.local.web.errors import ApiError, too_large

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


def is_small(request: Request) -> bool:
    """Whether a request announces a body that is received at once."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) <= SMALL


SMALL = 64 * 1024  # bytes that are written sooner than a thread is asked to


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
                    if len(gathered) <= SMALL:
                        upload.add(file, bytes(gathered))
                    else:
                        await run_in_threadpool(upload.add, file, bytes(gathered))
                except OSError as error:
                    failure = error
                gathered.clear()
    if failure is not None:
        raise failure
