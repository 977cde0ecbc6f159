"""Images in small (glance v2): records with properties and tags, updates by JSON patch, contents on disk."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from starlette.responses import Response

from saharaclient.local.neighbours.image import errors
from saharaclient.local.neighbours.image.fields import (
    CHOICES,
    READ_ONLY,
    WRITABLE,
    checked_tags,
    describe,
    remove_field,
    set_field,
)
from saharaclient.local.neighbours.image.records import Image, get_image, list_images
from saharaclient.local.store.contents import remove_after_commit, remove_after_rollback
from saharaclient.local.web.calls import Call, Part, page
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError
from saharaclient.local.web.files import ContentResponse
from saharaclient.local.web.uploads import receive


def _missing(id_: str) -> ApiError:
    return ApiError(404, f"No image found with ID {id_}")


def _visible(call: Call) -> Image:
    image = get_image(call.session, call.path["id"], call.project_id)
    if image is None:
        raise _missing(call.path["id"])
    return image


def _own(call: Call) -> Image:
    image = _visible(call)
    if image.owner != call.project_id and not call.identity.is_admin:
        raise ApiError(403, f"You are not permitted to change image {image.id}: another project owns it.")
    return image


# ---- reading ----


def _list(call: Call) -> dict[str, Any]:
    images = list_images(call.session, call.project_id)
    query, special = call.request.query_params, {"limit", "marker", "sort_key", "sort_dir", "sort", "tag"}
    items = [describe(image) for image in images if set(query.getlist("tag")) <= set(image.tags)]
    for name in set(query) - special:
        wanted = query[name]
        values = wanted.removeprefix("in:").split(",") if wanted.startswith("in:") else [wanted]
        if name == "visibility" and wanted == "all":
            continue
        if name in ("size_min", "size_max"):
            raise ApiError(400, f"The filter '{name}' is not offered by this service.")
        items = [item for item in items if _text(item.get(name)) in map(_text, values)]
    if "os_hidden" not in query:
        items = [item for item in items if not item["os_hidden"]]
    items = _sorted(items, query)
    shown = page(call, items)
    limited = "limit" in query and shown and shown[-1]["id"] != items[-1]["id"]
    answer = {"images": shown, "first": "/v2/images", "schema": "/v2/schemas/images"}
    if limited:
        following = call.request.url.remove_query_params("marker").include_query_params(marker=shown[-1]["id"])
        answer["next"] = f"/v2/images?{following.query}"
    return answer


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) or value in ("True", "False") else str(value)


def _sorted(items: list[dict[str, Any]], query: Any) -> list[dict[str, Any]]:
    orders = [part.partition(":")[::2] for part in query.get("sort", "").split(",") if part]
    orders = [(key, order or "desc") for key, order in orders]
    directions = query.getlist("sort_dir") or ["desc"]
    for i, key in enumerate(query.getlist("sort_key")):
        orders.append((key, directions[min(i, len(directions) - 1)]))
    for key, order in reversed(orders):
        if key not in WRITABLE and key not in READ_ONLY:
            raise ApiError(400, f"Unable to sort by '{key}': it is no field of an image.")
        items = sorted(items, key=lambda item: (item[key] is not None, item[key]), reverse=order == "desc")
    return items


def _show(call: Call) -> dict[str, Any]:
    return describe(_visible(call))


# ---- writing ----


def _create(call: Call) -> tuple[int, dict[str, Any]]:
    given = {} if call.body is None else call.body
    if not isinstance(given, dict):
        raise ApiError(400, "The request body must be a JSON object.")
    given = dict(given)
    id_ = given.pop("id", None)
    image = Image(id=str(uuid.uuid4()), owner=call.project_id, tags=[], properties={}, status="queued", size=None)
    if id_ is not None:
        try:
            image.id = str(uuid.UUID(id_))
        except (ValueError, AttributeError, TypeError):
            raise ApiError(400, f"The image id {id_!r} is no UUID.") from None
        if call.session.get(Image, image.id):
            raise ApiError(409, f"Image ID {image.id} already exists!")
    if call.identity.is_admin and isinstance(given.get("owner"), str):
        image.owner = given.pop("owner")
    for name, value in given.items():
        set_field(call, image, name, value)
    call.session.add(image)
    call.session.flush()
    return 201, describe(image)


def _update(call: Call) -> dict[str, Any]:
    image = _own(call)
    if not isinstance(call.body, list):
        raise ApiError(400, "The request body must be a list of changes: [{'op': …, 'path': …, 'value': …}].")
    for change in call.body:
        if not isinstance(change, dict) or change.get("op") not in ("add", "replace", "remove"):
            raise ApiError(400, "Each change must be an object whose 'op' is 'add', 'replace' or 'remove'.")
        path = change.get("path")
        if not isinstance(path, str) or not path.startswith("/") or "/" in path[1:] or len(path) < 2:
            raise ApiError(400, f"'path' of a change must be '/' and a field's name, not {path!r}.")
        name = path[1:].replace("~1", "/").replace("~0", "~")
        if change["op"] == "remove":
            remove_field(image, name)
        elif "value" not in change:
            raise ApiError(400, f"The change of '{name}' has no 'value'.")
        elif change["op"] == "replace" and name not in {**describe(image)}:
            raise ApiError(409, f"Property {name} does not exist.")
        else:
            set_field(call, image, name, change["value"])
    call.session.flush()
    return describe(image)


def _delete(call: Call) -> None:
    image = _own(call)
    if image.protected:
        raise ApiError(403, f"Image {image.id} is protected and cannot be deleted.")
    call.session.delete(image)
    remove_after_commit(call.session, call.settings.images / image.id)


def _add_tag(call: Call) -> None:
    image = _own(call)
    image.tags = checked_tags([*image.tags, call.path["tag"]])


def _delete_tag(call: Call) -> None:
    image = _own(call)
    if call.path["tag"] not in image.tags:
        raise _missing(image.id)
    image.tags = [tag for tag in image.tags if tag != call.path["tag"]]


# ---- contents ----


def _download(call: Call) -> Response:
    image = _visible(call)
    path = call.settings.images / image.id
    if image.status != "active" or not path.exists():
        return Response(status_code=204)
    return ContentResponse(path, "application/octet-stream", {"Content-MD5": image.checksum or ""})


def _queued(call: Call) -> Image:
    """The caller's image, which must have no content yet."""
    image = _own(call)
    if image.status != "queued":
        raise ApiError(409, f"Image status transition from {image.status} to saving is not allowed")
    return image


