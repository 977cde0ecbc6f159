"""Servers: the instances of clusters, to be looked at. They are made, scaled and deleted by Sahara alone.

Horizon's instances, `openstack server list`, novaclient and Rally's clean-up read them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from saharaclient.local.neighbours.compute.microversions import microversion
from saharaclient.local.neighbours.compute.records import get_flavor
from saharaclient.local.web.calls import page
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.local.neighbours.machines import Machine
    from saharaclient.local.web.calls import Call

FLAVOR_EMBEDDED = (2, 47)
_STATES = {"ACTIVE": "active", "BUILD": "building", "ERROR": "error"}
_RUNNING, _NO_STATE = 1, 0


def _machines(call: Call) -> list[Machine]:
    return [*call.backend.machines(call.session, call.project_id)]


def _flavor(call: Call, machine: Machine) -> dict[str, Any]:
    flavor = get_flavor(call.session, machine.flavor_id)
    if microversion(call) < FLAVOR_EMBEDDED or flavor is None:
        return {"id": machine.flavor_id, "links": []}
    return {
        "vcpus": flavor.vcpus,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "ephemeral": 0,
        "swap": 0,
        "original_name": flavor.name,
        "extra_specs": flavor.extra_specs,
    }


def _addresses(machine: Machine) -> dict[str, Any]:
    if not machine.address:
        return {}
    kinds = {"OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "00:00:00:00:00:00"}
    return {"private": [{"version": 4, "addr": machine.address, **kinds}]}


def _describe(call: Call, machine: Machine) -> dict[str, Any]:
    created = f"{machine.created_at.isoformat(timespec='seconds')}Z"
    return {
        "id": machine.id,
        "name": machine.name,
        "status": machine.status,
        "tenant_id": machine.project_id,
        "user_id": call.identity.user_id,
        "metadata": {"cluster": machine.cluster_id},
        "hostId": "",
        "image": {"id": machine.image_id, "links": []} if machine.image_id else "",
        "flavor": _flavor(call, machine),
        "created": created,
        "updated": f"{machine.updated_at.isoformat(timespec='seconds')}Z",
        "addresses": _addresses(machine),
        "accessIPv4": "",
        "accessIPv6": "",
        "links": _links(call, machine),
        "progress": 100 if machine.status == "ACTIVE" else 0,
        "key_name": machine.key_name,
        "config_drive": "",
        "security_groups": [],
        "OS-DCF:diskConfig": "MANUAL",
        "OS-EXT-AZ:availability_zone": "nova",
        "OS-EXT-STS:task_state": None,
        "OS-EXT-STS:vm_state": _STATES[machine.status],
        "OS-EXT-STS:power_state": _RUNNING if machine.status == "ACTIVE" else _NO_STATE,
        "OS-SRV-USG:launched_at": created.removesuffix("Z"),
        "OS-SRV-USG:terminated_at": None,
        "os-extended-volumes:volumes_attached": [],
    }


def _links(call: Call, machine: Machine) -> list[dict[str, str]]:
    return [{"rel": "self", "href": f"{call.root}/compute/v2.1/servers/{machine.id}"}]


def _wanted(call: Call) -> Iterator[Machine]:
    name, status = call.query.get("name", ""), call.query.get("status", "")
    try:
        pattern = re.compile(name)
    except re.error:
        raise ApiError(400, f"Invalid input for name: '{name}' is no regular expression.") from None
    for machine in _machines(call):
        if pattern.search(machine.name) and status.upper() in ("", machine.status):
            yield machine


def _list(call: Call) -> dict[str, Any]:
    found = [*_wanted(call)]
    if call.request.url.path.endswith("/detail"):
        return {"servers": page(call, [_describe(call, machine) for machine in found])}
    short = [{"id": machine.id, "name": machine.name, "links": _links(call, machine)} for machine in found]
    return {"servers": page(call, short)}


def _show(call: Call) -> dict[str, Any]:
    for machine in _machines(call):
        if machine.id == call.path["id"]:
            return {"server": _describe(call, machine)}
    raise ApiError(404, f"Instance {call.path['id']} could not be found.")


def _refuse(_call: Call) -> Any:
    raise ApiError(501, "Servers are the instances of clusters here: Sahara makes, scales and deletes them.")


routes = [
    route("GET /v2.1/servers", _list),
    route("GET /v2.1/servers/detail", _list),
    route("GET /v2.1/servers/{id}", _show),
    route("POST /v2.1/servers", _refuse),
    route("DELETE /v2.1/servers/{id}", _refuse),
]
