"""Storing an internal binary: streamed to disk with bounded memory, then recorded."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from saharaclient.local.sahara.api import checks
from saharaclient.local.sahara.api.context import SaharaCall
from saharaclient.local.sahara.api.validation import PATTERNS
from saharaclient.local.sahara.api.versions import V1
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.records.jobs import JobBinaryInternal
from saharaclient.local.store.contents import remove_after_rollback
from saharaclient.local.web.calls import backend
from saharaclient.local.web.endpoints import endpoint
from saharaclient.local.web.errors import ApiError
from saharaclient.local.web.uploads import receive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from saharaclient.local.store.uploads import Upload


@asynccontextmanager
async def _content(request: Request) -> AsyncIterator[Upload]:
    name = request.path_params["name"]
    if re.fullmatch(PATTERNS["valid_name"], name) is None or len(name) > 80:
        raise SaharaError("BAD_JOB_BINARY", f"{name} is not a valid name")
    largest = backend(request).settings.max_binary_bytes
    message = f"Size of internal binary is greater than the maximum ({largest // 1024}KB)"
    async with receive(request, largest, ApiError(400, message, kind="DATA_TOO_BIG")) as upload:
        if upload.size == 0:
            raise SaharaError("BAD_JOB_BINARY", "Job binary internal data must be a string of length greater than zero")
        yield upload


def _store(call: SaharaCall) -> tuple[int, dict[str, Any]]:
    """PUT: stores a binary under the name in the path."""
    name, upload = call.path["name"], call.body
    checks.unique_name(call, JobBinaryInternal, name, "Job binary internal")
    record = JobBinaryInternal(project_id=call.project_id, name=name, datasize=upload.size)
    call.session.add(record)
    call.session.flush()
    path = call.sahara.storage.binaries / record.id
    remove_after_rollback(call.session, path)
    upload.move_to(path)
    return 202, {"job_binary_internal": V1.show(record)}


store_internal = endpoint(_store, body=_content, call=partial(SaharaCall, version=V1))
