"""Compute in small (nova v2.1): flavors, key pairs, limits, availability zones; instances of clusters as servers."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from saharaclient.local.neighbours.compute import overview, servers
from saharaclient.local.neighbours.compute.microversions import NEWEST, microversion
from saharaclient.local.neighbours.compute.records import (
    Flavor,
    Keypair,
    generate_key,
    get_flavor,
    get_keypair,
    new_keypair,
)
from saharaclient.local.web.calls import Call, Part, page, whole_number
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError, in_json

# The first microversions whose replies have a field.
FLAVOR_SINCE = {"description": (2, 55), "extra_specs": (2, 61)}
KEYPAIR_SINCE = {"type": (2, 2)}


def _error_body(status: int, message: str, _kind: str = "") -> dict[str, Any]:
    names = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest", 413: "overLimit"}
    names[501] = "notImplemented"
    return {names.get(status, "computeFault"): {"code": status, "message": message}}


def _version(call: Call) -> dict[str, Any]:
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": NEWEST,
        "min_version": "2.1",
        "updated": "2013-07-23T11:33:21Z",
        "links": [{"rel": "self", "href": f"{call.root}/compute/v2.1/"}],
    }


def _list_versions(call: Call) -> dict[str, Any]:
    return {"versions": [_version(call)]}


def _show_version(call: Call) -> dict[str, Any]:
    media = {"base": "application/json", "type": "application/vnd.openstack.compute+json;version=2.1"}
    return {"version": {**_version(call), "media-types": [media]}}


# ---- flavors ----


def _describe_flavor(call: Call, flavor: Flavor) -> dict[str, Any]:
    href = f"{call.root}/compute/v2.1/flavors/{flavor.id}"
    shown: dict[str, Any] = {
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "vcpus": flavor.vcpus,
        "swap": 0 if microversion(call) >= (2, 75) else "",
        "rxtx_factor": 1.0,
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "OS-FLV-DISABLED:disabled": False,
        "os-flavor-access:is_public": True,
        "links": [{"rel": "self", "href": href}, {"rel": "bookmark", "href": href}],
    }
    later = {"description": None, "extra_specs": flavor.extra_specs}
    return {**shown, **_since(FLAVOR_SINCE, later, call)}


def _since(versions: dict[str, tuple[int, int]], fields: dict[str, Any], call: Call) -> dict[str, Any]:
    """The fields that a reply has in the microversion that is asked for."""
    asked = microversion(call)
    return {name: value for name, value in fields.items() if asked >= versions[name]}


def _list_flavors(call: Call) -> dict[str, Any]:
    flavors = call.session.scalars(select(Flavor).order_by(Flavor.ram, Flavor.id)).all()
    for name, column in {"minRam": "ram", "minDisk": "disk"}.items():
        least = whole_number(call.query.get(name, "0"))
        if least is None:
            raise ApiError(400, f"Invalid value for {name}: '{call.query[name]}' is no number.")
        flavors = [flavor for flavor in flavors if getattr(flavor, column) >= least]
    items = [_describe_flavor(call, flavor) for flavor in flavors]
    if not call.request.url.path.endswith("/detail"):
        items = [{key: item[key] for key in ("id", "name", "links")} for item in items]
    return {"flavors": page(call, items)}


def _flavor(call: Call) -> Flavor:
    flavor = get_flavor(call.session, call.path["id"])
    if flavor is None:
        raise ApiError(404, f"Flavor {call.path['id']} could not be found.")
    return flavor


def _show_flavor(call: Call) -> dict[str, Any]:
    return {"flavor": _describe_flavor(call, _flavor(call))}


def _create_flavor(call: Call) -> dict[str, Any]:
    """Horizon, Heat, Rally and openstacksdk make flavors."""
    _admin(call)
    given = call.member("flavor")
    name = given.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 255:
        raise ApiError(400, "'flavor.name' must be a string of 1 to 255 characters.")
    sizes = {field: _size(given, field, least) for field, least in {"ram": 1, "vcpus": 1, "disk": 0}.items()}
    id_ = given.get("id")
    id_ = str(uuid.uuid4()) if id_ in (None, "auto") else str(id_)
    if not 0 < len(id_) <= 255:
        raise ApiError(400, "'flavor.id' must have 1 to 255 characters.")
    if get_flavor(call.session, id_) or call.session.scalar(select(Flavor).filter_by(name=name)):
        raise ApiError(409, f"Flavor with name {name} or ID {id_} already exists.")
    flavor = Flavor(id=id_, name=name, extra_specs={}, **sizes)
    call.session.add(flavor)
    call.session.flush()
    return {"flavor": _describe_flavor(call, flavor)}


def _size(given: dict[str, Any], name: str, least: int) -> int:
    value = given.get(name)
    number = whole_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number < 2**31:
        raise ApiError(400, f"'flavor.{name}' must be a whole number, {least} or more.")
    return number


def _delete_flavor(call: Call) -> tuple[int, None]:
    _admin(call)
    call.session.delete(_flavor(call))
    return 202, None


def _admin(call: Call) -> None:
    if not call.identity.is_admin:
        raise ApiError(403, "Policy doesn't allow flavors to be made or deleted without the role 'admin'.")


def _add_extra_specs(call: Call) -> dict[str, Any]:
    _admin(call)
    given, flavor = call.member("extra_specs"), _flavor(call)
    if not all(isinstance(value, str) for value in given.values()):
        raise ApiError(400, "'extra_specs' must be an object of strings.")
    flavor.extra_specs = {**flavor.extra_specs, **given}
    return {"extra_specs": flavor.extra_specs}


def _show_extra_specs(call: Call) -> dict[str, Any]:
    return {"extra_specs": _flavor(call).extra_specs}


# ---- key pairs ----


def _describe_keypair(call: Call, keypair: Keypair) -> dict[str, Any]:
    return {
        "name": keypair.name,
        **_since(KEYPAIR_SINCE, {"type": "ssh"}, call),
        "public_key": keypair.public_key,
        "fingerprint": keypair.fingerprint,
    }


def _find_keypair(call: Call) -> Keypair:
    keypair = get_keypair(call.session, call.identity.user_id, call.path["name"])
    if keypair is None:
        raise ApiError(404, f"Keypair {call.path['name']} not found for user {call.identity.user_id}")
    return keypair


def _list_keypairs(call: Call) -> dict[str, Any]:
    query = select(Keypair).filter_by(user_id=call.identity.user_id).order_by(Keypair.name)
    items = [_describe_keypair(call, keypair) for keypair in call.session.scalars(query)]
    return {"keypairs": [{"keypair": item} for item in page(call, items, key="name")]}


def _show_keypair(call: Call) -> dict[str, Any]:
    keypair = _find_keypair(call)
    record = {
        "id": keypair.id,
        "user_id": keypair.user_id,
        "created_at": keypair.created_at.isoformat(),
        "deleted": False,
        "deleted_at": None,
        "updated_at": None,
    }
    return {"keypair": {**_describe_keypair(call, keypair), **record}}


def _create_keypair(call: Call) -> tuple[int, dict[str, Any]]:
    given = call.member("keypair")
    name, public_key, kind = given.get("name"), given.get("public_key"), given.get("type", "ssh")
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise ApiError(400, "'keypair.name' must be a string of 1 to 255 characters.")
    if kind != "ssh":
        raise ApiError(400, "'keypair.type' must be 'ssh': this service has no other key pairs.")
    if public_key is not None and not isinstance(public_key, str):
        raise ApiError(400, "'keypair.public_key' must be a string, or left out to have a pair made.")
    if get_keypair(call.session, call.identity.user_id, name):
        raise ApiError(409, f"Key pair '{name}' already exists.")
    private_key = None
    if public_key is None:
        public_key, private_key = generate_key()
    keypair = new_keypair(call.identity.user_id, name, public_key)
    call.session.add(keypair)
    answer = {**_describe_keypair(call, keypair), "user_id": keypair.user_id}
    if private_key:
        answer["private_key"] = private_key
    return 201 if microversion(call) >= (2, 2) else 200, {"keypair": answer}


def _delete_keypair(call: Call) -> Any:
    call.session.delete(_find_keypair(call))
    return None if microversion(call) >= (2, 2) else (202, None)


# ---- limits and zones ----


def _show_limits(_call: Call) -> dict[str, Any]:
    unlimited = ("Instances", "Cores", "RAMSize", "Keypairs", "ServerMeta", "ServerGroups", "ServerGroupMembers")
    absolute: dict[str, int] = {
        **{f"maxTotal{name}": -1 for name in unlimited},
        **{f"total{name}Used": 0 for name in ("Instances", "Cores", "RAM", "ServerGroups")},
        "maxServerMeta": -1,
        "maxServerGroups": -1,
        "maxServerGroupMembers": -1,
    }
    return {"limits": {"rate": [], "absolute": absolute}}


def _list_zones(_call: Call) -> dict[str, Any]:
    return {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]}


part = Part(
    name="compute",
    prefix="/compute",
    routes=[
        route("GET /", _list_versions, public=True, records=False),
        route("GET /v2.1", _show_version, public=True, records=False),
        route("GET /v2.1/flavors", _list_flavors),
        route("GET /v2.1/flavors/detail", _list_flavors),
        route("POST /v2.1/flavors", _create_flavor),
        route("GET /v2.1/flavors/{id}", _show_flavor),
        route("DELETE /v2.1/flavors/{id}", _delete_flavor),
        route("POST /v2.1/flavors/{id}/os-extra_specs", _add_extra_specs),
        route("GET /v2.1/flavors/{id}/os-extra_specs", _show_extra_specs),
        route("GET /v2.1/os-keypairs", _list_keypairs),
        route("POST /v2.1/os-keypairs", _create_keypair),
        route("GET /v2.1/os-keypairs/{name}", _show_keypair),
        route("DELETE /v2.1/os-keypairs/{name}", _delete_keypair),
        route("GET /v2.1/limits", _show_limits, records=False),
        route("GET /v2.1/os-availability-zone", _list_zones, records=False),
        route("GET /v2.1/os-availability-zone/detail", _list_zones, records=False),
        *servers.routes,
        *overview.routes,
    ],
    error_answer=in_json(_error_body),
    offers="flavors, key pairs, limits, availability zones, and the instances of clusters as servers",
)
