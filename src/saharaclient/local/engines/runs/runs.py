"""Runs as folders: started under a supervisor, followed and ended by what the folder tells. What is run is `types`'.

A run's folder holds ``launch_command`` (a script to read, and to run again by hand), ``stdout``, ``stderr``, ``result``
(the exit status), beside what the supervisor needs. The folder is all there is to know, so a run outlives the service.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import shlex
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.base import FILES, EngineError, RunStatus
from saharaclient.local.engines.processes import ProcessRecord, end, environment, spawn
from saharaclient.local.engines.runs import drivers, events, supervisor
from saharaclient.local.engines.runs.logs import failure_in, tail, uncaught_in
from saharaclient.local.engines.runs.properties import write_private
from saharaclient.local.store.files import open_plain
from saharaclient.states import JobStatus

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.engines.runs.launch import Launch

LOG = logging.getLogger(__name__)
_KILL, _KILL_SECONDS = "kill_command", 60.0
_START_SECONDS = 20.0
_SIGNALS = {"137": " (killed: by hand, or for want of memory)", "143": " (told to end)"}
_NO_TURN = "It waits for the cluster's tables, which one job or shell at a time can use"
_LONGEST = 64 * 1024  # bytes that are read of what a supervisor writes, and a job could


def start(folder: Path, launch: Launch) -> None:
    """Start a run; returns when its supervisor has taken it over.

    Raises:
        EngineError: The supervisor does not start.
    """
    settings, work = environment(folder, launch.environment), folder / FILES
    work.mkdir(mode=0o700, exist_ok=True)
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(launch.environment.items()))
    for name, command in (("launch_command", launch.command), (_KILL, launch.kill)):
        if command:
            write_private(folder / name, f"cd {shlex.quote(str(work))}\n{exports}exec {shlex.join(command)}\n")
    write_private(folder / "launch.json", json.dumps({"turn": str(launch.turn) if launch.turn else None}))
    if launch.turn:
        launch.turn.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-I", supervisor.__file__, str(folder)]
    try:
        record = spawn(command, environment=settings, folder=folder, log=folder / "supervisor.log")
    except OSError as error:
        raise EngineError(f"The job cannot be started: {error}") from error
    deadline = time.monotonic() + _START_SECONDS
    while not (folder / "run.json").exists():
        if not record.alive() or time.monotonic() > deadline:
            end([record], folder)
            raise EngineError(f"The job cannot be started: {failure_in(tail(folder / 'supervisor.log'))}")
        time.sleep(0.01)


def poll(folder: Path) -> RunStatus:
    """How a run stands."""
    supervised = _supervised(folder)  # asked first: one that ends now has written its result
    run = _read(folder / "run.json")
    if run is None:
        return RunStatus(JobStatus.RUNNING if supervised else JobStatus.PENDING)
    info = {"spark-path": str(folder), "client": "127.0.0.1"}
    started, finished = run["started_at"], run.get("finished_at")
    result = _text(folder / "result")
    info |= events.info(folder, running=result is None)
    if place := _text(folder / drivers.PLACE):
        info["driver"] = place
    if result is None:
        if supervised:
            waits = _NO_TURN if run["pid"] is None else events.waiting(folder)
            return RunStatus(JobStatus.RUNNING, waits, started_at=started, info=info)
        # Killed with its supervisor (by hand, by the machine's end or for want of memory): nothing of it may stay.
        _end([], folder)
        reason = "The job's supervisor was killed before the job had ended, or the machine was restarted."
        supervisor.write(folder / "run.json", json.dumps(run | {"finished_at": time.time(), "lost": reason}))
        supervisor.write(folder / "result", "137\n")
        return poll(folder)
    if (folder / "cancelled").exists():
        return RunStatus(JobStatus.KILLED, None, started, finished, info | {"result": result})
    if result == "0":
        return RunStatus(JobStatus.SUCCEEDED, None, started, finished, info | {"result": result})
    how = f"The job ended with exit status {result}{_SIGNALS.get(result, '')}"
    reason = run.get("lost") or f"{how}: {_last_words(folder)}"
    return RunStatus(JobStatus.FAILED, reason, started, finished, info | {"result": result})


def cancel(folder: Path) -> RunStatus:
    """End a run with all its processes; one that has ended stays as it was."""
    if poll(folder).status not in (JobStatus.PENDING, JobStatus.RUNNING):
        return poll(folder)
    supervisor.write(folder / "cancelled", "")
    run = _read(folder / "run.json")
    if run is None and not _supervised(folder):
        # Never launched: what a supervisor would have written, so that nothing launches it later.
        now = time.time()
        supervisor.write(folder / "run.json", json.dumps({"started_at": now, "pid": None, "finished_at": now}))
        supervisor.write(folder / "result", "130\n")
        return poll(folder)
    record = ProcessRecord.of(run["pid"]) if run and run.get("pid") and _supervised(folder) else None
    _end([record] if record else [], folder)
    return poll(folder)


def _end(records: list[ProcessRecord], folder: Path) -> None:
    """End all processes of a run, and then what of it is not on this machine."""
    end(records, folder)
    if not (folder / _KILL).exists():
        return
    with (folder / "supervisor.log").open("ab") as log:
        try:
            subprocess.run(  # noqa: S603 - the service wrote it
                ["/bin/sh", str(folder / _KILL)], env=environment(folder, {}), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, timeout=_KILL_SECONDS, check=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            LOG.warning("The driver of the run in %s may run on in its cluster: %s", folder, error)


def _last_words(folder: Path) -> str:
    # Spark prints what a Python program says on standard error among its output, and may fail itself when that ends.
    printed = tail(folder / "stdout")
    if uncaught := uncaught_in(printed):
        return uncaught
    said = failure_in(tail(folder / "stderr"))
    return said if said != failure_in("") else failure_in(printed)


def _supervised(folder: Path) -> bool:
    """Whether the run's supervisor lives: it holds the folder's lock."""
    with contextlib.suppress(FileNotFoundError), open_plain(folder / ".lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _text(path: Path) -> str | None:
    try:
        with open_plain(path) as file:
            return file.read(_LONGEST).decode(errors="replace").strip()
    except FileNotFoundError:
        return None


def _read(path: Path) -> dict[str, Any] | None:
    text = _text(path)
    return json.loads(text) if text else None