def _store(call: Call) -> Response:
    image, upload = _queued(call), call.body
    image.size, image.checksum, image.status = upload.size, upload.md5, "active"
    remove_after_rollback(call.session, call.settings.images / image.id)
    upload.move_to(call.settings.images / image.id)
    return Response(status_code=204)


# ---- versions and schemas ----


# What there is none of here, by its path. Horizon's pages of images and the command `glance` ask for it.
NOTHING: dict[str, dict[str, Any]] = {
    "/v2/info/import": {"import-methods": {"description": "Import methods available.", "type": "array", "value": []}},
    "/v2/info/stores": {"stores": []},
    "/v2/metadefs/namespaces": {
        "namespaces": [],
        "first": "/v2/metadefs/namespaces",
        "schema": "/v2/schemas/metadefs/namespaces",
    },
    "/v2/schemas/metadefs/namespace": {"name": "namespace", "properties": {"namespace": {"type": "string"}}},
    "/v2/tasks": {"tasks": [], "first": "/v2/tasks", "schema": "/v2/schemas/tasks"},
}


def _list_versions(call: Call) -> tuple[int, dict[str, Any]]:
    links = [{"rel": "self", "href": f"{call.root}/image/v2/"}]
    numbers = ("v2.9", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0")
    status = {"v2.9": "CURRENT"}
    return 300, {"versions": [{"id": n, "status": status.get(n, "SUPPORTED"), "links": links} for n in numbers]}


def _show_schema(_call: Call) -> dict[str, Any]:
    names = {str: "string", int: "integer", bool: "boolean", (str, type(None)): ["null", "string"]}
    properties: dict[str, Any] = {name: {"type": names[kind]} for name, kind in WRITABLE.items()}
    for name, choices in CHOICES.items():
        properties[name]["enum"] = [*([None] if "null" in properties[name]["type"] else []), *choices]
    properties |= {name: {"readOnly": True, "type": ["null", "string", "integer"]} for name in sorted(READ_ONLY)}
    properties["tags"] = {"type": "array", "items": {"type": "string", "maxLength": 255}}
    return {"name": "image", "properties": properties, "additionalProperties": {"type": "string"}}


def _show_nothing(path: str, _call: Call) -> dict[str, Any]:
    return NOTHING[path]


def _list_members(call: Call) -> dict[str, Any]:
    _visible(call)
    return {"members": [], "schema": "/v2/schemas/members"}


part = Part(
    name="image",
    prefix="/image",
    routes=[
        route("GET /", _list_versions, public=True, records=False),
        # where the command `glance` asks, and Glance answers 200
        route("GET /versions", lambda call: _list_versions(call)[1], public=True, records=False),
        *(route(f"GET {path}", partial(_show_nothing, path), records=False) for path in NOTHING),
        route("GET /v2/schemas/image", _show_schema, records=False),
        route("GET /v2/images", _list),
        route("POST /v2/images", _create),
        route("GET /v2/images/{id}", _show),
        route("PATCH /v2/images/{id}", _update),
        route("DELETE /v2/images/{id}", _delete),
        route("GET /v2/images/{id}/members", _list_members),
        route("PUT /v2/images/{id}/tags/{tag}", _add_tag),
        route("DELETE /v2/images/{id}/tags/{tag}", _delete_tag),
        route("GET /v2/images/{id}/file", _download),
        route("PUT /v2/images/{id}/file", _store, body=receive, first=_queued),
    ],
    error_answer=errors.answer,
    offers="images with properties, tags and contents",
)
