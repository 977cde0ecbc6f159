"""What is there of a service, running or not, and its end: read and done from outside, by its state folder alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.engines import processes
from saharaclient.local.engines.runtime import RuntimeMissing, SparkRuntime
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.sahara.records.jobs import JobExecution
from saharaclient.local.server import state_folder, usage
from saharaclient.local.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS = 60.0  # until a service that was asked to end is killed


def stop(state: Path, *, clusters: bool) -> str:
    """Ends the service that runs on a state folder, and with it its clusters and jobs if they are to go too.

    Args:
        state: The folder.
        clusters: Whether processes of clusters and jobs end as well; the next start brings the clusters up again.

    Returns:
        What was done, in words.
    """
    done = []
    pid = state_folder.holder(state)
    if pid is None:
        done.append(f"No service runs on {state}.")
    else:
        _end_service(state, pid)
        done.append(f"The service of {state} (process {pid}) has stopped.")
    left = processes.of(state)
    if left and clusters:
        processes.end([], state)
        done.append(f"{len(left)} processes of clusters and jobs have ended; the next start brings clusters up again.")
    elif left:
        done.append(f"{len(left)} processes of clusters and jobs run on: --clusters ends them too.")
    return "\n".join(done)


def _end_service(state: Path, pid: int) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        while state_folder.holder(state) == pid:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


def reset(state: Path) -> str:
    """Ends all that runs for a state folder and removes it.

    Raises:
        StateError: it holds what is not the service's.
    """
    state_folder.check(state)
    told = stop(state, clusters=True)
    shutil.rmtree(state, ignore_errors=True)
    return f"{told}\n{state} is gone."


def status(state: Path) -> dict[str, str]:
    """Facts about what is there for a state folder, by what they are called."""
    facts: dict[str, str] = {}
    try:
        running, _ = state_folder.find_running(state)
    except state_folder.StateError:
        facts["Service"] = "does not run"
        facts["State folder"] = str(state)
        if not state.exists():
            return facts | {"State folder": f"{state} is not there"}
    else:
        facts["Service"] = f"{running.url}, process {running.pid}"
    try:
        found = SparkRuntime.find(state / "java")
        facts["Spark"] = f"{found.version} ({found.home}), Java {found.java_home}"
    except RuntimeMissing as error:
        facts["Spark"] = str(error)
    of_owner = Counter(owner.relative_to(state).parts[:2] for owner in processes.owners(state).values())
    facts |= _records(state)
    facts["Processes"] = (
        ", ".join(f"{count} of {'/'.join(owner)[:18]}" for owner, count in sorted(of_owner.items()))
        or "none beside the service"
    )
    if facts["Service"] == "does not run":
        return facts | {"Disk": f"{usage.size(usage.stored(state))} used by it"}
    return facts | usage.facts(running, state)


def _records(state: Path) -> dict[str, str]:
    """Clusters and jobs, where the records are in the folder."""
    file = state / "sahara.db"
    if not file.exists():
        return {}
    database = Database(f"sqlite:///{file}")
    try:
        with database.session(read_only=True) as session:
            clusters = session.scalars(select(Cluster).order_by(Cluster.name)).all()
            runs = Counter(session.scalars(select(JobExecution.status)))
    finally:
        database.close()
    told = [f"{one.name} ({one.plugin_name} {one.plugin_version}, {one.status})" for one in clusters]
    return {
        "Clusters": ", ".join(told) or "none",
        "Jobs": ", ".join(f"{count} {name}" for name, count in sorted(runs.items())) or "none",
    }
