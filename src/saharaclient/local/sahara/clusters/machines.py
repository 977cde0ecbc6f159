"""The instances of clusters as the neighbours show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.neighbours.machines import Machine
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_STATUS = {ClusterStatus.ACTIVE: "ACTIVE", ClusterStatus.ERROR: "ERROR"}


def machines(session: Session, project_id: str) -> list[Machine]:
    """The instances of a project's clusters, in the order of their names.

    Args:
        session: A session.
        project_id: The project.
    """
    found = [
        Machine(
            id=instance.instance_id,
            name=instance.instance_name,
            project_id=project_id,
            status=_STATUS.get(ClusterStatus(cluster.status), "BUILD"),
            flavor_id=group.flavor_id,
            image_id=group.image_id or cluster.default_image_id,
            key_name=cluster.user_keypair_id,
            network_id=cluster.neutron_management_network,
            address=instance.management_ip,
            created_at=instance.created_at,
            updated_at=instance.updated_at or instance.created_at,
            cluster_id=cluster.id,
        )
        for cluster in session.scalars(select(Cluster).filter_by(project_id=project_id))
        for group in cluster.node_groups
        for instance in group.instances
    ]
    return sorted(found, key=lambda machine: (machine.name, machine.id))
