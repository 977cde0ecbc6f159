"""What a project wants of one cloud: its entries with names mapped and outer values put in, and checked. No I/O."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saharaclient.project import values
from saharaclient.project.kinds import KINDS, NEIGHBOURS, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from saharaclient.project.cloud import Cloud
    from saharaclient.project.document import Project
    from saharaclient.project.problems import Problem

Map = tuple[str, str, str]  # section, name in the file, name in this cloud
_BOOT = ("boot_from_volume", "boot_volume_type", "boot_volume_availability_zone", "boot_volume_local_to_instance")
_VOLUMES = (
    "volumes_size",
    "volume_type",
    "volumes_availability_zone",
    "volume_mount_prefix",
    "volume_local_to_instance",
)


@dataclass(frozen=True)
class Wanted:
    """An entry as one cloud shall have it.

    Attributes:
        section: its section.
        name: its name in this cloud.
        written: its fields as the file says them, but for mapped names.
        fields: the same with values from outside put in.
        path: where the file has it.
    """

    section: str
    name: str
    written: Mapping[str, Any]
    fields: Mapping[str, Any]
    path: tuple[str, str]


def entries(project: Project, environment: Mapping[str, str], maps: Sequence[Map], cloud: Cloud) -> list[Wanted]:
    """The entries of a project, in the order of the file.

    Args:
        project: the project.
        environment: the values from outside; what is not set stays as it is.
        maps: names that stand for others in this cloud.
        cloud: what knows ids that are given for names.
    """
    found: list[Wanted] = []
    for section, name, entry in project.entries():
        written = _mapped(section, entry.given(), maps, cloud)
        mapped = next((new for kind, old, new in maps if (kind, old) == (section, name)), name)
        fields = values.resolved(written, environment)
        found.append(Wanted(section, mapped, written, fields, (section, name)))
    return found


def unset(project: Project, environment: Mapping[str, str]) -> list[Problem]:
    """The values from outside that are not set."""
    return [
        project.origin.problem(
            (section, name, *path), f"{'.'.join(map(str, path))}: the environment has no {missing}: set it"
        )
        for section, name, entry in project.entries()
        for path, missing in values.names_in(entry.given())
        if missing not in environment
    ]


def _mapped(section: str, given: dict[str, Any], maps: Sequence[Map], cloud: Cloud) -> dict[str, Any]:
    """Fields in which what is mapped has its new name, and what is named by its id its name."""
    for path, kind, name in list(references(section, given)):
        if path[0] in ("args", "params", "configs"):
            continue
        new = next((new for mapped, old, new in maps if (mapped, old) == (kind, name)), name)
        if kind in (*NEIGHBOURS, "images"):
            new = cloud.name_of(kind, new)
        inner: Any = given
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = new
    versions = {old: new for kind, old, new in maps if kind == "versions"}
    if "plugin_version" in given:
        given["plugin_version"] = versions.get(given["plugin_version"], given["plugin_version"])
    if section == "images" and "tags" in given:
        given["tags"] = [versions.get(tag, tag) for tag in given["tags"]]
    return given


def check(project: Project, wanted: Sequence[Wanted], cloud: Cloud, contents: Mapping[str, str]) -> list[Problem]:
    """What is wrong with a project for a cloud.

    Args:
        project: the project, for lines.
        wanted: its entries.
        cloud: what stands there.
        contents: what the bytes of files are known by, by job binary.
    """
    named = {(one.section, one.name) for one in wanted}
    problems: list[Problem] = []
    for one in wanted:
        found = [*_references(one, named, cloud), *_rules(one, wanted, cloud, contents), *_identity(one, cloud)]
        not_set = {path for path, _ in values.names_in(one.fields)}  # told already, and nothing else can be said of it
        problems += [
            project.origin.problem((*one.path, *path), message) for path, message in found if path not in not_set
        ]
    return problems


def _references(one: Wanted, named: set[tuple[str, str]], cloud: Cloud) -> Iterator[tuple[tuple[Any, ...], str]]:
    for path, section, name in references(one.section, one.fields):
        if (section, name) in named or cloud.knows(section, name):
            continue
        if section == "keypairs" and cloud.named(one.section, one.name):
            continue  # a cluster's may be another user's, and nobody is told of those
        noun = KINDS[section].noun if section in KINDS else section.removesuffix("s")
        here = [known for kind, known in named if kind == section]
        there = [*(cloud.others.get(section) or {}).values(), *cloud.found.get(section, {})]
        near = difflib.get_close_matches(name, [*here, *there], n=1)
        advice = f"; did you mean {near[0]!r}?" if near else ""
        if section in (*NEIGHBOURS, "images"):
            advice += f" --map {noun}:{name}=OTHER takes another one"
        yield path, f"there is no {noun} {name!r}, neither in the file nor in the cloud{advice}"


def _identity(one: Wanted, cloud: Cloud) -> Iterator[tuple[tuple[Any, ...], str]]:
    noun = KINDS[one.section].noun
    found = cloud.named(one.section, one.name)
    if found and not found[0].mine and one.section not in ("images", "jobs"):
        yield (), f"another project shares a {noun} {one.name!r}, and Sahara takes no second: give it another name"
    if one.section != "jobs" and len([each for each in found if each.mine]) > 1:
        yield (), f"several {noun}s of the cloud are called {one.name!r}: rename or delete all but one"
    if one.section == "images" and not found:
        there = [key for key, name in (cloud.others.get("images") or {}).items() if one.name in (key, name)]
        if not there:
            yield (), f"there is no image {one.name!r} in the cloud; --map image:{one.name}=OTHER takes another one"
        elif len(there) > 1:
            yield (), f"several images of the cloud are called {one.name!r}: name it by its id"


def _rules(
    one: Wanted, wanted: Sequence[Wanted], cloud: Cloud, contents: Mapping[str, str]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    fields = one.fields
    if "plugin_name" in fields:
        yield from _plugin(fields, cloud)
    if one.section == "job_binaries":
        yield from _binary(one, cloud, contents)
    elif one.section == "node_group_templates":
        yield from _volumes(fields)
        if cloud.version.number != "2" and (boot := [name for name in _BOOT if name in fields]):
            yield (boot[0],), f"{boot[0]} needs API 2"
    elif one.section == "clusters" and "template" not in fields:
        missing = [name for name in ("plugin_name", "plugin_version", "node_groups") if name not in fields]
        if missing:
            yield (), f"a template, or {' and '.join(missing)} must be given"
    yield from _groups(one, wanted, cloud)


def _binary(one: Wanted, cloud: Cloud, contents: Mapping[str, str]) -> Iterator[tuple[tuple[Any, ...], str]]:
    fields = one.fields
    if ("file" in fields) == ("url" in fields):
        yield (), "either file or url must be given"
    elif "file" in fields and one.path[1] not in contents:
        yield ("file",), f"there is no file {fields['file']!r} beside the document, or it can't be read"
    swift = str(fields.get("url")).startswith("swift:") or ("file" in fields and not cloud.version.stores_binaries)
    if (
        swift
        and not cloud.named(one.section, one.name)
        and not {"user", "password"} <= {*fields.get("credentials", {})}
    ):
        yield (), "credentials with user and password must be given: clusters read object storage with them"


def _groups(one: Wanted, wanted: Sequence[Wanted], cloud: Cloud) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What is wrong with node groups: each needs a template or fields of its own."""
    fields, inherited = one.fields, set[str]()
    if one.section == "clusters" and "template" in fields:
        inherited = {*(template_of(fields["template"], wanted, cloud).get("node_groups") or {})}
    for name, group in (fields.get("node_groups") or {}).items():
        yield from ((("node_groups", name, *path), message) for path, message in _volumes(group))
        if "template" in group or name in inherited:
            continue
        if missing := [field for field in ("flavor", "node_processes") if field not in group]:
            yield ("node_groups", name), f"{name}: a template, or {' and '.join(missing)} must be given"


