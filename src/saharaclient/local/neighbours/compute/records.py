"""What compute keeps: flavors and the public keys of key pairs."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from saharaclient.local.store.database import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


# name, MiB of memory, GiB of disk and processors by id
DEFAULT_FLAVORS = {
    "1": ("m1.tiny", 512, 1, 1),
    "2": ("m1.small", 2048, 20, 1),
    "3": ("m1.medium", 4096, 40, 2),
    "4": ("m1.large", 8192, 80, 4),
}


class InvalidKey(ValueError):
    """A text that is no public key."""


class Flavor(Base):
    """A size of machine: what a worker of a cluster may use."""

    __tablename__ = "compute_flavors"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    ram: Mapped[int]  # MiB
    disk: Mapped[int]  # GiB
    vcpus: Mapped[int]
    extra_specs: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Keypair(Base):
    """The public key of a user's key pair. Private keys are never kept."""

    __tablename__ = "compute_keypairs"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    public_key: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC).replace(tzinfo=None))


def get_flavor(session: Session, id_: str) -> Flavor | None:
    """The flavor with an id."""
    return session.get(Flavor, str(id_))


def get_keypair(session: Session, user_id: str, name: str) -> Keypair | None:
    """A user's key pair by its name."""
    return session.scalar(select(Keypair).filter_by(user_id=user_id, name=name))


def create_defaults(session: Session, user_ids: list[str]) -> None:
    """Makes the flavors m1.tiny to m1.large, and a key pair `default` for each user."""
    if session.scalar(select(Flavor).limit(1)) is None:
        for id_, (name, ram, disk, vcpus) in DEFAULT_FLAVORS.items():
            session.add(Flavor(id=id_, name=name, ram=ram, disk=disk, vcpus=vcpus, extra_specs={}))
        for user_id in user_ids:
            public_key, _private_key = generate_key()
            session.add(new_keypair(user_id, "default", public_key))


def generate_key() -> tuple[str, str]:
    """A new key pair: the public key as SSH writes it, and the private one."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return public.decode(), private.decode()


def new_keypair(user_id: str, name: str, public_key: str) -> Keypair:
    """A record of a public key, not added to a session. Raises InvalidKey for a text that is none."""
    try:
        raw = base64.b64decode(public_key.split()[1], validate=True)
        serialization.load_ssh_public_key(public_key.strip().encode())
    except (ValueError, IndexError) as error:
        raise InvalidKey(f"Keypair data is invalid: failed to read the public key: {error}") from None
    except Exception as error:
        raise InvalidKey(f"Keypair data is invalid: {error}") from None
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    fingerprint = ":".join(digest[i : i + 2] for i in range(0, 32, 2))
    return Keypair(user_id=user_id, name=name, public_key=public_key, fingerprint=fingerprint)
