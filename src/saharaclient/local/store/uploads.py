"""Request bodies that go straight to disk: received in pieces, limited, hashed, and gone again unless they are kept."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from typing import TYPE_CHECKING

from saharaclient.local.settings import MIB
from saharaclient.local.store.files import open_new, open_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO


PIECE = MIB  # bytes gathered before the disk is bothered
RESERVE = 8 * MIB  # of the disk, which contents do not take


class Upload:
    """A body on disk.

    Args:
        path: Where it is until it is kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._digest = hashlib.md5(usedforsecurity=False)

    @classmethod
    def copy_of(cls, paths: Iterable[Path], folder: Path) -> Upload:
        """Takes a copy of files, one behind the other, in a folder, as an upload."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upload = cls(folder / uuid.uuid4().hex)
        try:
            with open_new(upload.path) as file:
                for path in paths:
                    with open_plain(path) as source:
                        while piece := source.read(PIECE):
                            upload.add(file, piece)
        except BaseException:
            upload.path.unlink(missing_ok=True)
            raise
        return upload

    @property
    def md5(self) -> str:
        """MD5 of the content, in hexadecimal digits: what Swift and Glance call ETag and checksum."""
        return self._digest.hexdigest()

    def add(self, file: BinaryIO, piece: bytes) -> None:
        """Appends a piece.

        Raises:
            OSError: if the disk is full, but for what the records need: so that something can still be deleted.
        """
        if shutil.disk_usage(self.path.parent).free < len(piece) + RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        file.write(piece)
        self.size += len(piece)
        self._digest.update(piece)

    def move_to(self, target: Path) -> None:
        """Keeps the content as a file."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.replace(target)
