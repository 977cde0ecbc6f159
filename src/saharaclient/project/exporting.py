"""Writing down what stands in a cloud as a project: by name, without secrets, the same text each time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from saharaclient import bulk
from saharaclient._core import redact
from saharaclient.api import base
from saharaclient.project import cloud as clouds
from saharaclient.project import contents, reading, translation, values, writing
from saharaclient.project.document import Project
from saharaclient.project.kinds import KINDS, NEIGHBOURS, references
from saharaclient.project.problems import Problem, ProjectError
from saharaclient.project.types import SECTIONS, Sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "project.yaml"
FOLDER = "binaries"
_SWIFT = {"user": "SWIFT_USERNAME", "password": "SWIFT_PASSWORD"}
_S3 = {"accesskey": "S3_ACCESS_KEY", "secretkey": "S3_SECRET_KEY", "endpoint": "S3_ENDPOINT"}
_CREDENTIALS = {"swift": _SWIFT, "s3": _S3}
# What a cluster takes from its template unless it says something else.
_INHERITED = (
    "plugin_name",
    "plugin_version",
    "description",
    "cluster_configs",
    "anti_affinity",
    "image",
    "network",
    "use_autoconfig",
    "shares",
)


@dataclass
class Exported:
    """A project that was written down.

    Attributes:
        project: the project.
        files: the bytes of its files, by path beside the document.
        variables: what has to be set in the environment, and what for.
        lost: what could not be written down, with the reason.
    """

    project: Project
    files: dict[str, bytes] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The project as YAML, with what has to be set and what was lost as a comment at its beginning."""
        head = ["A data processing project: see `openstack dataprocessing plan`."]
        if self.variables:
            head += ["", "To be set in the environment:"]
            head += [f"  {name}: {purpose}" for name, purpose in sorted(self.variables.items())]
        if self.lost:
            head += ["", "Not carried over:", *(f"  {line}" for reason in self.lost for line in reason.splitlines())]
        return writing.text(self.project.sections, head)

    def write(self, folder: str | Path) -> Path:
        """Write the document and its files into a folder, which is made if need be.

        Returns:
            The path of the document.

        Raises:
            OSError: something can't be written.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            if data.startswith(b"#!"):
                (folder / name).chmod(0o755)
        path = folder / FILE
        path.write_text(self.text(), "utf-8")
        return path


def export(
    client: Any, only: Iterable[tuple[str, str]] = (), *, fetch: bool = False, last_runs: bool = False
) -> Exported:
    """Write down what stands in a cloud.

    REST: a ``GET`` of the list of each kind of resource, of flavors and networks; of the bytes of job binaries.

    Args:
        client: the data processing client, of either API version.
        only: kind and name of what is wanted, with all that it needs; by default everything.
        fetch: whether to take the bytes of job binaries in object storage along too; those that the service itself
            keeps always come along.
        last_runs: whether to write down the newest run of each job template as a job to run once; jobs that a project
            ran are always written down.

    Returns:
        The project with its files, what has to be set in the environment, and what could not be written down.

    Raises:
        ProjectError: something that is wanted is not there.
        APIException: what a server reports.
    """
    cloud = clouds.look(client, KINDS, NEIGHBOURS)
    exported = Exported(Project(Sections()))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (one for section in KINDS for one in cloud.own(section)):
        found.setdefault((one.section, one.name), _entry(one, cloud))
    if last_runs:
        found |= _runs(cloud)
    kept = _needed(found, list(only), exported)
    _take_bytes(client, cloud, kept, exported, fetch=fetch)
    document: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for section, name in sorted(kept):
        document[section][name] = _secrets_out((section, name), kept[section, name], exported)
    exported.project = Project(_structs(document, exported))
    return exported


def _structs(document: dict[str, dict[str, Any]], exported: Exported) -> Sections:
    """The entries; one that a file can't have, whatever the server has there, is told and left out."""
    for (section, *inner), message in [*reading.violations(document)]:
        name = inner[0] if inner else None
        if name is not None and document[section].pop(name, None) is not None:
            exported.lost.append(f"{KINDS[section].noun} {name}: {message}")
    return msgspec.convert(document, Sections)


def _entry(one: clouds.Found, cloud: clouds.Cloud) -> dict[str, Any]:
    """The fields of a resource that a file has to give, so that it becomes the same elsewhere."""
    if one.section == "jobs":
        return dict(one.entry)  # as a project once said it
    fields = dict(one.entry)
    if one.section == "clusters" and "template" in fields:
        _less_template(fields, cloud)
    if "node_groups" in fields:
        fields["node_groups"] = {name: _group(group, cloud) for name, group in fields["node_groups"].items()}
    fields = translation.without_defaults(fields)
    if one.section == "images":
        fields.setdefault("username", "")
    return dict(values.escaped(fields))


def _less_template(fields: dict[str, Any], cloud: clouds.Cloud) -> None:
    """Take away what a cluster has of its template."""
    found = cloud.named("cluster_templates", fields["template"])
    if not found:
        del fields["template"]
        return
    template = found[0].entry
    for name in _INHERITED:
        if fields.get(name) == template.get(name):
            fields.pop(name, None)
    groups = {name: _alike(group) for name, group in (template.get("node_groups") or {}).items()}
    own = {name: _alike(group) for name, group in (fields.get("node_groups") or {}).items()}
    different = {name: group for name, group in fields.get("node_groups", {}).items() if groups.get(name) != own[name]}
    if different:
        fields["node_groups"] = different
    else:
        fields.pop("node_groups", None)


