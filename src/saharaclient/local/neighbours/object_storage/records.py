"""What object storage keeps: accounts, containers and objects in the database, contents in files named by random ids.

Names of objects never reach the file system. The HTTP side is in `object_http.py`.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from saharaclient.local.store.contents import remove_after_commit, remove_after_rollback, remove_unknown
from saharaclient.local.store.database import Base

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.service import Service
    from saharaclient.local.store.uploads import Upload

MAX_CONTAINER_NAME, MAX_OBJECT_NAME = 256, 1024  # bytes


def now() -> datetime:
    """The time as records hold it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


class Container(Base):
    """A container of a project's account."""

    __tablename__ = "object_containers"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(MAX_CONTAINER_NAME))
    meta: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Object(Base):
    """An object; `file` names its content in the folder of contents."""

    __tablename__ = "object_objects"
    __table_args__ = (UniqueConstraint("container_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    container_id: Mapped[int] = mapped_column(ForeignKey(Container.id))
    name: Mapped[str] = mapped_column(String(MAX_OBJECT_NAME))
    file: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(BigInteger)
    etag: Mapped[str] = mapped_column(String(32))
    content_type: Mapped[str] = mapped_column(String(255))
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    modified_at: Mapped[datetime] = mapped_column(default=now)


class Account(Base):
    """The metadata of a project's account, once it has any."""

    __tablename__ = "object_accounts"

    project_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    meta: Mapped[dict[str, Any]] = mapped_column(default=dict)


def find_object(service: Service, session: Session, project_id: str, container: str, name: str) -> Path | None:
    """The file that holds an object's content. Read it only: a new version of the object is a new file."""
    found = get_object(session, project_id, container, name)
    return service.settings.objects / found.file if found else None


def find_objects(service: Service, session: Session, project_id: str, container: str, prefix: str) -> dict[str, Path]:
    """The files of all objects whose names start with a prefix, by name."""
    query = select(Object).join(Container).where(Container.project_id == project_id, Container.name == container)
    query = query.where(Object.name.startswith(prefix, autoescape=True)).order_by(Object.name)
    return {found.name: service.settings.objects / found.file for found in session.scalars(query)}


def store_object(
    service: Service, session: Session, project_id: str, container: str, name: str, upload: Upload
) -> None:
    """Stores an upload as an object, in a container that is made if it is missing. Its file is moved.

    Args:
        service: The service.
        session: Session of the database.
        project_id: Whose account.
        container: The container's name.
        name: The object's name.
        upload: The content, on the file system of the state folder.
    """
    if get_container(session, project_id, container) is None:
        session.add(Container(project_id=project_id, name=container, meta={}))
        session.flush()
    record = get_container(session, project_id, container)
    assert record is not None  # noqa: S101 - made above
    keep(service, session, record, name, upload, "application/octet-stream", {})


def delete_leftovers(service: Service, session: Session) -> None:
    """Deletes contents that no object has."""
    remove_unknown(service.settings.objects, set(session.scalars(select(Object.file))))


def get_container(session: Session, project_id: str, name: str) -> Container | None:
    """A project's container of this name."""
    return session.scalar(select(Container).filter_by(project_id=project_id, name=name))


def get_object(session: Session, project_id: str, container: str, name: str) -> Object | None:
    """A project's object of this name."""
    query = select(Object).join(Container).where(Container.project_id == project_id, Container.name == container)
    return session.scalar(query.where(Object.name == name))


def keep(
    service: Service,
    session: Session,
    container: Container,
    name: str,
    upload: Upload,
    content_type: str,
    headers: dict[str, Any],
) -> Object:
    """Records an upload as an object. The content it replaces goes with the end of the transaction."""
    found = session.scalar(select(Object).filter_by(container_id=container.id, name=name))
    old = found.file if found else None
    if found is None:
        found = Object(container_id=container.id, name=name)
        session.add(found)
    found.file, found.size, found.etag = uuid.uuid4().hex, upload.size, upload.md5
    found.content_type, found.headers, found.modified_at = content_type, headers, now()
    remove_after_rollback(session, service.settings.objects / found.file)
    upload.move_to(service.settings.objects / found.file)
    session.flush()
    if old:
        remove_after_commit(session, service.settings.objects / old)
    return found
