"""Many deletions in one request (`?bulk-delete`): rclone takes away the segments of a large object by it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from saharaclient.local.neighbours.object_storage.containers import delete_if_empty
from saharaclient.local.web.bodies import read_body
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from saharaclient.local.neighbours.object_storage.target import StorageCall

MOST = 10_000  # deletions of one request
FACTS = {"bulk_delete": {"max_deletes_per_request": MOST, "max_failed_deletes": MOST}}


@asynccontextmanager
async def names(request: Request) -> AsyncIterator[list[str]]:
    """The body: a path in each line, quoted as in a URL."""
    text = (await read_body(request)).decode(errors="replace")
    paths = [unquote(line.strip(), errors="replace").lstrip("/") for line in text.splitlines() if line.strip()]
    if len(paths) > MOST:
        raise ApiError(413, f"A request deletes at most {MOST} objects and containers.")
    yield paths


def delete_many(call: StorageCall) -> dict[str, Any]:
    """POST or DELETE of an account: deletes objects and empty containers, and tells which it could not."""
    deleted, missing, errors = 0, 0, []
    for path in call.body:
        container, _, name = path.partition("/")
        if "\0" in path:
            errors.append([quote(path), "412 Precondition Failed"])
        elif name and (found := call.store.find(call.target.project_id, container, name)):
            call.store.delete(found)
            deleted += 1
        elif not name and (record := call.store.container(call.target.project_id, container)):
            try:
                delete_if_empty(call, record)
                deleted += 1
            except ApiError:
                errors.append([quote(path), "409 Conflict"])
        else:
            missing += 1
        call.session.flush()
    status = "400 Bad Request" if errors else "200 OK"
    counts = {"Number Deleted": deleted, "Number Not Found": missing}
    return {**counts, "Errors": errors, "Response Status": status, "Response Body": ""}
