"""Storing an internal binary: streamed to disk with bounded memory, then recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from saharaclient.local.api import checks
from saharaclient.local.api.context import SaharaCall
from saharaclient.local.api.data import internal_file
from saharaclient.local.api.errors import SaharaError
from saharaclient.local.api.validation import PATTERNS
from saharaclient.local.api.versions import V1
from saharaclient.local.contents import open_new
from saharaclient.local.store.job_tables import JobBinaryInternal
from saharaclient.local.store.tables import new_id
from saharaclient.local.uploads import discard
from saharaclient.local.web import unauthorized

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request


async def store_internal(request: Request) -> Response:
    """PUT: stores a binary under the name in the path."""
    if request.state.identity is None:
        raise unauthorized(request)
    name = request.path_params["name"]
    if re.fullmatch(PATTERNS["valid_name"], name) is None or len(name) > 80:
        raise SaharaError("BAD_JOB_BINARY", f"{name} is not a valid name")
    id_ = new_id()
    path = internal_file(request.app.state.service.settings.state, id_)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        size = await _receive(request, path)
        shown = await run_in_threadpool(_record, request, id_, name, size)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return JSONResponse({"job_binary_internal": shown}, 202)


async def _receive(request: Request, path: Path) -> int:
    largest: int = request.app.state.service.settings.max_binary_bytes
    size = 0
    try:
        with open_new(path) as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > largest:
                    message = f"Size of internal binary is greater than the maximum ({largest // 1024}KB)"
                    raise SaharaError("DATA_TOO_BIG", message)
                file.write(chunk)
    except OSError:
        await discard(request)
        raise
    if size == 0:
        raise SaharaError("BAD_JOB_BINARY", "Job binary internal data must be a string of length greater than zero")
    return size


def _record(request: Request, id_: str, name: str, size: int) -> dict[str, Any]:
    with request.app.state.service.database.session() as session:
        call = SaharaCall(request, session, None, request.state.identity, V1)
        checks.unique_name(call, JobBinaryInternal, name, "Job binary internal")
        record = JobBinaryInternal(id=id_, project_id=call.project_id, name=name, datasize=size)
        session.add(record)
        session.flush()
        return V1.show(record)
