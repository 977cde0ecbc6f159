"""The bytes of job binaries, wherever their URLs say: internal ones, which are files here, and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.records.jobs import JobBinaryInternal
from saharaclient.local.sahara.urls import split_url
from saharaclient.local.store.contents import remove_unknown

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.sahara.jobs.storage import Storage
    from saharaclient.local.sahara.records.jobs import JobBinary


def binary_file(storage: Storage, session: Session, binary: JobBinary) -> Path:
    """The file that holds a job binary's bytes; objects are those of the binary's own project.

    Raises:
        SaharaError: It cannot be had from here.
    """
    parts = split_url(binary.url)
    if parts.scheme == "internal-db":
        path: Path = storage.binaries / parts.netloc
        if not path.is_file():
            raise SaharaError("NOT_FOUND", f"The data of '{binary.url}' is gone", 404)
        return path
    if parts.scheme == "swift":
        container, name = parts.netloc.removesuffix(".sahara"), parts.path.removeprefix("/")
        found = storage.object_store(session).find_file(binary.project_id or "", container, name)
        if found is None:
            raise SaharaError("SWIFT_CLIENT_EXCEPTION", f"There is no object '{binary.url}' in the object store")
        return found
    raise SaharaError("NOT_IMPLEMENTED", f"This service cannot fetch '{binary.url}'", 501)


def delete_leftovers(storage: Storage, session: Session) -> None:
    """Deletes data of internal binaries that no record has."""
    remove_unknown(storage.binaries, set(session.scalars(select(JobBinaryInternal.id))))
