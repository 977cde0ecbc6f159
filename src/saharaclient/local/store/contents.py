"""Files whose records are in the database: they go when their records are gone for good, and are read to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sqlalchemy.orm import Session


def remove_after_commit(session: Session, path: Path) -> None:
    """Removes a file when the transaction that forgets it is in the database, not before: it could fail yet."""
    event.listen(session, "after_commit", lambda _session: path.unlink(missing_ok=True), once=True)


def remove_after_rollback(session: Session, path: Path) -> None:
    """Removes a new file if the transaction that records it fails."""
    event.listen(session, "after_rollback", lambda _session: path.unlink(missing_ok=True), once=True)


def remove_unknown(folder: Path, known: Collection[str]) -> None:
    """Removes files that no record names: a service that was killed between file and record leaves them."""
    for path in folder.glob("*"):
        if path.name not in known and not path.is_dir():
            path.unlink(missing_ok=True)
