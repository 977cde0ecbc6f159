"""Files of the state folder: only their owner reads them, and a link or pipe in their place is not followed.

Jobs run as the service's own user and can put anything in the place of a file of their folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

PRIVATE = 0o600
PROGRAM = 0o500  # of a content with several names: what is written there would be in all of them
NO_FILE = (errno.ELOOP, errno.ENOTDIR, errno.ENXIO)  # a link, something below a file, a socket


def open_new(path: Path) -> BinaryIO:
    """Opens a file to write that is not there yet."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb")


def open_plain(path: Path) -> BinaryIO:
    """Opens a file to read.

    Raises:
        FileNotFoundError: if it is not there, or is anything but a file: a link, a folder, a pipe.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _no_file(path) if error.errno in NO_FILE else error from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return os.fdopen(descriptor, "rb")


def _no_file(path: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "This is no file", str(path))


def link(source: Path, target: Path) -> None:
    """Gives a content that nobody changes a second name, by which its owner can run it; copies where that can't be."""
    with open_plain(source) as read:
        with contextlib.suppress(OSError):  # another file system, or too many names
            os.link(source, target, follow_symlinks=False)
            if not os.path.samestat(os.lstat(target), os.fstat(read.fileno())):
                target.unlink()  # what took its place since it was opened
        if not target.exists():
            with open_new(target) as written:
                shutil.copyfileobj(read, written)
    target.chmod(PROGRAM)


def disk_use(folder: Path, *, shared: bool = True) -> int:
    """Bytes that the files of a folder take on the disk; some may go meanwhile.

    Args:
        folder: The folder.
        shared: Whether contents count that have names elsewhere too; those with several names count once.
    """
    total, seen = 0, set()
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            several = not stat.S_ISDIR(found.st_mode) and found.st_nlink > 1
            if not several or (shared and (found.st_dev, found.st_ino) not in seen):
                total += found.st_blocks * 512
            if several:
                seen.add((found.st_dev, found.st_ino))
    return total


def copy(source: Path, target: Path) -> None:
    """Copies a file to a path where nothing is yet."""
    with open_plain(source) as read, open_new(target) as written:
        shutil.copyfileobj(read, written)
