"""Between the file's words and the API's: what a reply says in fields of the file, and what a request says of them.

API 1.1 and 2 differ in names of members alone; both are known here by those of API 2. No I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from saharaclient.project import types
from saharaclient.project.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

# The server's members that the file calls otherwise.
_WIRE = {
    "flavor": "flavor_id",
    "image": "image_id",
    "network": "neutron_management_network",
    "keypair": "user_keypair_id",
}
_CLUSTER_WIRE = {**_WIRE, "image": "default_image_id", "template": "cluster_template_id"}
_PLAIN = {"network": "net_id"}  # what the client's methods call otherwise than the server
_OLD = {"hadoop_version": "plugin_version", "tenant_id": "project_id", "job_id": "job_template_id"}
_VOLUMES = ("volumes_size", "volume_type", "volumes_availability_zone", "volume_mount_prefix")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
DEFAULTS: dict[str, Any] = {
    "is_public": False,
    "is_protected": False,
    "is_transient": False,
    "volumes_per_node": 0,
    "volumes_size": 0,
    "volume_mount_prefix": "/volumes/disk",
    "volume_local_to_instance": False,
    "auto_security_group": False,
    "is_proxy_gateway": False,
    "use_autoconfig": True,
    "boot_from_volume": False,
    "boot_volume_local_to_instance": False,
    "required": False,
    "value_type": "string",
    "access_level": "rw",
}
# A run's configuration that keeps its name and declaration in a project; engines pass over what begins with "edp."
MARK = "edp.project.job"


class Names(Protocol):
    """What is known by a name and an id."""

    def name_of(self, section: str, resource_id: str) -> str:
        """The name of an id; the id itself where nobody knows it."""

    def id_of(self, section: str, name: str) -> str:
        """The id of a name; the name itself where nobody knows it."""


def of_version_2(info: Mapping[str, Any]) -> dict[str, Any]:
    """A reply's resource with the members that API 2 has."""
    return {_OLD.get(name, name): value for name, value in info.items()}


