"""Where jobs find contents and leave them: the folders behind objects and internal binaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from saharaclient.local.neighbours.object_storage.records import ObjectStore

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Storage:
    """Where contents are kept, on one file system.

    Args:
        objects: Folder of the contents of objects.
        binaries: Folder of the contents of internal binaries.
        uploads: Folder of what is not kept yet.
    """

    objects: Path
    binaries: Path
    uploads: Path

    def object_store(self, session: Session) -> ObjectStore:
        """The objects, through a session."""
        return ObjectStore(session, self.objects)
