"""The archive of Spark's classes, from which Java takes them read, checked and linked: Spark starts sooner.

It belongs to a Spark and a Java, so all services of a user share it: it is in the user's cache, and can be removed at
any time. Java itself looks whether it fits, and starts without it where it does not.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saharaclient.local.engines.java import Java

_FIRST_RELEASE = 17  # of Java, that knows all that is told it (see `java`)


def cache() -> Path:
    """Where archives are: `$SAHARA_LOCAL_CACHE`, else `sahara-local` in the user's cache folder (XDG)."""
    if given := os.environ.get("SAHARA_LOCAL_CACHE"):
        return Path(given).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sahara-local"


def path_for(spark_home: Path, spark_version: str, java: Java) -> Path | None:
    """Where the archive of a Spark on a Java is, or would be; None for a Java that makes none, or an unsafe cache."""
    folder = cache()
    if java.release < _FIRST_RELEASE or not _is_safe(folder):
        return None
    what = [(str(path), path.stat().st_mtime_ns) for path in (spark_home / "jars", java.home / "bin" / "java")]
    which = hashlib.sha256(repr(what).encode()).hexdigest()[:8]
    return folder / f"spark-{spark_version}-java-{java.version}-{which}.jsa"


def _is_safe(folder: Path) -> bool:
    """Whether nobody else can write what Java would run."""
    try:
        found = folder.stat()
    except OSError:
        return True  # it is made as this user's alone
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
