"""The output of job runs, piece by piece: a route that the real Sahara lacks. Runs themselves are `jobs`'."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from starlette.responses import Response

from saharaclient.local.sahara.errors import SaharaError, invalid_data, not_found
from saharaclient.local.sahara.records.jobs import JobExecution
from saharaclient.local.store.files import open_plain

if TYPE_CHECKING:
    from saharaclient.local.sahara.api.context import SaharaCall

STREAMS = ("stdout", "stderr")
LONGEST = 1024 * 1024  # bytes of a piece


def read(call: SaharaCall) -> Response:
    """GET …/logs/stdout or stderr: what a run has printed, from a byte on; says how much there is, and if that is all.

    `X-Log-Size` has the bytes there are now, `X-Log-Complete` is true once the run has ended.
    """
    run = call.get(JobExecution)
    stream = call.path["stream"]
    if stream not in STREAMS:
        raise not_found(stream=stream)
    asked = call.query.get("offset", "0")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise invalid_data(f"The offset is a number of bytes, not '{asked}'")
    ended = run.end_time is not None  # known before the file is read: nothing is written after it
    folder = call.settings.jobs / run.id
    content, size = b"", 0
    try:
        with open_plain(folder / stream) as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(int(asked))
            content = file.read(min(LONGEST, max(size - int(asked), 0)))
    except FileNotFoundError:
        if ended and not folder.exists() and run.start_time is not None and run.info.get("spark-path"):
            raise SaharaError("NOT_FOUND", f"The output of job {run.id} is kept no longer", 404) from None
    headers = {"X-Log-Size": str(size), "X-Log-Complete": str(ended).lower()}
    return Response(content, media_type="application/octet-stream", headers=headers)
