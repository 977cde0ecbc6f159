"""One thread at a time asks for a token of one authentication; the others wait for it as long as they have time.

keystoneauth1's plugins have a lock too, but wait for it without end. Whoever asks here first does not find it taken.
"""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from keystoneauth1 import exceptions

from saharaclient._core import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

_locks: WeakKeyDictionary[Any, threading.RLock] = WeakKeyDictionary()
_LOCK = type(threading.Lock())


@contextlib.contextmanager
def turn(auth: Any) -> Iterator[None]:
    """Within this block no other thread asks for a token of an authentication.

    Raises:
        keystoneauth1.exceptions.ConnectTimeout: another thread did until the deadline of this task.
    """
    lock = _locks.get(auth) or _locks.setdefault(auth, threading.RLock())
    left = min(bounds.current().left(), threading.TIMEOUT_MAX)
    if not lock.acquire(timeout=max(left, 0)):
        raise exceptions.ConnectTimeout("Another thread is waiting for a token, and this one has no time left")
    try:
        yield
    finally:
        lock.release()


def _forget() -> None:
    """In a child process nobody waits for a token, whatever its parent's threads did when it was made."""
    for auth in [*_locks]:
        if isinstance(theirs := getattr(auth, "_lock", None), _LOCK) and theirs.locked():
            auth._lock = threading.Lock()
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