def observed(section: str, info: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What stands in a cloud, in the fields of a project file; what is empty is left out.

    Args:
        section: the section.
        info: the resource as the server tells it, with API 2's members.
        names: names of what it refers to by id.
    """
    if section == "jobs":
        return _observed_job(info)
    wire = _CLUSTER_WIRE if section in ("cluster_templates", "clusters") else _WIRE
    found: dict[str, Any] = {}
    for name in _fields(section):
        value: Any = info.get(wire.get(name, name))
        if value in _EMPTY:
            continue
        if name in _SECTION_OF and isinstance(value, str):
            value = names.name_of(_SECTION_OF[name], value)
        elif name in ("mains", "libs"):
            value = [one.get("name") or names.name_of("job_binaries", one["id"]) for one in value]
        elif name == "node_groups":
            value = {group["name"]: observed_group(group, names) for group in value}
        elif name == "interface":
            value = [_known(types.Argument, one) for one in sorted(value, key=lambda one: one.get("order") or 0)]
        elif name == "shares":
            value = [_known(types.Share, one) for one in value]
        elif name == "tags":
            value = sorted(value)
        found[name] = value
    return found


_SECTION_OF = {
    "flavor": "flavors",
    "network": "networks",
    "floating_ip_pool": "networks",
    "image": "images",
    "template": "cluster_templates",
}


def _fields(section: str) -> tuple[str, ...]:
    return KINDS[section].type.__struct_fields__


def _known(entry: type[types.Entry], info: Mapping[str, Any]) -> dict[str, Any]:
    return {name: info[name] for name in entry.__struct_fields__ if info.get(name) not in _EMPTY}


def observed_group(info: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A node group of a cluster or its template, in the fields of a project file."""
    found: dict[str, Any] = {"count": info.get("count", 0)}
    for name in types.NodeGroup.__struct_fields__:
        value: Any = info.get("node_group_template_id" if name == "template" else _WIRE.get(name, name))
        if name == "count" or value in _EMPTY:
            continue
        if name == "template":
            value = names.name_of("node_group_templates", value)
        elif name in _SECTION_OF:
            value = names.name_of(_SECTION_OF[name], value)
        elif name == "shares":
            value = [_known(types.Share, one) for one in value]
        found[name] = value
    return found


def _observed_job(info: Mapping[str, Any]) -> dict[str, Any]:
    """A run as the project declared it: what it says itself has values put in, and places for secrets."""
    declared = declaration(info)
    fields = {} if declared is None else dict(declared[1])
    said = {name: info[name] for name in ("is_public", "is_protected") if info.get(name)}
    return {**{k: v for k, v in fields.items() if k not in ("is_public", "is_protected")}, **said}


def declaration(info: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Name and fields that a project gave a run, or None if it is no project's."""
    marked = ((info.get("job_configs") or {}).get("configs") or {}).get(MARK)
    if not isinstance(marked, str):
        return None
    try:
        found = msgspec.json.decode(marked, type=dict[str, Any])
        return str(found["name"]), dict(found["job"])
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return None


def without_defaults(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields less those that a server sets by itself to what they are."""
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "node_groups":
            kept[name] = {group: without_defaults(inner) for group, inner in value.items()}
        elif name in ("interface", "shares") and value:
            kept[name] = [without_defaults(inner) for inner in value]
        elif value not in _EMPTY and (name not in DEFAULTS or DEFAULTS[name] != value):
            kept[name] = value
    if not kept.get("volumes_per_node") and "node_groups" not in kept:
        for name in _VOLUMES:
            kept.pop(name, None)
    return kept


def body(section: str, fields: Mapping[str, Any], names: Names, version_field: str) -> dict[str, Any]:
    """Fields of the file as keywords of the client's methods.

    Args:
        section: the section.
        fields: fields and values, with nothing left to come from outside.
        names: ids of what they name.
        version_field: what the API version calls a plugin's version.
    """
    cluster = section in ("cluster_templates", "clusters")
    wire = _CLUSTER_WIRE if cluster else _WIRE
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "plugin_version":
            found[version_field] = value
        elif name == "node_groups":
            found[name] = [_group(group, inner, names) for group, inner in value.items()]
        elif name in ("mains", "libs"):
            found[name] = [names.id_of("job_binaries", one) for one in value]
        elif name == "interface":
            found[name] = [{"required": DEFAULTS["required"], **argument} for argument in value]
        elif name in _SECTION_OF:
            found[_PLAIN.get(name, wire.get(name, name))] = names.id_of(_SECTION_OF[name], value)
        else:
            found[wire.get(name, name)] = value
    return found


def _group(name: str, fields: Mapping[str, Any], names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name}
    for key, value in fields.items():
        if key == "template":
            found["node_group_template_id"] = names.id_of("node_group_templates", value)
        elif key in _SECTION_OF:
            found[_WIRE.get(key, key)] = names.id_of(_SECTION_OF[key], value)
        else:
            found[key] = value
    return found


def run_body(
    name: str, job: Mapping[str, Any], declared: Mapping[str, Any], names: Names, template_field: str
) -> dict[str, Any]:
    """The keywords that run a job.

    Args:
        name: its name in the project.
        job: its fields.
        declared: the same as the file says them, with places for what comes from outside.
        names: ids of what they name.
        template_field: what the API version calls the id of the job template.
    """
    mark = msgspec.json.encode({"name": name, "job": declared}, order="sorted").decode()
    configs = {member: job[member] for member in ("configs", "params", "args") if job.get(member)}
    found: dict[str, Any] = {
        template_field: names.id_of("job_templates", job["template"]),
        "cluster_id": names.id_of("clusters", job["cluster"]),
        "configs": {**configs, "configs": {**configs.get("configs", {}), MARK: mark}},
    }
    for member in ("input", "output"):
        if member in job:
            found[f"{member}_id"] = names.id_of("data_sources", job[member])
    return {**found, **{key: job[key] for key in ("interface", "is_public", "is_protected") if key in job}}
