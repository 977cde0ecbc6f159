"""The facts of the kinds of resources in a project: what refers to what, and what can be changed in place. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saharaclient.project import types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saharaclient.project.types import Entry

DATA_SOURCE = re.compile(r"datasource://([A-Za-z0-9][A-Za-z0-9\-_.]*)")
NEIGHBOURS = ("flavors", "networks", "keypairs")  # what other services know, by name


@dataclass(frozen=True)
class Kind:
    """A kind of resource.

    Attributes:
        section: its section in a project file.
        noun: what messages call one of it.
        type: the entries.
        references: fields that name others, and the section of those.
        in_place: fields that can be changed on what is there; None is all of them.
        held_by: kinds that hold it: while they use it, its other fields can't be changed.
        sent_only: fields that no server tells, so that they can't be compared.
    """

    section: str
    noun: str
    type: type[Entry]
    references: Mapping[str, str] = field(default_factory=dict)
    in_place: frozenset[str] | None = None
    held_by: frozenset[str] = frozenset()
    sent_only: frozenset[str] = frozenset()


_SAID = frozenset({"description", "is_public", "is_protected"})
KINDS = {
    kind.section: kind
    for kind in (
        Kind("images", "image", types.Image),
        Kind("data_sources", "data source", types.DataSource, sent_only=frozenset({"credentials"})),
        Kind("job_binaries", "job binary", types.JobBinary, sent_only=frozenset({"credentials"})),
        Kind(
            "node_group_templates",
            "node group template",
            types.NodeGroupTemplate,
            references={"flavor": "flavors", "image": "images", "floating_ip_pool": "networks"},
            held_by=frozenset({"clusters"}),
        ),
        Kind(
            "cluster_templates",
            "cluster template",
            types.ClusterTemplate,
            references={"image": "images", "network": "networks"},
            held_by=frozenset({"clusters"}),
        ),
        Kind(
            "clusters",
            "cluster",
            types.Cluster,
            references={
                "template": "cluster_templates",
                "image": "images",
                "network": "networks",
                "keypair": "keypairs",
            },
            in_place=_SAID | {"shares"},
        ),
        Kind(
            "job_templates",
            "job template",
            types.JobTemplate,
            references={"mains": "job_binaries", "libs": "job_binaries"},
            in_place=_SAID,
        ),
        Kind(
            "jobs",
            "job",
            types.Job,
            references={
                "template": "job_templates",
                "cluster": "clusters",
                "input": "data_sources",
                "output": "data_sources",
            },
            in_place=frozenset({"is_public", "is_protected"}),
        ),
    )
}
_GROUP = {
    "template": "node_group_templates",
    "flavor": "flavors",
    "image": "images",
    "floating_ip_pool": "networks",
}


def references(section: str, given: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """What an entry names: the path of the field, the section of what it names, and its name.

    Args:
        section: the entry's section.
        given: its fields.
    """
    yield from _named(given, KINDS[section].references, ())
    for name, group in given.get("node_groups", {}).items():
        yield from _named(group, _GROUP, ("node_groups", name))
    if section == "jobs":
        for member in ("args", "params", "configs"):
            values = given.get(member, [])
            for key, value in values.items() if isinstance(values, dict) else enumerate(values):
                for match in DATA_SOURCE.finditer(str(value)):
                    yield (member, key), "data_sources", match[1]


def _named(
    given: Mapping[str, Any], fields: Mapping[str, str], path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    for name, section in fields.items():
        value = given.get(name)
        if isinstance(value, str):
            yield (*path, name), section, value
        elif isinstance(value, list):
            yield from (((*path, name, index), section, one) for index, one in enumerate(value))
