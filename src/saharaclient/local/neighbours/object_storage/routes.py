"""Object storage over HTTP, as much of Swift v1 as its clients use to store, read, list and delete.

Listings are in `listing.py`, what is kept in `records.py`.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saharaclient.local.neighbours.object_storage.listing import listing
from saharaclient.local.neighbours.object_storage.records import (
    MAX_CONTAINER_NAME,
    MAX_OBJECT_NAME,
    Account,
    Container,
    Object,
    ObjectStore,
)
from saharaclient.local.store.contents import ContentResponse
from saharaclient.local.store.uploads import Upload, receive
from saharaclient.local.web.calls import ApiError, Call, Part, backend, caller_of, keystone_error_body

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from starlette.requests import Request


MAX_META = 90  # items
LISTING_LIMIT = 10_000
# Headers of an object that are kept as given, besides its metadata.
KEPT_HEADERS = ("content-encoding", "content-disposition", "x-delete-at")
OFFERS = "accounts, containers and objects (no large objects, versions, temporary URLs or access lists)"


# ---- one address for everything: names can hold slashes, and only the raw path tells %2F from a bad name ----


class Target:
    """What a request is about: an account, a container or an object, by the raw path.

    Raises:
        ApiError: 412 for a name that is no UTF-8 or too long, 403 for another project's account.
    """

    def __init__(self, request: Request, raw: bytes) -> None:
        try:
            names = unquote_to_bytes(raw).decode().split("/", 2)
        except UnicodeDecodeError:
            raise ApiError(412, "Invalid UTF8 or contains NULL") from None
        if any("\0" in name for name in names):  # in a header: the Gateway knows URLs alone
            raise ApiError(412, "Invalid UTF8 or contains NULL")
        account, self.container, self.name = names + [""] * (3 - len(names))
        if len(self.container.encode()) > MAX_CONTAINER_NAME:
            raise ApiError(
                400, f"Container name length of {len(self.container.encode())} longer than {MAX_CONTAINER_NAME}"
            )
        if len(self.name.encode()) > MAX_OBJECT_NAME:
            raise ApiError(400, f"Object name length of {len(self.name.encode())} longer than {MAX_OBJECT_NAME}")
        self.project_id = account.removeprefix("AUTH_")
        caller = caller_of(request)
        if caller.project_id != self.project_id:
            raise ApiError(403, "Access was denied to this resource: the account belongs to another project.")

    @property
    def kind(self) -> str:
        """`account`, `container` or `object`."""
        return "object" if self.name else "container" if self.container else "account"


async def _serve(request: Request) -> Response:
    prefix = f"{part.prefix}/v1/".encode()
    raw: bytes = request.scope["raw_path"].partition(b"?")[0]
    target = Target(request, raw.removeprefix(prefix))
    method = "GET" if request.method == "HEAD" else request.method
    unsupported = {"multipart-manifest", "temp_url_sig", "bulk-delete", "extract-archive", "versions"} & set(
        request.query_params
    )
    if unsupported and request.query_params.get("multipart-manifest") not in ("get", "delete"):
        raise ApiError(501, f"The embedded object-store service does not do '{unsupported.pop()}'. It does: {OFFERS}.")
    if target.kind == "object" and (method == "COPY" or (method == "PUT" and "x-copy-from" in request.headers)):
        return await run_in_threadpool(_copy, request, target)
    if target.kind == "object" and method == "PUT":
        return await _upload(request, target)
    handler = HANDLERS.get((target.kind, method))
    if handler is None:
        raise ApiError(
            501,
            f"The embedded object-store service does not do '{request.method}' of an {target.kind}. It does: {OFFERS}.",
        )

    def answer() -> Response:
        database = backend(request).database

        def run(session: Session) -> Response:
            return handler(Call(request, session, caller=request.state.identity), target)

        if method == "GET":
            return database.read(run)
        with database.session() as session:
            return run(session)

    return await run_in_threadpool(answer)


# ---- metadata ----


def _changed_meta(request: Request, kind: str, have: dict[str, Any]) -> dict[str, Any]:
    """Metadata after the `X-<kind>-Meta-*` headers of a request; an empty value removes an item."""
    prefix, meta = f"x-{kind}-meta-", dict(have)
    for name, value in request.headers.items():
        if name.startswith(f"x-remove-{kind}-meta-"):
            meta.pop(name.removeprefix(f"x-remove-{kind}-meta-"), None)
        elif name.startswith(prefix):
            meta[name.removeprefix(prefix)] = value
    meta = {name: value for name, value in meta.items() if value}
    if len(meta) > MAX_META or any(len(name) > 128 or len(value) > 256 for name, value in meta.items()):
        raise ApiError(400, f"Too much metadata: at most {MAX_META} items, names of 128 and values of 256 characters.")
    return meta


def _meta_headers(kind: str, meta: dict[str, Any]) -> dict[str, str]:
    return {f"X-{kind.title()}-Meta-{name.title()}": value for name, value in meta.items()}


# ---- accounts ----


def _show_account(call: Call, target: Target) -> Response:
    sums = select(func.count(Object.id), func.coalesce(func.sum(Object.size), 0)).join(Container)
    count, size = call.session.execute(sums.where(Container.project_id == target.project_id)).one()
    totals = (
        select(Container, func.count(Object.id), func.coalesce(func.sum(Object.size), 0))
        .outerjoin(Object)
        .where(Container.project_id == target.project_id)
        .group_by(Container.id)
    )
    rows = call.session.execute(totals).all()
    account = call.session.get(Account, target.project_id)
    headers = {
        "X-Account-Container-Count": str(len(rows)),
        "X-Account-Object-Count": str(count),
        "X-Account-Bytes-Used": str(size),
        "X-Timestamp": "0000000000.00000",
        **_meta_headers("account", account.meta if account else {}),
    }
    items = [
        {"name": c.name, "count": n, "bytes": int(b), "last_modified": c.created_at.isoformat(timespec="microseconds")}
        for c, n, b in rows
    ]
    return listing(call, items, headers, LISTING_LIMIT)


def _update_account(call: Call, target: Target) -> Response:
    account = call.session.get(Account, target.project_id) or Account(project_id=target.project_id, meta={})
    account.meta = _changed_meta(call.request, "account", account.meta)
    call.session.add(account)
    return Response(status_code=204)


# ---- containers ----


def _store(call: Call) -> ObjectStore:
    return ObjectStore(call.session, call.settings.objects)


def _own_container(call: Call, target: Target) -> Container:
    container = _store(call).container(target.project_id, target.container)
    if container is None:
        raise ApiError(404, f"The container '{target.container}' could not be found.")
    return container


def _show_container(call: Call, target: Target) -> Response:
    container = _own_container(call, target)
    totals = select(func.count(Object.id), func.coalesce(func.sum(Object.size), 0))
    count, size = call.session.execute(totals.where(Object.container_id == container.id)).one()
    headers = {
        "X-Container-Object-Count": str(count),
        "X-Container-Bytes-Used": str(size),
        "X-Timestamp": f"{container.created_at.replace(tzinfo=UTC).timestamp():.5f}",
        "X-Storage-Policy": "default",
        **_meta_headers("container", container.meta),
    }
    if call.request.method == "HEAD":
        return Response(status_code=204, headers=headers)
    query = select(Object).filter_by(container_id=container.id)
    prefix = call.query.get("prefix")
    if prefix:
        query = query.where(Object.name.startswith(prefix, autoescape=True))
    items = [
        {
            "name": found.name,
            "hash": found.etag,
            "bytes": found.size,
            "content_type": found.content_type,
            "last_modified": found.modified_at.isoformat(timespec="microseconds"),
        }
        for found in call.session.scalars(query)
    ]
    return listing(call, items, headers, LISTING_LIMIT)


def _put_container(call: Call, target: Target) -> Response:
    container = _store(call).container(target.project_id, target.container)
    made = container is None
    if container is None:
        container = Container(project_id=target.project_id, name=target.container, meta={})
        call.session.add(container)
    container.meta = _changed_meta(call.request, "container", container.meta)
    return Response(status_code=201 if made else 202)


def _update_container(call: Call, target: Target) -> Response:
    container = _own_container(call, target)
    container.meta = _changed_meta(call.request, "container", container.meta)
    return Response(status_code=204)


def _delete_container(call: Call, target: Target) -> Response:
    container = _own_container(call, target)
    if call.session.scalars(select(Object.id).filter_by(container_id=container.id).limit(1)).first():
        raise ApiError(409, f"The container '{container.name}' is not empty: delete its objects first.")
    call.session.delete(container)
    return Response(status_code=204)


# ---- objects ----


def _own_object(call: Call, target: Target) -> Object:
    found = _store(call).find(target.project_id, target.container, target.name)
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
        **_meta_headers("object", found.headers.get("meta", {})),
    }


def _show_object(call: Call, target: Target) -> Response:
    found, request = _own_object(call, target), call.request
    headers = _object_headers(found)
    tags = {tag.strip(' "') for tag in request.headers.get("if-none-match", "").split(",")}
    if found.etag in tags or "*" in tags:
        return Response(status_code=304, headers=headers)
    wanted = {tag.strip(' "') for tag in request.headers.get("if-match", found.etag).split(",")}
    if found.etag not in wanted and "*" not in wanted:
        raise ApiError(412, "The object's ETag is not the one of If-Match.")
    # This answers ranges, and HEAD without a body.
    return ContentResponse(_store(call).file(found), found.content_type, headers)


def _given_headers(request: Request) -> dict[str, Any]:
    kept = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    return {**kept, "meta": _changed_meta(request, "object", {})}


async def _upload(request: Request, target: Target) -> Response:
    database = backend(request).database

    def check() -> None:
        with database.session(read_only=True) as session:
            call = Call(request, session, caller=request.state.identity)
            _own_container(call, target)
            found = _store(call).find(target.project_id, target.container, target.name)
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
                container = _own_container(call, target)
                content_type = request.headers.get("content-type") or "application/octet-stream"
                kept = _store(call).keep(container, target.name, upload, content_type[:255], headers)
                return _object_headers(kept)

        made = await run_in_threadpool(record)
    return Response(status_code=201, headers={name: made[name] for name in ("ETag", "Last-Modified")})


def _update_object(call: Call, target: Target) -> Response:
    found = _own_object(call, target)
    found.headers = _given_headers(call.request)
    if "content-type" in call.request.headers:
        found.content_type = call.request.headers["content-type"][:255]
    return Response(status_code=202)


def _delete_object(call: Call, target: Target) -> Response:
    _store(call).delete(_own_object(call, target))
    return Response(status_code=204)


def _copy(request: Request, target: Target) -> Response:
    """Copies an object. Others write meanwhile: a large one takes its time."""
    here = _raw_names(request)
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
        _own_container(call, goal)
        return found, Upload.copy_of(_store(call).file(found), call.settings.uploads)

    found, upload = database.read(copy)
    headers = dict(found.headers)
    try:
        headers["meta"] = _changed_meta(request, "object", headers.get("meta", {}))
        with database.session() as session:
            call = Call(request, session, caller=request.state.identity)
            made = _store(call).keep(_own_container(call, goal), goal.name, upload, found.content_type, headers)
    finally:
        upload.path.unlink(missing_ok=True)
    return Response(status_code=201, headers={"ETag": made.etag, "X-Copied-From": source.lstrip("/")})


def _raw_names(request: Request) -> str:
    raw: bytes = request.scope["raw_path"].partition(b"?")[0]
    return raw.removeprefix(f"{part.prefix}/v1/".encode()).partition(b"/")[2].decode("ascii", "replace")


HANDLERS = {
    ("account", "GET"): _show_account,
    ("account", "POST"): _update_account,
    ("container", "GET"): _show_container,
    ("container", "PUT"): _put_container,
    ("container", "POST"): _update_container,
    ("container", "DELETE"): _delete_container,
    ("object", "GET"): _show_object,
    ("object", "POST"): _update_object,
    ("object", "DELETE"): _delete_object,
}


async def show_info(request: Request) -> Response:
    """What this storage can do; clients ask for it at the root of the server."""
    largest = backend(request).settings.max_upload_bytes
    swift = {
        "version": "2.35.0",
        "max_file_size": largest,
        "max_container_name_length": MAX_CONTAINER_NAME,
        "max_object_name_length": MAX_OBJECT_NAME,
        "max_meta_count": MAX_META,
        "container_listing_limit": LISTING_LIMIT,
        "account_listing_limit": LISTING_LIMIT,
    }
    # openstacksdk needs this one to upload a file; objects are whole here, so no smaller segments are asked for
    return JSONResponse({"swift": swift, "slo": {"min_segment_size": largest}})


class _AnyName(PathConvertor):
    """The rest of a path, even with a line break in it: an object's name may have one."""

    regex = "(?s:.*)"


register_url_convertor("any_name", _AnyName())
METHODS = ["GET", "PUT", "POST", "DELETE", "COPY"]
part = Part(
    name="object-store",
    prefix="/object-store",
    routes=[Route("/v1/{path:any_name}", _serve, methods=METHODS), Route("/info", show_info, methods=["GET"])],
    error_body=keystone_error_body,
    offers=OFFERS,
)