def _volumes(fields: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    given = [name for name in _VOLUMES if name in fields]
    if given and not fields.get("volumes_per_node") and "template" not in fields:
        yield (given[0],), f"{given[0]} counts only where volumes_per_node is above 0"
    if fields.get("volumes_per_node") and not fields.get("volumes_size") and "template" not in fields:
        yield ("volumes_per_node",), "volumes_size must be given too, above 0"


def _plugin(fields: Mapping[str, Any], cloud: Cloud) -> Iterator[tuple[tuple[Any, ...], str]]:
    name, version = fields["plugin_name"], fields.get("plugin_version")
    if cloud.plugins is None:
        return
    if name not in cloud.plugins:
        yield ("plugin_name",), f"what needs the plugin {name} can't run here: there are {', '.join(cloud.plugins)}"
    elif version is not None and version not in cloud.plugins[name]:
        known = ", ".join(cloud.plugins[name])
        advice = f"--map version:{version}=OTHER takes another one"
        yield ("plugin_version",), f"the plugin {name} has no version {version}: there are {known}; {advice}"


def template_of(name: str, wanted: Sequence[Wanted], cloud: Cloud) -> Mapping[str, Any]:
    """The fields of a cluster template, of the project or of the cloud; none if there is no such template."""
    return _fields_of("cluster_templates", name, wanted, cloud)


def groups_of(fields: Mapping[str, Any], wanted: Sequence[Wanted], cloud: Cloud) -> dict[str, Any]:
    """All node groups of a cluster: its own, and those of its template with what it says of them."""
    own = fields.get("node_groups") or {}
    groups = (
        dict(template_of(fields["template"], wanted, cloud).get("node_groups") or {}) if "template" in fields else {}
    )
    return {**groups, **{name: {**groups.get(name, {}), **group} for name, group in own.items()}}


def group_of(group: Mapping[str, Any], wanted: Sequence[Wanted], cloud: Cloud) -> Mapping[str, Any]:
    """All fields of a node group: its own, and those of its template that it does not say."""
    return (
        {**_fields_of("node_group_templates", group["template"], wanted, cloud), **group}
        if "template" in group
        else group
    )


def _fields_of(section: str, name: str, wanted: Sequence[Wanted], cloud: Cloud) -> Mapping[str, Any]:
    for one in wanted:
        if (one.section, one.name) == (section, name):
            return one.fields
    found = cloud.named(section, name)
    return found[0].entry if found else {}
