"""Making plans: the reading around the decisions of `difference`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from saharaclient.project import cloud as clouds
from saharaclient.project import contents, desired, difference, neighbours, quotas
from saharaclient.project.kinds import KINDS, NEIGHBOURS, references
from saharaclient.project.plans import Plan
from saharaclient.project.problems import ProjectError, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from saharaclient.project.desired import Map, Wanted
    from saharaclient.project.document import Project
    from saharaclient.project.plans import Action


def plan(
    client: Any, project: Project, *, maps: Iterable[Map] = (), environment: Mapping[str, str] | None = None
) -> Plan:
    """What has to be done so that a cloud holds what a project says. It changes nothing.

    REST: a ``GET`` of the list of each kind of resource, and of flavors, networks, key pairs, images and plugins where
    the project names any: about 10 requests, however large it is, and one for each job binary whose URL does not say
    what its bytes are; where clusters are made or scaled, of flavors and of what the quotas of compute, network and
    block storage leave.

    Args:
        client: the data processing client, of either API version.
        project: the project.
        maps: names that stand for others in this cloud, each as section (``flavors``, ``networks``, ``images``,
            ``keypairs``), name in the file, name in the cloud; or ``versions``, for those of plugins.
        environment: the values from outside, default the process's environment.

    Returns:
        The plan.

    Raises:
        ProjectError: what is wrong, all at once, with lines: references that lead nowhere, unknown plugins, values that
            are not set, files that are not there, names that are not unique.
        APIException: what a server reports.
    """
    made, _, _ = planned(client, project, tuple(maps), os.environ if environment is None else environment)
    return made


def plan_destroy(client: Any, project: Project, *, maps: Iterable[Map] = ()) -> Plan:
    """What has to be deleted so that nothing of what a project names is left. It changes nothing.

    REST: a ``GET`` of the list of each kind of resource.

    Args:
        client: the data processing client, of either API version.
        project: the project.
        maps: as for `plan`.

    Returns:
        The plan; `apply` follows it.

    Raises:
        ProjectError: what can't be deleted: it is protected, or what the project does not name uses it.
        APIException: what a server reports.
    """
    made, _, _ = planned_destruction(client, project, tuple(maps))
    return made


def digests(project: Project) -> dict[str, str]:
    """What the bytes of a project's files are known by; files that can't be read are left out."""
    found = {}
    for name, binary in project.sections.job_binaries.items():
        if isinstance(binary.file, str):
            path = project.base / binary.file
            if path.is_file() and os.access(path, os.R_OK):
                found[name] = contents.digest_of(path)
    return found


def planned(
    client: Any, project: Project, maps: Sequence[Map], environment: Mapping[str, str]
) -> tuple[Plan, list[Wanted], clouds.Cloud]:
    """A plan, with what it was made from."""
    known = digests(project)
    cloud = _look(client, project, maps, known)
    wanted = desired.entries(project, environment, maps, cloud)
    problems = [*desired.unset(project, environment), *desired.check(project, wanted, cloud, known)]
    if problems:
        raise ProjectError(problems)
    actions, equal, refused = difference.actions(wanted, cloud, known)
    short, notes = quotas.check(client, cloud, actions, wanted)
    _refuse(project, wanted, [*refused, *short])
    made = _plan(project, maps, known)
    made.actions = _placed(project, wanted, actions)
    made.equal, made.unnamed, made.notes = equal, _unnamed(wanted, cloud), notes
    return made, wanted, cloud


def planned_destruction(client: Any, project: Project, maps: Sequence[Map]) -> tuple[Plan, list[Wanted], clouds.Cloud]:
    """A plan of deletions, with what it was made from."""
    cloud = _looked(client, project)
    environment = {name: name for name in _outside(project)}  # only names and references count here
    wanted = desired.entries(project, environment, maps, cloud)
    made = _plan(project, maps, {})
    actions, refused = difference.deletions(wanted, cloud)
    _refuse(project, wanted, refused)
    made.actions = _placed(project, wanted, actions)
    made.unnamed = _unnamed(wanted, cloud)
    return made, wanted, cloud


def _plan(project: Project, maps: Sequence[Map], known: Mapping[str, str]) -> Plan:
    return Plan(
        sections=project.sections,
        base=str(project.base.resolve()),
        file=project.origin.file,
        maps=list(maps),
        contents=dict(sorted(known.items())),
    )


def _outside(project: Project) -> set[str]:
    from saharaclient.project import values

    return {name for _, _, entry in project.entries() for _, name in values.names_in(entry.given())}


def _look(client: Any, project: Project, maps: Sequence[Map], known: Mapping[str, str]) -> clouds.Cloud:
    given = [(section, entry.given()) for section, _, entry in project.entries()]
    named = {kind for section, fields in given for _, kind, _ in references(section, fields)}
    sections = [section for section in KINDS if section != "jobs" or project.sections.jobs]
    cloud = _looked(client, project, sections, [what for what in NEIGHBOURS if what in named], binaries=known)
    mapped = any(kind == "versions" for kind, _, _ in maps)
    if mapped or {_plugin(fields) for _, fields in given if "plugin_name" in fields} - _plugins_there(cloud):
        cloud.plugins = clouds.plugins(client)
    new = {new for kind, _, new in maps if kind == "images"}
    images = project.sections.images.keys() - {old for kind, old, _ in maps if kind == "images"}
    if any(not cloud.named("images", name) for name in images | new):
        cloud.others["images"] = neighbours.names(client, "images", "?limit=1000")
    return cloud


def _looked(client: Any, project: Project, *args: Any, **options: Any) -> clouds.Cloud:
    """`clouds.look`; what may not be read is told with the lines of the project."""
    try:
        return clouds.look(client, *args, **options)
    except Unreadable as error:
        raise Unreadable(error.refusals, project.origin) from None


def _placed(project: Project, wanted: Sequence[Wanted], actions: Iterable[Action]) -> list[Action]:
    """The actions, with the places that the project's file has them at."""
    paths = {(one.section, one.name): one.path for one in wanted}
    places = {key: project.origin.problem(path, "") for key, path in paths.items()}
    return [msgspec.structs.replace(one, line=places[one.key].line, column=places[one.key].column) for one in actions]


def _plugin(fields: Mapping[str, Any]) -> tuple[Any, Any]:
    return fields.get("plugin_name"), fields.get("plugin_version")


def _plugins_there(cloud: clouds.Cloud) -> set[tuple[Any, Any]]:
    """Plugins and versions that something in the cloud is of, so that nobody need ask whether they exist."""
    sections = ("node_group_templates", "cluster_templates", "clusters")
    return {_plugin(one.entry) for section in sections for one in cloud.own(section)}


def _refuse(project: Project, wanted: Sequence[Wanted], refused: Iterable[tuple[tuple[str, str], str]]) -> None:
    paths = {(one.section, one.name): one.path for one in wanted}
    problems = [
        project.origin.problem(paths[key], f"the {KINDS[key[0]].noun} {key[1]} {reason}") for key, reason in refused
    ]
    if problems:
        raise ProjectError(problems)


def _unnamed(wanted: Sequence[Wanted], cloud: clouds.Cloud) -> list[tuple[str, str]]:
    named = {(one.section, one.name) for one in wanted}
    found = ((one.section, one.name) for section in KINDS for one in cloud.own(section))
    return [key for key in found if key not in named]


def kept_in(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        OSError: it can't be read.
        ValueError: it is no plan.
    """
    return Plan.from_json(path.read_bytes())
