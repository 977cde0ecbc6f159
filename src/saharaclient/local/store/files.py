"""Files of the state folder: only their owner reads them, and a link or pipe in their place is not followed.

Jobs run as the service's own user and can put anything in the place of a file of their folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

PRIVATE = 0o600
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


def copy(source: Path, target: Path) -> None:
    """Copies a file to a path where nothing is yet."""
    with open_plain(source) as read, open_new(target) as written:
        shutil.copyfileobj(read, written)
