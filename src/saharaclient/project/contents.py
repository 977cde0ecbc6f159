"""The bytes of job binaries: kept under names that say what is in them, so that what stands there is known by its URL.

API 1.1 keeps them in the service itself, API 2 in object storage.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

CONTAINER = "sahara-uploads"
INTERNAL = "internal-db://"
_DIGITS = 12
_LONGEST_NAME = 50  # characters
_OBJECT = re.compile(rf"^swift://[^/]+/[^/]+-([0-9a-f]{{{_DIGITS}}})/[^/]+$")
_STORED = re.compile(rf"-([0-9a-f]{{{_DIGITS}}})$")


def digest_of(data: bytes | Path) -> str:
    """What a file's bytes are known by.

    Raises:
        OSError: it can't be read.
    """
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()[:_DIGITS]
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]


def object_key(name: str, digest: str, file: str) -> str:
    """The container and name of the object that keeps a file."""
    return f"{CONTAINER}/{name}-{digest}/{Path(file).name}"


def internal_name(name: str, digest: str) -> str:
    """The name under which the service keeps a file."""
    return f"{name[: _LONGEST_NAME - _DIGITS - 1]}-{digest}"


def digest_in(url: str, stored: str | None) -> str | None:
    """What the bytes are known by that a URL leads to, if it says.

    Args:
        url: a job binary's.
        stored: the name that the service keeps them under, if it does.
    """
    match = _STORED.search(stored) if stored is not None else _OBJECT.match(url)
    return match[1] if match else None
