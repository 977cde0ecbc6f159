"""What the image service keeps: images in the database, contents in files named by their ids."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from saharaclient.local.store.contents import remove_unknown
from saharaclient.local.store.database import Base

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


DEFAULT_IMAGE = "local-spark"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Image(Base):
    """An image. What Sahara has registered about it is among its properties."""

    __tablename__ = "image_images"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid.uuid4()))
    name: Mapped[str] = mapped_column(String(255), default="")
    owner: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(30), default="queued")
    visibility: Mapped[str] = mapped_column(String(30), default="shared")
    protected: Mapped[bool] = mapped_column(default=False)
    os_hidden: Mapped[bool] = mapped_column(default=False)
    min_disk: Mapped[int] = mapped_column(default=0)
    min_ram: Mapped[int] = mapped_column(default=0)
    container_format: Mapped[str | None] = mapped_column(String(64))
    disk_format: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    checksum: Mapped[str | None] = mapped_column(String(32))
    tags: Mapped[list[str]] = mapped_column(default=list)
    properties: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=_now)
    updated_at: Mapped[datetime] = mapped_column(default=_now, onupdate=_now)


def get_image(session: Session, id_: str, project_id: str | None = None) -> Image | None:
    """The image with an id; with a project, only if that project may see it."""
    image = session.get(Image, id_)
    if image and project_id and image.visibility not in ("public", "community") and image.owner != project_id:
        return None
    return image


def list_images(session: Session, project_id: str) -> list[Image]:
    """The images a project may see, newest first."""
    visible = (Image.visibility == "public") | (Image.owner == project_id)
    return list(session.scalars(select(Image).where(visible).order_by(Image.created_at.desc(), Image.id)))


def create_defaults(session: Session, owner: str) -> None:
    """Makes the image `local-spark`, which stands for this machine; it is not registered with Sahara."""
    if session.scalar(select(Image).limit(1)) is None:
        session.add(
            Image(
                name=DEFAULT_IMAGE,
                owner=owner,
                status="active",
                visibility="public",
                container_format="bare",
                disk_format="raw",
                size=0,
                checksum="d41d8cd98f00b204e9800998ecf8427e",
                tags=[],
                properties={},
            )
        )


def delete_leftovers(session: Session, folder: Path) -> None:
    """Deletes contents that no image has."""
    remove_unknown(folder, set(session.scalars(select(Image.id).where(Image.status == "active"))))