def _alike(group: Mapping[str, Any]) -> dict[str, Any]:
    return translation.without_defaults(group)


def _group(group: Mapping[str, Any], cloud: clouds.Cloud) -> dict[str, Any]:
    """A node group less what it has of its template."""
    found = cloud.named("node_group_templates", group.get("template", ""))
    if not found:
        return {name: value for name, value in group.items() if name != "template"}
    template = found[0].entry
    return {
        name: value
        for name, value in group.items()
        if name in ("count", "template") or (value != template.get(name) and translation.DEFAULTS.get(name) != value)
    }


def _runs(cloud: clouds.Cloud) -> dict[tuple[str, str], dict[str, Any]]:
    """The newest run of each job template as a job to run once; one that a project ran is there already."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for run in cloud.runs:  # the newest first
        template = cloud.name_of("job_templates", str(run.get("job_template_id")))
        cluster = cloud.name_of("clusters", str(run.get("cluster_id")))
        name = template[:50]
        if ("jobs", name) in found or not (cloud.named("job_templates", template) and cloud.named("clusters", cluster)):
            continue
        configs = run.get("job_configs") or {}
        job: dict[str, Any] = {"template": template, "cluster": cluster}
        for member in ("input", "output"):
            if run.get(f"{member}_id"):
                job[member] = cloud.name_of("data_sources", run[f"{member}_id"])
        job |= {part: configs[part] for part in ("configs", "params", "args") if configs.get(part)}
        found["jobs", name] = dict(values.escaped(job))
    return found


def _needed(
    found: Mapping[tuple[str, str], dict[str, Any]],
    only: list[tuple[str, str]],
    exported: Exported,
) -> dict[tuple[str, str], dict[str, Any]]:
    """Of what was found, what is wanted and what that needs; of what others share, what is needed is told."""
    if missing := [key for key in only if key not in found]:
        raise ProjectError(
            Problem(0, 0, f"there is no {KINDS[section].noun} {name!r} in the cloud") for section, name in missing
        )
    left = only or list(found)
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    while left:
        key = left.pop()
        if key in kept:
            continue
        kept[key] = found[key]
        for _, section, name in references(key[0], found[key]):
            if (section, name) in found:
                left.append((section, name))
            elif section not in NEIGHBOURS:
                noun = KINDS[section].noun
                told = f"{KINDS[key[0]].noun} {key[1]}: it uses the {noun} {name}, which is another project's, or gone"
                exported.lost.append(told)
    return kept


def _take_bytes(
    client: Any,
    cloud: clouds.Cloud,
    kept: Mapping[tuple[str, str], dict[str, Any]],
    exported: Exported,
    *,
    fetch: bool,
) -> None:
    wanted = [
        (name, fields)
        for (section, name), fields in sorted(kept.items())
        if section == "job_binaries" and (fetch or fields["url"].startswith(contents.INTERNAL) or _ours(fields["url"]))
    ]
    ids = {one.name: one.id for one in cloud.own("job_binaries")}
    for outcome in bulk.each(lambda one: client.job_binaries.get_file(ids[one[0]]), wanted, clouds.WIDTH):
        name, fields = outcome.item
        path = f"{FOLDER}/{name}"
        if outcome.error is None and outcome.value is not None:
            exported.files[path] = outcome.value
        elif isinstance(outcome.error, base.APIException):
            told = f"job binary {name}: its bytes can't be had: {outcome.error}"
            if cloud.version.number == "2":
                told += "\n  servers up to Sahara 19 give them in API 1.1 alone"
            exported.lost.append(told)
            if not fields["url"].startswith(contents.INTERNAL):
                continue
        else:
            outcome.result()
        fields["file"] = path
        del fields["url"]


def _ours(url: str) -> bool:
    """Whether an object was put into storage from a file, by a project."""
    return contents.digest_in(url, None) is not None and url.startswith(f"swift://{contents.CONTAINER}/")


def _secrets_out(key: tuple[str, str], fields: dict[str, Any], exported: Exported) -> dict[str, Any]:
    """Fields with places for credentials, which no server tells, and in place of what looks like a secret."""
    section, _name = key
    if section in ("data_sources", "job_binaries"):
        scheme = urlsplit(fields.get("url") or "swift:").scheme if section == "job_binaries" else fields["type"]
        if places := _CREDENTIALS.get("s3" if scheme == "s3a" else scheme):
            for variable in places.values():
                exported.variables.setdefault(variable, f"to reach {scheme} storage with")
            fields["credentials"] = {member: values.place(variable) for member, variable in places.items()}
        return fields
    return dict(_masked(fields, key, (), exported))


def _masked(value: Any, key: tuple[str, str], path: tuple[str, ...], exported: Exported) -> Any:
    if isinstance(value, dict):
        return {name: _masked(inner, key, (*path, str(name)), exported) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key, path, exported) for inner in value]
    for _, variable in values.names_in(value):
        exported.variables.setdefault(variable, f"for the {KINDS[key[0]].noun} {key[1]}")
    secret = isinstance(value, str) and path and redact.redact({path[-1]: "x"}) != {path[-1]: "x"}
    if not secret or values.from_outside(value):
        return value
    variable = re.sub(r"[^A-Z0-9]+", "_", "_".join((key[1], *path[-1:])).upper()).strip("_")
    variable = variable if variable[:1].isalpha() else f"V_{variable}"
    exported.variables[variable] = f"{'.'.join(path)} of the {KINDS[key[0]].noun} {key[1]}"
    return values.place(variable)
