"""Object storage over HTTP, as much of Swift v1 as its clients use to store, read, list and delete.

Listings are in `listing.py`, what is kept in `records.py`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import Route

from saharaclient.local.neighbours.object_storage import bulk, containers, large, objects
from saharaclient.local.neighbours.object_storage.listing import LISTING_LIMIT
from saharaclient.local.neighbours.object_storage.records import MAX_CONTAINER_NAME, MAX_OBJECT_NAME
from saharaclient.local.neighbours.object_storage.target import (
    MAX_META,
    OFFERS,
    PREFIX,
    STORAGE_POLICY,
    StorageCall,
    not_done,
    target_of,
)
from saharaclient.local.web.calls import Part
from saharaclient.local.web.endpoints import endpoint
from saharaclient.local.web.errors import ApiError, in_json, keystone_error_body
from saharaclient.local.web.uploads import receive

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from saharaclient.local.web.calls import Call


async def _serve(request: Request) -> Response:
    """One address for everything: names can hold slashes, and only the raw path tells %2F from a bad name."""
    kind = target_of(request).kind
    method = "GET" if request.method == "HEAD" else request.method
    if kind == "object" and method == "PUT" and "x-copy-from" in request.headers:
        method = "COPY"
    if kind == "object" and method == "PUT" and large.is_manifest(request):
        method = "MANIFEST"
    if kind == "account" and "bulk-delete" in request.query_params:
        method = "BULK-DELETE"
    unsupported = UNSUPPORTED & set(request.query_params)
    if unsupported:
        raise ApiError(400, not_done(unsupported.pop()))
    answer = ENDPOINTS.get((kind, method))
    if answer is None:
        raise ApiError(501, not_done(f"{request.method} of an {kind}"))
    return await answer(request)


UNSUPPORTED = {"temp_url_sig", "extract-archive", "versions"}
_writes = partial(endpoint, call=StorageCall)
_reads = partial(_writes, reads=True)
ENDPOINTS = {
    ("account", "GET"): _reads(containers.show_account),
    ("account", "BULK-DELETE"): _writes(bulk.delete_many, body=bulk.names),
    ("account", "POST"): _writes(containers.update_account),
    ("container", "GET"): _reads(containers.show_container),
    ("container", "PUT"): _writes(containers.put_container),
    ("container", "POST"): _writes(containers.update_container),
    ("container", "DELETE"): _writes(containers.delete_container),
    ("object", "GET"): _reads(objects.show_object),
    ("object", "PUT"): _writes(objects.store_object, body=receive, first=objects.check_upload),
    ("object", "MANIFEST"): _writes(objects.store_manifest, body=large.assembled, first=objects.check_upload),
    ("object", "COPY"): _writes(objects.keep_copy, body=objects.copied),
    ("object", "POST"): _writes(objects.update_object),
    ("object", "DELETE"): _writes(objects.delete_object),
}


def _show_info(call: Call) -> dict[str, Any]:
    """What this storage can do; clients ask for it at the root of the server."""
    largest = call.settings.max_upload_bytes
    swift = {
        "version": "2.35.0",
        "max_file_size": largest,
        "max_container_name_length": MAX_CONTAINER_NAME,
        "max_object_name_length": MAX_OBJECT_NAME,
        "max_meta_count": MAX_META,
        "container_listing_limit": LISTING_LIMIT,
        "account_listing_limit": LISTING_LIMIT,
        "policies": [{"name": STORAGE_POLICY, "aliases": STORAGE_POLICY, "default": True}],
    }
    return {"swift": swift, **large.FACTS, **bulk.FACTS}


show_info = endpoint(_show_info, public=True, records=False)


class _AnyName(PathConvertor):
    """The rest of a path, even with a line break in it: an object's name may have one."""

    regex = "(?s:.*)"


register_url_convertor("any_name", _AnyName())
METHODS = ["GET", "PUT", "POST", "DELETE", "COPY"]
part = Part(
    name="object-store",
    prefix=PREFIX,
    routes=[Route("/v1/{path:any_name}", _serve, methods=METHODS), Route("/info", show_info, methods=["GET"])],
    error_answer=in_json(keystone_error_body),
    offers=OFFERS,
)
