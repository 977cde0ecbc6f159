"""Objects over HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from saharaclient.local.neighbours.object_storage import large
from saharaclient.local.neighbours.object_storage.containers import own_container
from saharaclient.local.neighbours.object_storage.target import (
    StorageCall,
    Target,
    changed_meta,
    meta_headers,
    raw_path,
)
from saharaclient.local.store.uploads import Upload
from saharaclient.local.web.calls import backend
from saharaclient.local.web.errors import ApiError
from saharaclient.local.web.files import ContentResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from saharaclient.local.neighbours.object_storage.records import Object


# Headers of an object that are kept as given, besides its metadata.
KEPT_HEADERS = ("content-encoding", "content-disposition", "x-delete-at")


def _own_object(call: StorageCall, target: Target | None = None) -> Object:
    target = target or call.target
    found = call.store.find(target.project_id, target.container, target.name)
    if found is None:
        raise ApiError(404, f"The object '{target.name}' could not be found in '{target.container}'.")
    return found


def _object_headers(found: Object) -> dict[str, str]:
    modified = found.modified_at.replace(tzinfo=UTC)
    kept = {name.title(): found.headers[name] for name in KEPT_HEADERS if name in found.headers}
    return {
        "ETag": found.etag,
        "Last-Modified": format_datetime(modified, usegmt=True),
        "X-Timestamp": f"{modified.timestamp():.5f}",
        **kept,
        **large.headers(found),
        **meta_headers("object", found.headers.get("meta", {})),
    }


def show_object(call: StorageCall) -> Response:
    """GET: an object, or the ranges of it that are asked for."""
    found, request = _own_object(call), call.request
    if _asks(call, "get", found):
        return large.show_manifest(found)
    large.check_current(call, found)
    headers = _object_headers(found)
    tags = {tag.strip(' "') for tag in request.headers.get("if-none-match", "").split(",")}
    if found.etag in tags or "*" in tags:
        return Response(status_code=304, headers=headers)
    wanted = {tag.strip(' "') for tag in request.headers.get("if-match", found.etag).split(",")}
    if found.etag not in wanted and "*" not in wanted:
        raise ApiError(412, "The object's ETag is not the one of If-Match.")
    # This answers ranges, and HEAD without a body.
    return ContentResponse(call.store.file(found), found.content_type, headers)


def _given_headers(request: Request) -> dict[str, Any]:
    kept = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    return {**kept, "meta": changed_meta(request, "object", {})}


def check_upload(call: StorageCall) -> None:
    """Refuses an upload before its content is sent."""
    _given_headers(call.request)
    own_container(call)
    found = call.store.find(call.target.project_id, call.target.container, call.target.name)
    if found is not None and call.request.headers.get("if-none-match") == "*":
        raise ApiError(412, f"The object '{call.target.name}' exists already.")


def store_object(call: StorageCall) -> Response:
    """PUT: stores an object."""
    check_upload(call)  # again: meanwhile it may have come
    request, upload = call.request, call.body
    expected = request.headers.get("etag", upload.md5).strip('"').lower()
    if expected != upload.md5:
        raise ApiError(422, f"The content's MD5 is {upload.md5}, not {expected} as the ETag header says.")
    content_type = request.headers.get("content-type") or "application/octet-stream"
    headers = _given_headers(request)
    made = call.store.keep(own_container(call), call.target.name, upload, content_type[:255], headers)
    return _made(made, made.etag)


def _made(found: Object, etag: str) -> Response:
    headers = {"ETag": etag, "Last-Modified": _object_headers(found)["Last-Modified"]}
    return Response(status_code=201, headers=headers)


def store_manifest(call: StorageCall) -> Response:
    """PUT of a manifest: stores the large object that it names the segments of."""
    check_upload(call)
    given: large.Assembled = call.body
    expected, stored = (
        tag.strip('"').lower() for tag in (call.request.headers.get("etag", given.stored), given.stored)
    )
    if expected != stored:
        raise ApiError(422, f"The ETag of this manifest is {stored}, not {expected} as the ETag header says.")
    content_type = call.request.headers.get("content-type") or "application/octet-stream"
    headers = {**_given_headers(call.request), "large": given.manifest}
    made = call.store.keep(own_container(call), call.target.name, given.upload, content_type[:255], headers)
    made.etag = given.etag
    return _made(made, given.stored)


def update_object(call: StorageCall) -> Response:
    """POST: an object's metadata."""
    found = _own_object(call)
    kept = {"large": found.headers["large"]} if "large" in found.headers else {}
    found.headers = {**_given_headers(call.request), **kept}
    if "content-type" in call.request.headers:
        found.content_type = call.request.headers["content-type"][:255]
    return Response(status_code=202)


def delete_object(call: StorageCall) -> Response:
    """DELETE: an object."""
    found = _own_object(call)
    if _asks(call, "delete", found):
        return large.delete_with_segments(call, found)
    call.store.delete(found)
    return Response(status_code=204)


def _asks(call: StorageCall, what: str, found: Object) -> bool:
    """Whether a request asks for the manifest of a static large object, `get` or `delete`, and not for its content."""
    return call.query.get("multipart-manifest") == what and "static" in found.headers.get("large", {})


class _Copy:
    """What a request to copy an object names. It is a COPY of its path, or a PUT with a header that names the source.

    Raises:
        ApiError: 412 where it does not name two objects.
    """

    def __init__(self, request: Request) -> None:
        account, _, names = raw_path(request).partition(b"/")
        here = names.decode("ascii", "replace")
        if request.method == "COPY":
            self.source, goal = here, request.headers.get("destination", "")
        else:
            self.source, goal = request.headers["x-copy-from"], here
        self.origin, self.goal = (
            Target(request, account + f"/{names.lstrip('/')}".encode()) for names in (self.source, goal)
        )
        if not self.origin.name or not self.goal.name:
            raise ApiError(412, "The header must name a container and an object: <container>/<object>")


@asynccontextmanager
async def copied(request: Request) -> AsyncIterator[tuple[Object, Upload]]:
    """The object that shall be copied, and its content. Others write meanwhile: a large one takes its time."""
    asked = _Copy(request)

    def copy(session: Session) -> tuple[Object, Upload]:
        call = StorageCall(request, session, caller=request.state.identity)
        found = _own_object(call, asked.origin)
        large.check_current(call, found)
        own_container(call, asked.goal)
        return found, Upload.copy_of([call.store.file(found)], call.settings.uploads)

    found, upload = await run_in_threadpool(backend(request).database.read, copy)
    try:
        yield found, upload
    finally:
        upload.path.unlink(missing_ok=True)


def keep_copy(call: StorageCall) -> Response:
    """COPY, or PUT with X-Copy-From: stores the copy."""
    asked, (found, upload) = _Copy(call.request), call.body
    headers = {name: value for name, value in found.headers.items() if name != "large"}  # the copy is whole
    headers["meta"] = changed_meta(call.request, "object", headers.get("meta", {}))
    container = own_container(call, asked.goal)
    made = call.store.keep(container, asked.goal.name, upload, found.content_type, headers)
    return Response(status_code=201, headers={"ETag": made.etag, "X-Copied-From": asked.source.lstrip("/")})
