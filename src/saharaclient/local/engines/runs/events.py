"""What Spark tells of a run while it goes on and afterwards: its driver's web page, and its event logs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from saharaclient.local.store.files import open_plain

if TYPE_CHECKING:
    from pathlib import Path

UI, APPLICATION = "spark-ui", "application"
"""What `info` calls the driver's web page, which is there while it runs, and the id of its application."""

_FOLDER = "events"
_IN_PROGRESS, _ROLLED = ".inprogress", "eventlog_v2_"
_BEGINNING = 256 * 1024  # bytes of a log that are searched
_END = 1024  # bytes of it that hold the last line
_NO_ROOM = b"Initial job has not accepted any resources"
_PORT = re.compile(rb"Successfully started service 'SparkUI' on port (\d{1,5})\.")


def properties(folder: Path) -> dict[str, str]:
    """The Spark properties by which a driver writes its event log into a run's folder."""
    own = folder / _FOLDER
    own.mkdir(mode=0o700, exist_ok=True)
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": own.as_uri(),
        "spark.eventLog.compress": "true",
        "spark.eventLog.rolling.enabled": "false",
    }


def logs(folder: Path) -> list[Path]:
    """The event logs in a run's folder, of its applications in their order."""
    found = [path for path in (folder / _FOLDER).glob("[!.]*") if not path.is_symlink()]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def application(log: Path) -> str:
    """The id of the application whose event log this is."""
    return log.name.removesuffix(_IN_PROGRESS).partition(".")[0].removeprefix(_ROLLED)


def linked_name(log: Path, run: str) -> str:
    """A name for a log among those of all runs, from which Spark tells its kind."""
    return f"{_ROLLED}{run}_{application(log)}" if log.is_dir() else f"{run}_{log.name}"


def info(folder: Path, *, running: bool) -> dict[str, str]:
    """What a run's ``info`` says of its application; nothing as long as there is none."""
    try:
        found = logs(folder)
    except FileNotFoundError:  # renamed at its end, between two looks
        return {}
    told = {APPLICATION: application(found[-1])} if found else {}
    if running and (port := _port(folder)):
        told[UI] = f"http://127.0.0.1:{port}/"
    return told


def waiting(folder: Path) -> str | None:
    """What keeps a running job waiting, by the last line that Spark has written."""
    try:
        with open_plain(folder / "stderr") as file:
            file.seek(max(0, file.seek(0, 2) - _END))
            last = file.read().rstrip().rpartition(b"\n")[2]
    except OSError:
        return None
    return "No worker has room for it: all are busy, or too small for its executors" if _NO_ROOM in last else None


def _port(folder: Path) -> int | None:
    if not (folder / "spark.conf").exists():
        return None
    try:
        with open_plain(folder / "stderr") as file:
            said = _PORT.search(file.read(_BEGINNING))
    except OSError:
        return None
    return int(said[1]) if said else None
