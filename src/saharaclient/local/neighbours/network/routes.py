"""Network in small (neutron v2.0): networks, addresses, security groups, quotas. Clusters use loopback alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.neighbours.network import addresses
from saharaclient.local.neighbours.network.fields import WHEN, Item, described, text
from saharaclient.local.neighbours.network.records import SecurityGroup, SecurityGroupRule, new_group
from saharaclient.local.web.calls import Call, Part, page
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError, in_json

if TYPE_CHECKING:
    from collections.abc import Callable


QUOTAS = ("network", "subnet", "port", "router", "floatingip", "security_group", "security_group_rule", "subnetpool")
EXTENSIONS = {
    "security-group": "Security groups",
    "quotas": "Quota management support",
    "external-net": "External networks",
}


def _error_body(_status: int, message: str, kind: str = "") -> dict[str, Any]:
    return {"NeutronError": {"type": kind or "HTTPError", "message": message, "detail": ""}}


# ---- what there is: each function tells all items of a kind that the caller sees ----


def _groups(call: Call) -> list[Item]:
    rules = _rules(call)
    query = select(SecurityGroup).filter_by(project_id=call.project_id).order_by(SecurityGroup.name)
    return [
        {
            **described(group.id, group.project_id, group.name, group.description),
            "stateful": True,
            "shared": False,
            "security_group_rules": [rule for rule in rules if rule["security_group_id"] == group.id],
        }
        for group in call.session.scalars(query)
    ]


def _rules(call: Call) -> list[Item]:
    query = select(SecurityGroupRule).join(SecurityGroup).where(SecurityGroup.project_id == call.project_id)
    return [_describe_rule(rule, call.project_id) for rule in call.session.scalars(query)]


def _describe_rule(rule: SecurityGroupRule, project_id: str) -> Item:
    optional = ("protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id")
    record = described(rule.id, project_id, "", rule.fields.get("description", ""))
    return {**record, "security_group_id": rule.security_group_id, **dict.fromkeys(optional), **rule.fields}


def _nothing(_call: Call) -> list[Item]:
    return []


def _extensions(_call: Call) -> list[Item]:
    return [
        {"id": alias, "alias": alias, "name": name, "description": name, "updated": WHEN, "links": []}
        for alias, name in EXTENSIONS.items()
    ]


def _zones(_call: Call) -> list[Item]:
    return [{"id": "nova", "name": "nova", "resource": "network", "state": "available"}]


LISTED: dict[str, Callable[[Call], list[Item]]] = {
    "networks": addresses.networks,
    "subnets": addresses.subnets,
    "security-groups": _groups,
    "security-group-rules": _rules,
    "ports": addresses.ports,
    "floatingips": addresses.floating_ips,
    "routers": _nothing,
    "agents": _nothing,  # Horizon and `openstack network agent list` ask for them
    "extensions": _extensions,
    "availability_zones": _zones,
}


def _list(call: Call, kind: str) -> dict[str, Any]:
    items = LISTED[kind](call)
    special = {"limit", "marker", "sort_key", "sort_dir", "page_reverse", "fields"}
    for name in set(call.query) - special:
        wanted = call.request.query_params.getlist(name)
        items = [item for item in items if name not in item or _as_text(item[name]) in map(_as_text, wanted)]
    return {kind.replace("-", "_"): page(call, items)}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) or str(value) in ("True", "False") else str(value)


def _show(call: Call, kind: str) -> dict[str, Any]:
    name = kind.replace("-", "_")[:-1]
    for item in LISTED[kind](call):
        if item["id"] == call.path["id"]:
            return {name: item}
    title = "".join(word.capitalize() for word in name.split("_"))
    raise ApiError(404, f"{title} {call.path['id']} could not be found.", kind=f"{title}NotFound")


# ---- security groups ----


def _own_group(call: Call, id_: Any) -> SecurityGroup:
    group = call.session.get(SecurityGroup, id_) if isinstance(id_, str) else None
    if group is None or group.project_id != call.project_id:
        raise ApiError(404, f"Security group {id_} does not exist", kind="SecurityGroupNotFound")
    return group


def _show_group(call: Call, id_: str) -> dict[str, Any]:
    return {"security_group": next(item for item in _groups(call) if item["id"] == id_)}


def _create_group(call: Call) -> tuple[int, dict[str, Any]]:
    given = call.member("security_group")
    name = text(given, "name")
    if name == "default":
        raise ApiError(409, "Default security group already exists.", kind="SecurityGroupDefaultAlreadyExists")
    group = SecurityGroup(project_id=call.project_id, name=name, description=text(given, "description"))
    return 201, _show_group(call, new_group(call.session, group).id)


def _update_group(call: Call) -> dict[str, Any]:
    group, given = _own_group(call, call.path["id"]), call.member("security_group")
    if group.name == "default" and given.get("name", "default") != "default":
        raise ApiError(409, "The default security group cannot be renamed.", kind="SecurityGroupCannotUpdateDefault")
    group.name, group.description = text(given, "name", group.name), text(given, "description", group.description)
    call.session.flush()
    return _show_group(call, group.id)


def _delete_group(call: Call) -> None:
    group = _own_group(call, call.path["id"])
    if group.name == "default":
        raise ApiError(
            409, "Insufficient rights for removing default security group.", kind="SecurityGroupCannotRemoveDefault"
        )
    call.session.delete(group)


def _create_rule(call: Call) -> tuple[int, dict[str, Any]]:
    if isinstance(call.body, dict) and "security_group_rules" in call.body:  # in bulk: openstacksdk, Heat
        many = call.body["security_group_rules"]
        if not isinstance(many, list) or not many or not all(isinstance(given, dict) for given in many):
            raise ApiError(400, "'security_group_rules' must be a list of objects, one or more.", kind="HTTPBadRequest")
        return 201, {"security_group_rules": [_new_rule(call, given) for given in many]}
    return 201, {"security_group_rule": _new_rule(call, call.member("security_group_rule"))}


def _new_rule(call: Call, given: Item) -> Item:
    group = _own_group(call, given.get("security_group_id"))
    fields: dict[str, Any] = {
        "direction": _choice(given, "direction", ("ingress", "egress")),
        "ethertype": _choice(given, "ethertype", ("IPv4", "IPv6"), "IPv4"),
        "description": text(given, "description"),
    }
    for name in ("protocol", "remote_ip_prefix", "remote_group_id"):
        value = given.get(name)
        fields[name] = None if value is None else text({name: str(value)}, name)
    for name in ("port_range_min", "port_range_max"):
        port = given.get(name)
        if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not -1 <= port <= 65535):
            raise ApiError(400, f"Invalid input for {name}: it must be a port number.", kind="HTTPBadRequest")
        fields[name] = port
    rule = SecurityGroupRule(security_group_id=group.id, fields=fields)
    call.session.add(rule)
    call.session.flush()
    return _describe_rule(rule, call.project_id)


def _choice(given: Item, name: str, values: tuple[str, ...], default: str | None = None) -> str:
    value = given.get(name, default)
    if value not in values:
        raise ApiError(400, f"Invalid input for {name}: it must be one of {', '.join(values)}.", kind="HTTPBadRequest")
    return str(value)


def _delete_rule(call: Call) -> None:
    _show(call, "security-group-rules")
    call.session.delete(call.session.get_one(SecurityGroupRule, call.path["id"]))


# ---- quotas and versions ----


def _show_quota(call: Call) -> dict[str, Any]:
    if call.request.url.path.endswith("/details.json") or call.request.url.path.endswith("/details"):
        return {"quota": {name: {"limit": -1, "used": 0, "reserved": 0} for name in QUOTAS}}
    return {"quota": dict.fromkeys(QUOTAS, -1)}


def _list_versions(call: Call) -> dict[str, Any]:
    links = [{"rel": "self", "href": f"{call.root}/network/v2.0/"}]
    return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": links}]}


def _list_resources(call: Call) -> dict[str, Any]:
    return {
        "resources": [
            {
                "name": kind[:-1],
                "collection": kind,
                "links": [{"rel": "self", "href": f"{call.root}/network/v2.0/{kind}"}],
            }
            for kind in LISTED
        ]
    }


part = Part(
    name="network",
    prefix="/network",
    routes=[
        route("GET /", _list_versions, public=True, records=False),
        route("GET /v2.0", _list_resources, public=True, records=False),
        *(route(f"GET /v2.0/{kind}", partial(_list, kind=kind)) for kind in LISTED),
        *(route(f"GET /v2.0/{kind}/{{id}}", partial(_show, kind=kind)) for kind in LISTED),
        route("POST /v2.0/networks", addresses.create_network),
        route("DELETE /v2.0/networks/{id}", addresses.delete_network),
        route("POST /v2.0/subnets", addresses.create_subnet),
        route("DELETE /v2.0/subnets/{id}", addresses.delete_subnet),
        route("POST /v2.0/floatingips", addresses.create_floating_ip),
        route("PUT /v2.0/floatingips/{id}", addresses.update_floating_ip),
        route("DELETE /v2.0/floatingips/{id}", addresses.delete_floating_ip),
        route("POST /v2.0/security-groups", _create_group),
        route("PUT /v2.0/security-groups/{id}", _update_group),
        route("DELETE /v2.0/security-groups/{id}", _delete_group),
        route("POST /v2.0/security-group-rules", _create_rule),
        route("DELETE /v2.0/security-group-rules/{id}", _delete_rule),
        route("GET /v2.0/quotas/{project}", _show_quota),
        route("GET /v2.0/quotas/{project}/default", _show_quota),
        route("GET /v2.0/quotas/{project}/details", _show_quota),
        route("GET /v2.0/quotas/{project}/details.json", _show_quota),
    ],
    error_answer=in_json(_error_body),
    offers="networks, subnets, floating IPs, security groups and their rules, quotas (other lists are empty)",
)
