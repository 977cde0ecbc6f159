"""Large objects: stored in segments, and put together by a manifest, which names them or what their names begin with.

They are put together once, when the manifest is stored, into a content like any other, which jobs and copies can use.
Called by `swift upload --segment-size` (either kind), rclone (dynamic ones) and openstacksdk (static ones).
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from saharaclient.local.neighbours.object_storage.target import StorageCall
from saharaclient.local.store.uploads import Upload
from saharaclient.local.web.bodies import read_body, read_json
from saharaclient.local.web.calls import backend
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from saharaclient.local.neighbours.object_storage.records import Object

MOST_SEGMENTS = 1000  # of a static large object
MOST_DYNAMIC = 10_000
# What `/info` says of them.
FACTS = {
    "slo": {"max_manifest_segments": MOST_SEGMENTS, "min_segment_size": 1, "max_manifest_size": 8 * 1024 * 1024},
    "dlo": {"max_segments": MOST_DYNAMIC},
}


@dataclass(frozen=True)
class Assembled:
    """A large object that is not stored yet.

    Args:
        upload: Its content.
        etag: The MD5 of its segments' ones, in their order.
        stored: The ETag of the reply: that of a static one, but for a dynamic one the MD5 of what was sent, with which
            rclone compares it.
        manifest: What its record keeps: `static` with its segments, or `dynamic` with what their names begin with and
            the `files` that they were.
    """

    upload: Upload
    etag: str
    stored: str
    manifest: dict[str, Any]


def is_manifest(request: Request) -> bool:
    """Whether a PUT of an object stores a manifest."""
    return request.query_params.get("multipart-manifest") == "put" or "x-object-manifest" in request.headers


def headers(found: Object) -> dict[str, str]:
    """What an object's replies have besides, where it is a large one."""
    large = found.headers.get("large")
    if not large:
        return {}
    shown = {"ETag": f'"{found.etag}"'}
    return shown | ({"X-Static-Large-Object": "True"} if "static" in large else {"X-Object-Manifest": large["dynamic"]})


def check_current(call: StorageCall, found: Object) -> None:
    """Refuses a dynamic large object that was put together of other segments than there are now.

    Raises:
        ApiError: 409, with what to do.
    """
    large = found.headers.get("large", {})
    if "dynamic" in large and [one.file for one in _under(call, large["dynamic"])] != large["files"]:
        raise ApiError(
            409, f"The segments of '{found.name}' have changed since its manifest was stored: store the manifest again."
        )


def show_manifest(found: Object) -> Response:
    """GET with `multipart-manifest=get`: the segments of a static large object."""
    return JSONResponse(found.headers["large"]["static"], headers={"X-Static-Large-Object": "True"})


def delete_with_segments(call: StorageCall, found: Object) -> Response:
    """DELETE with `multipart-manifest=delete`: a static large object and its segments."""
    segments = [_find(call, segment["name"]) for segment in found.headers["large"]["static"]]
    there = {one.id: one for one in [*segments, found] if one is not None}
    for one in there.values():
        call.store.delete(one)
    missing = segments.count(None)
    told = {"Response Status": "200 OK", "Response Body": "", "Number Deleted": len(there), "Number Not Found": missing}
    return JSONResponse({**told, "Errors": []})


@asynccontextmanager
async def assembled(request: Request) -> AsyncIterator[Assembled]:
    """The body of a request that stores a manifest. Others write meanwhile: much content takes its time."""
    static = request.query_params.get("multipart-manifest") == "put"
    body = await read_json(request) if static else await read_body(request)

    def put_together(session: Session) -> Assembled:
        call = StorageCall(request, session, caller=request.state.identity)
        prefix = request.headers.get("x-object-manifest", "")
        segments = _named(call, body) if static else _under(call, prefix)
        if not segments:
            raise ApiError(409, f"There is no segment '{prefix}…': store the segments first, and then their manifest.")
        _check_size(call, segments)
        etag = hashlib.md5("".join(one.etag for one in segments).encode(), usedforsecurity=False).hexdigest()
        manifest: dict[str, Any] = {"dynamic": prefix, "files": [one.file for one in segments]}
        if static:
            manifest = {"static": [_describe(told["path"], one) for told, one in zip(body, segments, strict=True)]}
        stored = f'"{etag}"' if static else hashlib.md5(body, usedforsecurity=False).hexdigest()
        files = [call.store.file(one) for one in segments]
        return Assembled(Upload.copy_of(files, call.settings.uploads), etag, stored, manifest)

    made = await run_in_threadpool(backend(request).database.read, put_together)
    try:
        yield made
    finally:
        made.upload.path.unlink(missing_ok=True)


def _check_size(call: StorageCall, segments: Sequence[Object]) -> None:
    total, most = sum(one.size for one in segments), call.settings.max_upload_bytes
    if total > most:
        raise ApiError(413, f"The object has {total} bytes, and the largest that this service keeps has {most}.")


def _describe(path: str, one: Object) -> dict[str, Any]:
    return {
        "name": path,
        "bytes": one.size,
        "hash": one.etag,
        "content_type": one.content_type,
        "last_modified": one.modified_at.isoformat(timespec="microseconds"),
    }


def _find(call: StorageCall, path: str) -> Object | None:
    container, _, name = path.lstrip("/").partition("/")
    return call.store.find(call.target.project_id, container, name)


def _under(call: StorageCall, prefix: str) -> list[Object]:
    """The segments of a dynamic large object, by its header `X-Object-Manifest`."""
    container, _, start = unquote(prefix).lstrip("/").partition("/")
    if not container or not start:
        raise ApiError(400, "X-Object-Manifest must be in the format <container>/<prefix>.")
    found = call.store.find_beginning(call.target.project_id, container, start)
    # the manifest itself may stand under its own prefix
    return [one for one in found if (container, one.name) != (call.target.container, call.target.name)][:MOST_DYNAMIC]


def _named(call: StorageCall, body: Any) -> list[Object]:
    """The segments that a static manifest names. Raises 400 with each that is not as it says."""
    if not isinstance(body, list) or not 0 < len(body) <= MOST_SEGMENTS:
        raise ApiError(400, f"A manifest must be a JSON list of 1 to {MOST_SEGMENTS} segments.")
    found, errors = [], []
    for segment in body:
        if not isinstance(segment, dict) or not isinstance(segment.get("path"), str):
            raise ApiError(400, "Each segment must be a JSON object with a 'path': /<container>/<object>.")
        if segment.keys() - {"path", "etag", "size_bytes"}:
            more = ", ".join(sorted(segment.keys() - {"path", "etag", "size_bytes"}))
            raise ApiError(400, f"A segment has 'path', 'etag' and 'size_bytes' in this service, and not {more}.")
        one = _find(call, segment["path"])
        if one is None:
            errors.append(f"{segment['path']}, 404 Not Found")
        elif segment.get("etag") not in (None, one.etag):
            errors.append(f"{segment['path']}, Etag Mismatch")
        elif segment.get("size_bytes") not in (None, one.size):
            errors.append(f"{segment['path']}, Size Mismatch")
        else:
            found.append(one)
    if errors:
        raise ApiError(400, "Errors:\n" + "\n".join(errors))
    return found
