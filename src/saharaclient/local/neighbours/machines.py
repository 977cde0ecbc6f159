"""The instances of clusters as compute shows servers and the network shows their ports. Sahara hands them over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  (dataclass fields are resolved by those who inspect them)


@dataclass(frozen=True, slots=True)
class Machine:
    """One instance of a cluster.

    Args:
        id: its id.
        name: its name.
        project_id: the project of its cluster.
        status: ``BUILD``, ``ACTIVE`` or ``ERROR``.
        flavor_id: its size.
        image_id: what it would be started from.
        key_name: the key pair of its cluster.
        network_id: the network of its cluster.
        address: where it is.
        created_at: when it was planned.
        updated_at: when it was changed.
        cluster_id: its cluster.
    """

    id: str
    name: str
    project_id: str
    status: str
    flavor_id: str
    image_id: str | None
    key_name: str | None
    network_id: str | None
    address: str | None
    created_at: datetime
    updated_at: datetime
    cluster_id: str

    @property
    def port_id(self) -> str:
        """The id of its port on the cluster's network."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"port of {self.id}"))
