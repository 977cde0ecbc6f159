"""Objects over HTTP."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from saharaclient.local.neighbours.object_storage.containers import own_container
from saharaclient.local.neighbours.object_storage.target import (
    OFFERS,
    Target,
    changed_meta,
    meta_headers,
    raw_names,
    store_of,
)
from saharaclient.local.store.uploads import Upload
from saharaclient.local.web.calls import Call, backend
from saharaclient.local.web.errors import ApiError
from saharaclient.local.web.files import ContentResponse
from saharaclient.local.web.uploads import receive

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from saharaclient.local.neighbours.object_storage.records import Object


# Headers of an object that are kept as given, besides its metadata.
KEPT_HEADERS = ("content-encoding", "content-disposition", "x-delete-at")


def _own_object(call: Call, target: Target) -> Object:
    found = store_of(call).find(target.project_id, target.container, target.name)
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
        **meta_headers("object", found.headers.get("meta", {})),
    }


def show_object(call: Call, target: Target) -> Response:
    """GET: an object, or the ranges of it that are asked for."""
    found, request = _own_object(call, target), call.request
    headers = _object_headers(found)
    tags = {tag.strip(' "') for tag in request.headers.get("if-none-match", "").split(",")}
    if found.etag in tags or "*" in tags:
        return Response(status_code=304, headers=headers)
    wanted = {tag.strip(' "') for tag in request.headers.get("if-match", found.etag).split(",")}
    if found.etag not in wanted and "*" not in wanted:
        raise ApiError(412, "The object's ETag is not the one of If-Match.")
    # This answers ranges, and HEAD without a body.
    return ContentResponse(store_of(call).file(found), found.content_type, headers)


def _given_headers(request: Request) -> dict[str, Any]:
    kept = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    return {**kept, "meta": changed_meta(request, "object", {})}


async def upload_object(request: Request, target: Target) -> Response:
    """PUT: stores an object."""
    database = backend(request).database

    def check() -> None:
        with database.session(read_only=True) as session:
            call = Call(request, session, caller=request.state.identity)
            own_container(call, target)
            found = store_of(call).find(target.project_id, target.container, target.name)
            if found is not None and request.headers.get("if-none-match") == "*":
                raise ApiError(412, f"The object '{target.name}' exists already.")

    if "x-object-manifest" in request.headers:
        raise ApiError(501, f"The embedded object-store service does not do large objects. It does: {OFFERS}.")
    headers = _given_headers(request)
    await run_in_threadpool(check)
    async with receive(request) as upload:
        expected = request.headers.get("etag", upload.md5).strip('"').lower()
        if expected != upload.md5:
            raise ApiError(422, f"The content's MD5 is {upload.md5}, not {expected} as the ETag header says.")

        def record() -> dict[str, str]:
            with database.session() as session:
                call = Call(request, session, caller=request.state.identity)
                container = own_container(call, target)
                content_type = request.headers.get("content-type") or "application/octet-stream"
                kept = store_of(call).keep(container, target.name, upload, content_type[:255], headers)
                return _object_headers(kept)

        made = await run_in_threadpool(record)
    return Response(status_code=201, headers={name: made[name] for name in ("ETag", "Last-Modified")})


def update_object(call: Call, target: Target) -> Response:
    """POST: an object's metadata."""
    found = _own_object(call, target)
    found.headers = _given_headers(call.request)
    if "content-type" in call.request.headers:
        found.content_type = call.request.headers["content-type"][:255]
    return Response(status_code=202)


def delete_object(call: Call, target: Target) -> Response:
    """DELETE: an object."""
    store_of(call).delete(_own_object(call, target))
    return Response(status_code=204)


def copy_object(request: Request, target: Target) -> Response:
    """Copies an object. Others write meanwhile: a large one takes its time."""
    here = raw_names(request)
    source, destination = (
        (here, request.headers.get("destination", ""))
        if request.method == "COPY"
        else (request.headers["x-copy-from"], here)
    )
    origin, goal = (
        Target(request, f"AUTH_{target.project_id}/{names.lstrip('/')}".encode()) for names in (source, destination)
    )
    if not origin.name or not goal.name:
        raise ApiError(412, "The header must name a container and an object: <container>/<object>")
    database = backend(request).database

    def copy(session: Session) -> tuple[Object, Upload]:
        call = Call(request, session, caller=request.state.identity)
        found = _own_object(call, origin)
        own_container(call, goal)
        return found, Upload.copy_of(store_of(call).file(found), call.settings.uploads)

    found, upload = database.read(copy)
    headers = dict(found.headers)
    try:
        headers["meta"] = changed_meta(request, "object", headers.get("meta", {}))
        with database.session() as session:
            call = Call(request, session, caller=request.state.identity)
            made = store_of(call).keep(own_container(call, goal), goal.name, upload, found.content_type, headers)
    finally:
        upload.path.unlink(missing_ok=True)
    return Response(status_code=201, headers={"ETag": made.etag, "X-Copied-From": source.lstrip("/")})
