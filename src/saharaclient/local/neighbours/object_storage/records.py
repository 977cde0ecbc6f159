"""What object storage keeps: accounts, containers and objects in the database, contents in files named by random ids.

Names of objects never reach the file system. The HTTP side is in `routes.py`.
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

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

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


class ObjectStore:
    """The objects of all projects.

    Args:
        session: Session of the database.
        folder: Folder of their contents.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def container(self, project_id: str, name: str) -> Container | None:
        """A project's container of this name."""
        return self._session.scalar(select(Container).filter_by(project_id=project_id, name=name))

    def find(self, project_id: str, container: str, name: str) -> Object | None:
        """A project's object of this name."""
        found: Object | None = self._session.scalar(_objects(project_id, container).where(Object.name == name))
        return found

    def file(self, found: Object) -> Path:
        """The file that holds an object's content. Read it only: a new version of the object is a new file."""
        return self._folder / found.file

    def find_file(self, project_id: str, container: str, name: str) -> Path | None:
        """The file of the object of a name, see `file`; None where there is none."""
        found = self.find(project_id, container, name)
        return self.file(found) if found else None

    def find_under(self, project_id: str, container: str, name: str) -> dict[str, Object]:
        """All objects whose names go on after a name and a slash, by name; of an empty name, all of the container."""
        query = _objects(project_id, container)
        if name:
            query = query.where(Object.name.startswith(f"{name}/", autoescape=True))
        return {found.name: found for found in self._session.scalars(query.order_by(Object.name))}

    def find_beginning(self, project_id: str, container: str, start: str) -> list[Object]:
        """All objects whose names begin with a text, in the order of their names' bytes."""
        query = _objects(project_id, container).where(Object.name.startswith(start, autoescape=True))
        return sorted(self._session.scalars(query), key=lambda found: found.name.encode())

    def store(self, project_id: str, container: str, name: str, upload: Upload) -> None:
        """Stores an upload as an object, in a container that is made if it is missing. Its file is moved.

        Args:
            project_id: Whose account.
            container: The container's name.
            name: The object's name.
            upload: The content, on the file system of the folder.
        """
        record = self.container(project_id, container)
        if record is None:
            record = Container(project_id=project_id, name=container, meta={})
            self._session.add(record)
            self._session.flush()
        self.keep(record, name, upload, "application/octet-stream", {})

    def keep(
        self, container: Container, name: str, upload: Upload, content_type: str, headers: dict[str, Any]
    ) -> Object:
        """Records an upload as an object. The content it replaces goes with the end of the transaction."""
        found = self._session.scalar(select(Object).filter_by(container_id=container.id, name=name))
        old = self.file(found) if found else None
        if found is None:
            found = Object(container_id=container.id, name=name)
            self._session.add(found)
        found.file, found.size, found.etag = uuid.uuid4().hex, upload.size, upload.md5
        found.content_type, found.headers, found.modified_at = content_type, headers, now()
        remove_after_rollback(self._session, self.file(found))
        upload.move_to(self.file(found))
        self._session.flush()
        if old:
            remove_after_commit(self._session, old)
        return found

    def delete(self, found: Object) -> None:
        """Forgets an object; its content goes with the end of the transaction."""
        self._session.delete(found)
        remove_after_commit(self._session, self.file(found))

    def delete_leftovers(self) -> None:
        """Deletes contents that no object has."""
        remove_unknown(self._folder, set(self._session.scalars(select(Object.file))))


def _objects(project_id: str, container: str) -> Select[Any]:
    return select(Object).join(Container).where(Container.project_id == project_id, Container.name == container)
