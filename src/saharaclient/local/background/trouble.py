"""Trouble of the machine, not of a request: no room on the disk, a database that cannot be reached or is too busy.

It passes: requests are told so (`server/errors.py`), and work in the background waits and goes on.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = logging.getLogger(__name__)
PAUSE = 0.5  # seconds until work that had trouble is tried again
FULL = (errno.ENOSPC, errno.EDQUOT)
POSTGRESQL_FULL = "53100"


def is_full(error: BaseException) -> bool:
    """Whether there was no room on a disk, the service's own or its database's."""
    if isinstance(error, OperationalError):
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        return getattr(cause, "sqlstate", None) == POSTGRESQL_FULL
    return isinstance(error, OSError) and error.errno in FULL


def will_pass(error: BaseException) -> bool:
    """Whether the same may go well later."""
    return isinstance(error, OperationalError) or is_full(error)


def patiently(work: Callable[[], None], again: Callable[[], None], stopped: Callable[[float], bool], what: str) -> None:
    """Does work in the background; where it has trouble that passes, waits and goes on.

    Args:
        work: What to do.
        again: What to do after trouble, as after a restart: what the record then asks for.
        stopped: Waits so many seconds; whether the service has stopped meanwhile, which ends this.
        what: What the log calls it.
    """
    while True:
        try:
            work()
            return
        except Exception as error:
            if not will_pass(error):
                raise
            LOG.warning("%s is tried again: %s", what, error)
        if stopped(PAUSE):
            return
        work = again
