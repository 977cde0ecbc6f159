"""Object storage over HTTP, as much of Swift v1 as its clients use to store, read, list and delete.

Listings are in `listing.py`, what is kept in `records.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saharaclient.local.neighbours.object_storage.containers import (
    delete_container,
    put_container,
    show_account,
    show_container,
    update_account,
    update_container,
)
from saharaclient.local.neighbours.object_storage.listing import LISTING_LIMIT
from saharaclient.local.neighbours.object_storage.objects import (
    copy_object,
    delete_object,
    show_object,
    update_object,
    upload_object,
)
from saharaclient.local.neighbours.object_storage.records import (
    MAX_CONTAINER_NAME,
    MAX_OBJECT_NAME,
)
from saharaclient.local.neighbours.object_storage.target import MAX_META, OFFERS, PREFIX, Target
from saharaclient.local.web.calls import Call, Part, backend
from saharaclient.local.web.errors import ApiError, keystone_error_body

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from starlette.requests import Request


# ---- one address for everything: names can hold slashes, and only the raw path tells %2F from a bad name ----


async def _serve(request: Request) -> Response:
    prefix = f"{PREFIX}/v1/".encode()
    raw: bytes = request.scope["raw_path"].partition(b"?")[0]
    target = Target(request, raw.removeprefix(prefix))
    method = "GET" if request.method == "HEAD" else request.method
    unsupported = {"multipart-manifest", "temp_url_sig", "bulk-delete", "extract-archive", "versions"} & set(
        request.query_params
    )
    if unsupported and request.query_params.get("multipart-manifest") not in ("get", "delete"):
        raise ApiError(501, f"The embedded object-store service does not do '{unsupported.pop()}'. It does: {OFFERS}.")
    if target.kind == "object" and (method == "COPY" or (method == "PUT" and "x-copy-from" in request.headers)):
        return await run_in_threadpool(copy_object, request, target)
    if target.kind == "object" and method == "PUT":
        return await upload_object(request, target)
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


# ---- accounts ----


# ---- containers ----


# ---- objects ----


HANDLERS = {
    ("account", "GET"): show_account,
    ("account", "POST"): update_account,
    ("container", "GET"): show_container,
    ("container", "PUT"): put_container,
    ("container", "POST"): update_container,
    ("container", "DELETE"): delete_container,
    ("object", "GET"): show_object,
    ("object", "POST"): update_object,
    ("object", "DELETE"): delete_object,
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
    prefix=PREFIX,
    routes=[Route("/v1/{path:any_name}", _serve, methods=METHODS), Route("/info", show_info, methods=["GET"])],
    error_body=keystone_error_body,
    offers=OFFERS,
)
