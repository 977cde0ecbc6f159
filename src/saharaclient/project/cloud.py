"""What stands in a cloud, read in a few requests, several at once. It changes nothing."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions

from saharaclient import bulk
from saharaclient.api import base, versions
from saharaclient.project import contents, neighbours, translation
from saharaclient.project.kinds import KINDS, NEIGHBOURS, references
from saharaclient.project.problems import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

WIDTH = 8  # requests at once


@dataclass(frozen=True)
class Found:
    """Something that stands in a cloud.

    Attributes:
        section: its section in a project file.
        name: its name; of a run, the one that a project gave it.
        id: its id.
        info: what the server tells of it, with API 2's members.
        entry: the same in the fields of a project file.
        mine: whether it is this project's own.
    """

    section: str
    name: str
    id: str
    info: Mapping[str, Any]
    entry: Mapping[str, Any]
    mine: bool = True

    @property
    def status(self) -> str | None:
        """The state of a cluster or a run."""
        return (self.info.get("info") or {}).get("status") if self.section == "jobs" else self.info.get("status")


@dataclass
class Cloud:
    """What one look at a cloud found. Knows names by ids, and the other way round.

    Attributes:
        version: the facts of the API version.
        found: what is this project's own, and what of others is shared, by section and name.
        runs: runs that no project declared.
        others: names by id of what other services know; None where they can't be asked.
        plugins: versions by plugin; None if nobody asked.
        stored: names of bytes that the service keeps, by id.
        digests: what the bytes of job binaries are known by that were fetched, by id.
        project_id: the project; None if nobody says.
    """

    version: versions.Version
    found: dict[str, dict[str, list[Found]]] = field(default_factory=dict)
    runs: list[Mapping[str, Any]] = field(default_factory=list)
    others: dict[str, dict[str, str] | None] = field(default_factory=dict)
    plugins: dict[str, list[str]] | None = None
    stored: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    project_id: str | None = None
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    def own(self, section: str) -> Iterable[Found]:
        """What of a kind is this project's own, in the order of names."""
        for name in sorted(self.found.get(section, {})):
            yield from (one for one in self.found[section][name] if one.mine)

    @functools.cached_property
    def users(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Kind and name of what is this project's own and names something, by kind and name of that."""
        found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        for one in (one for section in KINDS for one in self.own(section)):
            for _, kind, name in references(one.section, one.entry):
                found.setdefault((kind, name), {})[one.section, one.name] = None
        return {key: [*its] for key, its in found.items()}

    def named(self, section: str, name: str) -> list[Found]:
        """What of a kind has a name; this project's own, if there is one, hides what others share."""
        found = self.found.get(section, {}).get(name, [])
        return [one for one in found if one.mine] or found

    def name_of(self, section: str, resource_id: str) -> str:
        """The name of an id; the id itself where nobody knows it, or where several have the name."""
        names = (self.others.get(section) or {}) if section in NEIGHBOURS else self._names.get(section, {})
        name = names.get(resource_id, resource_id)
        if section in (*NEIGHBOURS, "images") and sum(1 for other in names.values() if other == name) > 1:
            return resource_id
        return name

    def id_of(self, section: str, name: str) -> str:
        """The id of a name; the name itself where nobody knows it."""
        if section in NEIGHBOURS:
            known = self.others.get(section) or {}
            return next((key for key, other in known.items() if other == name), name)
        found = self.named(section, name)
        return found[0].id if found else name

    def knows(self, section: str, name: str) -> bool:
        """Whether something has a name, or an id, as far as can be said."""
        if section in NEIGHBOURS:
            known = self.others.get(section)
            return known is None or name in known or name in known.values()
        return bool(self.named(section, name))

    def owns(self, info: Mapping[str, Any]) -> bool:
        """Whether a resource is this project's own, as far as can be said."""
        return self.project_id is None or info.get("project_id", self.project_id) == self.project_id

    def add(self, section: str, name: str, resource_id: str) -> None:
        """Take note of what was made since."""
        self.found.setdefault(section, {})[name] = [Found(section, name, resource_id, {}, {})]

    def digest(self, binary: Found) -> str | None:
        """What the bytes of a job binary are known by, if that is known."""
        url = str(binary.info.get("url"))
        stored = self.stored.get(url.removeprefix(contents.INTERNAL)) if url.startswith(contents.INTERNAL) else None
        return contents.digest_in(url, stored) or self.digests.get(binary.id)


def managers(client: Any, version: versions.Version) -> dict[str, Any]:
    """The client's managers by section."""
    found = {section: section for section in KINDS}
    found |= {"job_templates": version.job_templates, "jobs": version.jobs}
    return {section: getattr(client, name) for section, name in found.items()}


def look(
    client: Any,
    sections: Collection[str] = tuple(KINDS),
    others: Collection[str] = NEIGHBOURS,
    *,
    binaries: Collection[str] = (),
) -> Cloud:
    """Read what stands in a cloud.

    Args:
        client: the data processing client.
        sections: the kinds of resources to read.
        others: what to ask other services for.
        binaries: names of job binaries whose bytes shall be known by a digest.

    Raises:
        Unreadable: what the login may not list, all of it.
        APIException: what a server reports.
    """
    version = versions.of(client)
    cloud = Cloud(version)
    listed: dict[str, list[dict[str, Any]]] = {}

    def of(section: str) -> Callable[[], None]:
        manager = managers(client, version)[section]
        return lambda: listed.__setitem__(section, [translation.of_version_2(one._info) for one in manager.list()])

    def of_neighbour(what: str) -> None:
        cloud.others[what] = neighbours.names(client, what)

    def of_stored() -> None:
        cloud.stored = {one.id: one.name for one in client.job_binary_internals.list()}

    calls = {section: of(section) for section in sections}
    calls |= {what: functools.partial(of_neighbour, what) for what in others}
    if version.stores_binaries and binaries:
        calls["job_binary_internals"] = of_stored
    refusals: dict[str, Exception] = {}
    for outcome in bulk.each(lambda call: call[1](), calls.items(), WIDTH):
        if isinstance(outcome.error, base.Forbidden):
            refusals[outcome.item[0]] = outcome.error
        else:
            outcome.result()
    if refusals:
        raise Unreadable(refusals)
    cloud.project_id = _project_id(client)
    _arrange(cloud, listed)
    _compare_bytes(client, cloud, binaries)
    return cloud


def plugins(client: Any) -> dict[str, list[str]]:
    """Versions by plugin, of those that the project may use."""
    return {plugin.name: list(plugin.versions) for plugin in client.plugins.list()}


def _project_id(client: Any) -> str | None:
    try:
        found: str | None = client.clusters.api.get_project_id()
    except exceptions.ClientException:
        return None
    return found


def _arrange(cloud: Cloud, listed: Mapping[str, list[dict[str, Any]]]) -> None:
    for section, infos in listed.items():
        if section != "jobs":
            cloud._names[section] = {info["id"]: str(info.get("name")) for info in infos}
    for section, infos in listed.items():
        by_name = cloud.found.setdefault(section, {})
        for info in sorted(infos, key=lambda one: str(one.get("created_at")), reverse=True):
            name = cloud.name_of(section, info["id"])
            if section == "jobs":
                declared = translation.declaration(info)
                if declared is None:
                    cloud.runs.append(info)
                    continue
                name = declared[0]  # of several runs the newest counts, which comes first
            mine = cloud.owns(info)
            entry = translation.observed(section, info, cloud)
            by_name.setdefault(name, []).append(Found(section, name, info["id"], info, entry, mine))


def _compare_bytes(client: Any, cloud: Cloud, binaries: Collection[str]) -> None:
    """Fetch the bytes of those job binaries of which nothing says what they are; what can't be had stays unknown."""
    unknown = [one for name in binaries for one in cloud.named("job_binaries", name) if cloud.digest(one) is None]
    for outcome in bulk.each(lambda one: client.job_binaries.get_file(one.id), unknown, WIDTH):
        if outcome.error is None and outcome.value is not None:
            cloud.digests[outcome.item.id] = contents.digest_of(outcome.value)
        elif not isinstance(outcome.error, base.APIException):
            outcome.result()
