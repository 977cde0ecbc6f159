"""What a running service uses of this machine, and the limits that it was started with, as facts to show."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import psutil

from saharaclient.local.engines import processes
from saharaclient.local.store.files import disk_use

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.server.state_folder import Running

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024
# what a limit of the settings is called
_LIMITS = {
    "max_body_bytes": "Largest request",
    "max_upload_bytes": "Largest object",
    "max_binary_bytes": "Largest job binary",
}


def facts(running: Running, state: Path) -> dict[str, str]:
    """Facts about the service that runs on a state folder, by what they are called."""
    spark = processes.of(state)
    disk, memory = shutil.disk_usage(state), psutil.virtual_memory()
    limits = {_LIMITS[name]: size(limit) for name, limit in running.limits.items() if name in _LIMITS}
    return {
        "State folder": str(state),
        "Disk": f"{size(disk_use(state))} used by it, {size(disk.free)} of {size(disk.total)} free",
        "Memory": f"service {size(_memory([_process(running.pid)]))}, clusters and jobs {size(_memory([*spark]))} in "
        f"{len(spark)} processes, {size(memory.available)} of {size(memory.total)} free",
        **limits,
    }


def _process(pid: int) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid)
    return None


def _memory(of: list[psutil.Process | None]) -> int:
    return sum(memory(process) for process in of if process)


def memory(process: psutil.Process) -> int:
    """The bytes that a process has in memory; of what it shares with others, such as Spark's classes, its part."""
    with contextlib.suppress(psutil.Error):
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))  # pss: on Linux
    return 0


def size(number: float) -> str:
    """A number of bytes with its unit."""
    for unit in _UNITS[:-1]:
        if number < _STEP:
            return f"{number:.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"
        number /= _STEP
    return f"{number:.1f} {_UNITS[-1]}"
