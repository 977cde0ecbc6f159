"""Which instances a cluster has: planned for the counts of its node groups, and shown to engines as a specification."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.base import ClusterSpec, InstanceSpec
from saharaclient.local.neighbours.compute import records as compute
from saharaclient.local.sahara.records.clusters import Instance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.sahara.records.clusters import Cluster


@dataclass(frozen=True)
class Scaling:
    """What a cluster shall become. Its record keeps it while it is scaled.

    Args:
        counts: Counts by the node groups' ids, where they are to change.
        drop: Names or ids of the instances to go first, by the node groups' ids.
        groups: Ids of the node groups that are added.
        new: Names of the instances that are added; None before it is planned.
        going: Names of the instances that have to go; None before it is planned.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    drop: Mapping[str, Sequence[str]] = field(default_factory=dict)
    groups: Sequence[str] = ()
    new: Sequence[str] | None = None
    going: Sequence[str] | None = None

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Scaling | None:
        """From what `dump` gave."""
        return None if stored is None else cls(**stored)

    def dump(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


def spec_of(session: Session, cluster: Cluster, folder: Path, without: Collection[str] = ()) -> ClusterSpec:
    """A cluster as its engine knows it.

    Args:
        session: The session.
        cluster: The cluster.
        folder: Where the files of each cluster have a folder.
        without: Names of instances to leave out.
    """
    instances = []
    for group in cluster.node_groups:
        flavor = compute.get_flavor(session, group.flavor_id)
        vcpus, ram = (flavor.vcpus, flavor.ram) if flavor else (1, 512)
        instances += [
            InstanceSpec(i.instance_name, group.name, tuple(group.node_processes), vcpus, ram, group.node_configs)
            for i in group.instances
            if i.instance_name not in without
        ]
    instances.sort(key=lambda instance: _number(instance.name))
    return ClusterSpec(
        cluster.id,
        cluster.first_name,
        cluster.plugin_version,
        tuple(instances),
        folder / cluster.id,
        cluster.cluster_configs,
    )


def plan(session: Session, cluster: Cluster, wanted: Scaling, dead: Collection[str] = ()) -> Scaling:
    """Gives node groups the instances they lack, and chooses those that are too many, which stay for now.

    Args:
        session: The session.
        cluster: The cluster.
        wanted: What it shall become.
        dead: Names of instances that run no longer, which go after those that are to go first.

    Returns:
        The same, with the names of the instances.
    """
    used = [_number(i.instance_name) for group in cluster.node_groups for i in group.instances]
    number = max(used, default=-1) + 1
    new: list[str] = []
    going: list[str] = []
    for group in sorted(cluster.node_groups, key=lambda group: bool(group.instances)):
        count = wanted.counts.get(group.id, group.count)
        named = wanted.drop.get(group.id, ())
        candidates = [i for i in group.instances if i.instance_name in named or i.instance_id in named]
        candidates += [i for i in group.instances if i.instance_name in dead and i not in candidates]
        candidates += [i for i in reversed(group.instances) if i not in candidates]
        going += [i.instance_name for i in candidates[: max(len(group.instances) - count, 0)]]
        for _ in range(count - len(group.instances)):
            name = f"{cluster.first_name}-{group.name}-{number}".lower()
            group.instances.append(Instance(project_id=cluster.project_id, instance_name=name))
            new.append(name)
            number += 1
        group.count = count
    session.flush()
    return replace(wanted, new=new, going=going)


def remove(cluster: Cluster, names: Collection[str]) -> None:
    """Forgets instances; the counts of node groups are then what is there."""
    for group in cluster.node_groups:
        for instance in [one for one in group.instances if one.instance_name in names]:
            group.instances.remove(instance)
        group.count = len(group.instances)


def _number(instance_name: str) -> int:
    return int(instance_name.rsplit("-", 1)[1])
