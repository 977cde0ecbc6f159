"""What the network service keeps: networks and security groups."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from saharaclient.local.store.database import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


DEFAULT_NETWORKS = {"private": ("10.0.0.0/24", False), "public": ("172.24.4.0/24", True)}


def _new_id() -> str:
    return str(uuid.uuid4())


class Network(Base):
    """A network with its subnet; every project sees all of them."""

    __tablename__ = "network_networks"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_new_id)
    subnet_id: Mapped[str] = mapped_column(String(36), default=_new_id)
    name: Mapped[str] = mapped_column(String(255))
    project_id: Mapped[str] = mapped_column(String(64))
    cidr: Mapped[str] = mapped_column(String(64))
    external: Mapped[bool]


class Subnet(Base):
    """A subnet that somebody has made. The first networks have theirs in themselves."""

    __tablename__ = "network_subnets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_new_id)
    network_id: Mapped[str] = mapped_column(ForeignKey(Network.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    cidr: Mapped[str] = mapped_column(String(64))


class FloatingIP(Base):
    """A floating address that a project has. Nothing is behind it."""

    __tablename__ = "network_floating_ips"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_new_id)
    project_id: Mapped[str] = mapped_column(String(64), index=True)
    network_id: Mapped[str] = mapped_column(ForeignKey(Network.id, ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(45), unique=True)
    description: Mapped[str]
    port_id: Mapped[str | None] = mapped_column(String(36))


class SecurityGroup(Base):
    """A project's security group. It is kept and shown; nothing enforces it."""

    __tablename__ = "network_security_groups"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_new_id)
    project_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(default="")


class SecurityGroupRule(Base):
    """A rule of a security group."""

    __tablename__ = "network_security_group_rules"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_new_id)
    security_group_id: Mapped[str] = mapped_column(ForeignKey(SecurityGroup.id, ondelete="CASCADE"))
    fields: Mapped[dict[str, Any]]


def get_network(session: Session, id_: str) -> Network | None:
    """The network with an id."""
    return session.get(Network, id_)


def names(session: Session) -> dict[str, str]:
    """The names of all networks by their ids."""
    return {network.id: network.name for network in session.scalars(select(Network).order_by(Network.name))}


def get_security_group(session: Session, project_id: str, name_or_id: str) -> SecurityGroup | None:
    """A project's security group by id or name."""
    found = session.get(SecurityGroup, name_or_id)
    if found and found.project_id == project_id:
        return found
    return session.scalars(select(SecurityGroup).filter_by(project_id=project_id, name=name_or_id)).first()


def create_defaults(session: Session, project_ids: list[str]) -> None:
    """Makes the networks `private` and `public`, and a security group `default` for each project."""
    if session.scalar(select(Network).limit(1)) is None:
        for name, (cidr, external) in DEFAULT_NETWORKS.items():
            session.add(Network(name=name, project_id=project_ids[0], cidr=cidr, external=external))
    for project_id in project_ids:
        _ensure_default_group(session, project_id)


def _ensure_default_group(session: Session, project_id: str) -> None:
    if session.scalars(select(SecurityGroup).filter_by(project_id=project_id, name="default")).first() is None:
        new_group(session, SecurityGroup(project_id=project_id, name="default", description="Default security group"))


def new_group(session: Session, group: SecurityGroup) -> SecurityGroup:
    """Adds a security group with the rules that every one begins with."""
    session.add(group)
    session.flush()
    for ethertype in ("IPv4", "IPv6"):
        fields = {"direction": "egress", "ethertype": ethertype}
        session.add(SecurityGroupRule(security_group_id=group.id, fields=fields))
    session.flush()
    return group
