"""Which instances a cluster has: planned for the counts of its node groups, and shown to engines as a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.engines.base import ClusterSpec, InstanceSpec
from saharaclient.local.neighbours.compute import records as compute
from saharaclient.local.sahara.records.clusters import Instance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.sahara.records.clusters import Cluster


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


def plan(
    session: Session,
    cluster: Cluster,
    counts: Mapping[str, int],
    drop: Mapping[str, list[str]],
    dead: Collection[str] = (),
) -> tuple[list[str], list[str]]:
    """Gives node groups the instances they lack, and chooses those that are too many, which stay for now.

    Args:
        session: The session.
        cluster: The cluster.
        counts: Counts by the node groups' ids, where they are to change.
        drop: Names or ids of the instances to go first, by the node groups' ids.
        dead: Names of instances that run no longer, which go next.

    Returns:
        Names of the new instances, and of those that have to go.
    """
    used = [_number(i.instance_name) for group in cluster.node_groups for i in group.instances]
    number = max(used, default=-1) + 1
    new: list[str] = []
    going: list[str] = []
    for group in sorted(cluster.node_groups, key=lambda group: bool(group.instances)):
        wanted = counts.get(group.id, group.count)
        named = drop.get(group.id, [])
        candidates = [i for i in group.instances if i.instance_name in named or i.instance_id in named]
        candidates += [i for i in group.instances if i.instance_name in dead and i not in candidates]
        candidates += [i for i in reversed(group.instances) if i not in candidates]
        going += [i.instance_name for i in candidates[: max(len(group.instances) - wanted, 0)]]
        for _ in range(wanted - len(group.instances)):
            name = f"{cluster.first_name}-{group.name}-{number}".lower()
            group.instances.append(Instance(project_id=cluster.project_id, instance_name=name))
            new.append(name)
            number += 1
        group.count = wanted
    session.flush()
    return new, going


def remove(cluster: Cluster, names: Collection[str]) -> None:
    """Forgets instances; the counts of node groups are then what is there."""
    for group in cluster.node_groups:
        for instance in [one for one in group.instances if one.instance_name in names]:
            group.instances.remove(instance)
        group.count = len(group.instances)


def _number(instance_name: str) -> int:
    return int(instance_name.rsplit("-", 1)[1])
