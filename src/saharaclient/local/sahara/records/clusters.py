"""Sahara's tables of clusters and templates. Columns have the names of API 2.

`wire` lists the ones that a reply shows, in its order.
What API 1.1 calls them is in `sahara/api/versions.py`; jobs are in `jobs.py`.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, relationship

from saharaclient.local.store.database import Base
from saharaclient.states import ClusterStatus

COMMON = ("created_at", "updated_at", "id")


def new_id() -> str:
    """A new record's id."""
    return str(uuid.uuid4())


def now() -> datetime:
    """The present, as the tables keep it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def stack_suffix(id_: str) -> str:
    """What a cluster's stack has in its name behind the cluster's: two clusters may have had the same one."""
    return id_[:8]


class Record:
    """What every record has: an id, a project, and when it was made and changed."""

    wire: ClassVar[tuple[str, ...]] = ()
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    project_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime | None] = mapped_column()


class Shared:
    """Records with a name that other projects may see (`is_public`), or nobody may change (`is_protected`)."""

    name: Mapped[str] = mapped_column(String(255), index=True)
    description: Mapped[str | None] = mapped_column(Text)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_protected: Mapped[bool] = mapped_column(default=False)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """One name a project, and the order of lists."""
        table: str = cls.__tablename__  # type: ignore[attr-defined]
        return (
            UniqueConstraint("name", "project_id"),
            Index(f"ix_{table}_project", "project_id", "id"),
            Index(f"ix_{table}_project_name", "project_id", "name", "id"),
            Index(f"ix_{table}_public", "is_public", "id"),
        )


NODE = (
    "flavor_id image_id node_processes node_configs volumes_per_node volumes_size volumes_availability_zone "
    "volume_mount_prefix volume_type boot_from_volume boot_volume_type boot_volume_availability_zone "
    "boot_volume_local_to_instance floating_ip_pool security_groups auto_security_group availability_zone "
    "is_proxy_gateway volume_local_to_instance use_autoconfig shares"
)


class NodeFields:
    """What a node group is made of, in its template, in a cluster template and in a cluster."""

    flavor_id: Mapped[str] = mapped_column(String(36))
    image_id: Mapped[str | None] = mapped_column(String(36))
    node_processes: Mapped[list[str]] = mapped_column(default=list)
    node_configs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    volumes_per_node: Mapped[int] = mapped_column(BigInteger, default=0)
    volumes_size: Mapped[int | None] = mapped_column(BigInteger, default=0)
    volumes_availability_zone: Mapped[str | None] = mapped_column(Text)
    volume_mount_prefix: Mapped[str | None] = mapped_column(Text, default="/volumes/disk")
    volume_type: Mapped[str | None] = mapped_column(Text)
    boot_from_volume: Mapped[bool] = mapped_column(default=False)
    boot_volume_type: Mapped[str | None] = mapped_column(Text)
    boot_volume_availability_zone: Mapped[str | None] = mapped_column(Text)
    boot_volume_local_to_instance: Mapped[bool] = mapped_column(default=False)
    floating_ip_pool: Mapped[str | None] = mapped_column(Text)
    security_groups: Mapped[list[str] | None] = mapped_column()
    auto_security_group: Mapped[bool | None] = mapped_column(default=False)
    availability_zone: Mapped[str | None] = mapped_column(Text)
    is_proxy_gateway: Mapped[bool | None] = mapped_column(default=False)
    volume_local_to_instance: Mapped[bool | None] = mapped_column(default=False)
    use_autoconfig: Mapped[bool | None] = mapped_column(default=True)
    shares: Mapped[list[dict[str, Any]] | None] = mapped_column()


class NodeGroupTemplate(Record, Shared, NodeFields, Base):
    """The template of a node group."""

    __tablename__ = "node_group_templates"
    wire = (*COMMON, *["name", "description", "project_id", "plugin_name", "plugin_version", "is_default"],
            *NODE.split(), "is_public", "is_protected")  # fmt: skip
    plugin_name: Mapped[str] = mapped_column(String(80), index=True)
    plugin_version: Mapped[str] = mapped_column(String(80))
    is_default: Mapped[bool] = mapped_column(default=False)


class ClusterFields:
    """What a cluster has in common with its template."""

    plugin_name: Mapped[str] = mapped_column(String(80), index=True)
    plugin_version: Mapped[str] = mapped_column(String(80))
    cluster_configs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    default_image_id: Mapped[str | None] = mapped_column(String(36))
    anti_affinity: Mapped[list[str]] = mapped_column(default=list)
    neutron_management_network: Mapped[str | None] = mapped_column(String(36))
    use_autoconfig: Mapped[bool | None] = mapped_column(default=True)
    shares: Mapped[list[dict[str, Any]] | None] = mapped_column()
    domain_name: Mapped[str | None] = mapped_column(String(255))


CLUSTER = (
    "name description project_id plugin_name plugin_version cluster_configs default_image_id anti_affinity "
    "neutron_management_network use_autoconfig shares is_public is_protected domain_name"
)


class ClusterTemplate(Record, Shared, ClusterFields, Base):
    """The template of a cluster."""

    __tablename__ = "cluster_templates"
    wire = (*COMMON, *CLUSTER.split(), "is_default", "node_groups")
    is_default: Mapped[bool] = mapped_column(default=False)
    node_groups: Mapped[list[TemplateNodeGroup]] = relationship(
        cascade="all, delete-orphan", order_by="TemplateNodeGroup.position", lazy="selectin"
    )


class Cluster(Record, Shared, ClusterFields, Base):
    """A cluster. `engine_state` is what its engine wants to be handed back."""

    __tablename__ = "clusters"
    wire = (
        *COMMON,
        *CLUSTER.split(),
        *["trust_id", "is_transient", "anti_affinity_ratio", "management_public_key", "user_keypair_id"],
        *[
            "status",
            "status_description",
            "info",
            "cluster_template_id",
            "node_groups",
            "provision_progress",
            "verification",
        ],
    )
    trust_id: Mapped[str | None] = mapped_column(String(36))
    is_transient: Mapped[bool] = mapped_column(default=False)
    anti_affinity_ratio: Mapped[int] = mapped_column(default=1)
    management_public_key: Mapped[str] = mapped_column(Text)
    user_keypair_id: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(80), default=ClusterStatus.VALIDATING, index=True)
    status_description: Mapped[str] = mapped_column(Text, default="")
    info: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cluster_template_id: Mapped[str | None] = mapped_column(ForeignKey(ClusterTemplate.id), index=True)
    stack_name: Mapped[str] = mapped_column(String(80), default="")
    engine_state: Mapped[dict[str, Any] | None] = mapped_column()
    wanted: Mapped[dict[str, Any] | None] = mapped_column()  # while it is scaled: see `Clusters.scale`
    node_groups: Mapped[list[NodeGroup]] = relationship(
        cascade="all, delete-orphan", order_by="NodeGroup.position", lazy="selectin"
    )
    provision_progress: Mapped[list[ProvisionStep]] = relationship(
        cascade="all, delete-orphan", order_by="ProvisionStep.position", lazy="selectin"
    )
    verification: Mapped[Verification | None] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def first_name(self) -> str:
        """The name that the cluster was made with, which its instances keep when it is renamed."""
        return self.stack_name.removesuffix(stack_suffix(self.id))


class TemplateNodeGroup(Record, NodeFields, Base):
    """A node group of a cluster template."""

    __tablename__ = "template_node_groups"
    wire = (*COMMON, "name", *NODE.split(), "count", "node_group_template_id")
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    count: Mapped[int] = mapped_column(BigInteger)
    cluster_template_id: Mapped[str] = mapped_column(ForeignKey(ClusterTemplate.id), index=True)
    node_group_template_id: Mapped[str | None] = mapped_column(ForeignKey(NodeGroupTemplate.id), index=True)


class NodeGroup(Record, NodeFields, Base):
    """A node group of a cluster."""

    __tablename__ = "node_groups"
    wire = (*COMMON, "name", *NODE.split(), "count", "node_group_template_id", "instances")
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    count: Mapped[int] = mapped_column(BigInteger)
    cluster_id: Mapped[str] = mapped_column(ForeignKey(Cluster.id), index=True)
    node_group_template_id: Mapped[str | None] = mapped_column(ForeignKey(NodeGroupTemplate.id), index=True)
    instances: Mapped[list[Instance]] = relationship(
        cascade="all, delete-orphan", order_by="Instance.instance_name", lazy="selectin"
    )


class Instance(Record, Base):
    """One machine of a cluster."""

    __tablename__ = "instances"
    wire = (
        *COMMON,
        *["instance_id", "instance_name", "internal_ip", "management_ip", "storage_devices_number", "dns_hostname"],
    )
    node_group_id: Mapped[str] = mapped_column(ForeignKey(NodeGroup.id), index=True)
    instance_id: Mapped[str] = mapped_column(String(36), default=new_id)
    instance_name: Mapped[str] = mapped_column(String(120))
    internal_ip: Mapped[str | None] = mapped_column(String(45))
    management_ip: Mapped[str | None] = mapped_column(String(45))
    storage_devices_number: Mapped[int] = mapped_column(default=0)
    dns_hostname: Mapped[str | None] = mapped_column(String(255))


class ProvisionStep(Record, Base):
    """One step of a cluster's provisioning."""

    __tablename__ = "provision_steps"
    wire = (*COMMON, *["cluster_id", "project_id", "step_name", "step_type", "total", "successful", "events"])
    position: Mapped[int]
    cluster_id: Mapped[str] = mapped_column(ForeignKey(Cluster.id), index=True)
    step_name: Mapped[str] = mapped_column(String(80))
    step_type: Mapped[str] = mapped_column(String(80))
    total: Mapped[int]
    successful: Mapped[bool | None]
    events: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class Verification(Record, Base):
    """The last verification of a cluster."""

    __tablename__ = "verifications"
    wire = (*COMMON, "cluster_id", "status", "checks")
    cluster_id: Mapped[str] = mapped_column(ForeignKey(Cluster.id), index=True, unique=True)
    status: Mapped[str] = mapped_column(String(15))
    checks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class PluginLabels(Base):
    """The labels of a plugin that were changed, by scope, version and name."""

    __tablename__ = "plugin_labels"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)


@event.listens_for(Session, "before_flush")
def _mark_updated(session: Session, *_: Any) -> None:
    for record in session.dirty:
        if isinstance(record, Record) and session.is_modified(record, include_collections=False):
            record.updated_at = now()
