"""Processes that outlive the service: started in a group of their own, known again later, ended without a trace.

A process is remembered by its id and its start time, so that an id which the system has given to another process
since is never signalled. Everything started for one owner (a cluster's or a run's folder, or one within it) also
carries the owner's mark in its environment, which its children inherit: what left the group, or was never recorded
because the service was killed, is found by that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MARK = "SAHARA_LOCAL_OWNER"
"""The environment variable that names the owner of a process."""

INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE")
"""All that a started process gets of the service's own environment: nothing that could be a secret."""

_children: list[subprocess.Popen[bytes]] = []
_children_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """Which process it is: its id, which is its group's too, and when it started."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The record of a live process, or None where there is none."""
        started = start_time(pid)
        return cls(pid, started) if started else None

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """The record that `dump` wrote."""
        return cls(int(stored["pid"]), str(stored["started"]))

    def dump(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return start_time(self.pid) == self.started


@cache
def _boot() -> str:
    """This boot of the machine: start times count from it."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return str(int(psutil.boot_time()))


def start_time(pid: int) -> str | None:
    """When a process started, in a form that no clock change alters; None if it is gone or waits to be reaped."""
    reap()
    if not sys.platform.startswith("linux"):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            return None if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
        return None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, field 2, is in parentheses and may hold anything; after it come the state and, 20th, the start in ticks.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else f"{_boot()}/{fields[19]}"


def environment(owner: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a process to start: what is harmless of the service's, the mark, and ``extra``."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {MARK: str(owner)} | dict(extra)


def spawn(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path, pass_fds: Sequence[int] = ()
) -> ProcessRecord:
    """Start a process in a session and group of its own, with no input and its output at the end of a log.

    Raises:
        OSError: It cannot be started.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603  (commands are ours, arguments are never parsed by a shell)
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
            umask=0o077,
        )
    # Not reaped yet, so the id is still this process's, even if it has ended already.
    record = ProcessRecord.of(child.pid) or ProcessRecord(child.pid, "ended")
    with _children_lock:
        _children.append(child)
    return record


def reap() -> None:
    """Take the ends of own children, so that none stays as a zombie."""
    with _children_lock:
        _children[:] = [child for child in _children if child.poll() is None]


def end(records: Iterable[ProcessRecord], owner: Path, *, grace: float = 5.0) -> None:
    """End process groups and everything else that carries the owner's mark; return when all of it is gone.

    Args:
        records: Leaders of the groups.
        owner: What the processes were started for.
        grace: Seconds they get to end by themselves (SIGTERM) before they are killed.

    Raises:
        TimeoutError: Something is left that even SIGKILL did not end within ten seconds.
    """
    records = list(records)
    for sign, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + patience
        pause = 0.01
        signalled: set[psutil.Process] = set()
        # One that is ending has lost its environment, and so its mark, before it closes its ports.
        while left := _left(records, owner) | {process for process in signalled if _runs(process)}:
            for process in left - signalled:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(sign)
            signalled |= left
            if time.monotonic() > deadline:
                break
            time.sleep(pause)
            pause = min(pause * 2, 0.2)
        else:
            reap()  # those that ended between the last look at own children and the last look at all processes
            return
    raise TimeoutError(f"processes of {owner} do not end: {sorted(process.pid for process in left)}")


def of(owner: Path) -> set[psutil.Process]:
    """The processes that carry an owner's mark."""
    return _left([], owner)


def owners(within: Path) -> dict[int, Path]:
    """The owners of all processes whose owners are in a folder, by the processes' ids."""
    found = {}
    for process in of(within):
        with contextlib.suppress(psutil.Error, OSError, KeyError):
            found[process.pid] = Path(process.environ()[MARK])
    return found


def running(owner: Path) -> int:
    """How many processes carry an owner's mark."""
    return len(of(owner))


def _left(records: Sequence[ProcessRecord], owner: Path) -> set[psutil.Process]:
    """What still runs of an owner: members of its groups, and whoever carries its mark."""
    reap()
    groups = {record.pid for record in records if record.alive()}
    found: set[psutil.Process] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            # A group whose leader has ended is found by the mark: the group's number could be another's by now.
            in_group = bool(groups) and os.getpgid(process.pid) in groups
            if in_group or _marked(process, owner):
                found.add(process)
    return found


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        if process.status() == psutil.STATUS_ZOMBIE:
            return process.num_threads() > 1  # the first thread has ended; others still hold the ports
        return process.is_running()
    return False


def _marked(process: psutil.Process, owner: Path) -> bool:
    mark = process.environ().get(MARK)
    return mark is not None and Path(mark).is_relative_to(owner)
