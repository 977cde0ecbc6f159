"""Storing an internal binary: streamed to disk with bounded memory, then recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from saharaclient.local.sahara.api import checks
from saharaclient.local.sahara.api.context import SaharaCall
from saharaclient.local.sahara.api.validation import PATTERNS
from saharaclient.local.sahara.api.versions import V1
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.records.jobs import JobBinaryInternal
from saharaclient.local.store.contents import remove_after_rollback
from saharaclient.local.web.calls import backend
from saharaclient.local.web.errors import ApiError, unauthorized
from saharaclient.local.web.uploads import receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from saharaclient.local.store.uploads import Upload


async def store_internal(request: Request) -> Response:
    """PUT: stores a binary under the name in the path."""
    if request.state.identity is None:
        raise unauthorized(request)
    name = request.path_params["name"]
    if re.fullmatch(PATTERNS["valid_name"], name) is None or len(name) > 80:
        raise SaharaError("BAD_JOB_BINARY", f"{name} is not a valid name")
    largest: int = backend(request).settings.max_binary_bytes
    message = f"Size of internal binary is greater than the maximum ({largest // 1024}KB)"
    async with receive(request, largest, ApiError(400, message, kind="DATA_TOO_BIG")) as upload:
        if upload.size == 0:
            raise SaharaError("BAD_JOB_BINARY", "Job binary internal data must be a string of length greater than zero")
        shown = await run_in_threadpool(_record, request, name, upload)
    return JSONResponse({"job_binary_internal": shown}, 202)


def _record(request: Request, name: str, upload: Upload) -> dict[str, Any]:
    with backend(request).database.session() as session:
        call = SaharaCall(request, session, None, request.state.identity, V1)
        checks.unique_name(call, JobBinaryInternal, name, "Job binary internal")
        record = JobBinaryInternal(project_id=call.project_id, name=name, datasize=upload.size)
        session.add(record)
        session.flush()
        path = call.sahara.storage.binaries / record.id
        remove_after_rollback(session, path)
        upload.move_to(path)
        return V1.show(record)
