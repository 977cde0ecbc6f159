"""What is there of a service, running or not, and its end: read and done from outside, by its state folder alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.engines import processes
from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runtime import RuntimeMissing, SparkRuntime, find_java
from saharaclient.local.engines.spark import training
from saharaclient.local.sahara.jobs import retention
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.sahara.records.jobs import JobExecution
from saharaclient.local.server import state_folder, usage
from saharaclient.local.settings import Settings
from saharaclient.local.store.database import Database
from saharaclient.local.store.files import disk_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.orm import Session

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


def limits_of(given: Mapping[str, int]) -> retention.Limits:
    """What is kept of jobs that have ended.

    Args:
        given: Limits by the names of their settings; what is missing is the settings' default.
    """
    names = ("max_kept_runs", "max_kept_days", "max_kept_bytes")
    runs, days, size = (given.get(name, getattr(Settings, name)) for name in names)
    return retention.Limits(runs, days, size)


def prune(state: Path, limits: retention.Limits) -> str:
    """Removes files of jobs that have ended, whether the service runs or not.

    Returns:
        What was done, in words.

    Raises:
        StateError: the records are not in the folder.
    """
    with _session(state) as session:
        if session is None:
            raise state_folder.StateError(
                f"There is no service's database in {state}: nothing tells which jobs have ended."
            )
        gone = retention.prune(state / "jobs", session, limits)
        left = retention.kept(state / "jobs", session)
    size = usage.size(sum(run.size for run in gone))
    return f"Files of {len(gone)} jobs are gone, {size}; {_kept(left)}. Their records stay."


def _kept(runs: list[retention.Kept]) -> str:
    return f"those of {len(runs)} jobs are kept, {usage.size(sum(run.size for run in runs))}"


def prepare(tell: Callable[[str], None]) -> str:
    """Make the archive that Spark's classes come from, if there is none.

    Args:
        tell: Is told what goes on, once a second.

    Returns:
        What there is now.

    Raises:
        EngineError: Spark or Java is missing, or the archive cannot be made.
    """
    with tempfile.TemporaryDirectory() as folder:
        runtime = SparkRuntime.find(Path(folder))
        archive = runtime.archive
        if archive is None:
            raise EngineError(
                "No archive of Spark's classes can be made: that takes Java 17 or newer, a cache that nobody else can "
                "write, and a folder for temporary files in which programs may be run."
            )
        if archive.exists():
            return f"{archive} is there."
        training.again(archive)
        began, made = time.monotonic(), training.Training(delay=0)
        made.begin(runtime)
        try:
            while not made.wait(1.0):
                tell(f"Making {archive}: {time.monotonic() - began:.0f} s, of about 60")
        finally:
            made.stop()
    if not archive.exists():
        busy = "it takes 2 GiB of free memory and 1 GiB of free disk, and one process at a time makes it"
        raise EngineError(f"{archive} was not made: {training.failure(archive) or busy}.")
    return f"{archive}, {usage.size(archive.stat().st_size)}: Spark starts in less time with it."


def status(state: Path) -> dict[str, str]:
    """Facts about what is there for a state folder, by what they are called."""
    facts: dict[str, str] = {}
    limits: Mapping[str, int] = {}
    try:
        running, _ = state_folder.find_running(state)
    except state_folder.StateError:
        facts["Service"] = "does not run"
        facts["State folder"] = str(state)
        if not state.exists():
            return facts | {"State folder": f"{state} is not there"}
    else:
        facts["Service"] = f"{running.url}, process {running.pid}"
        limits = running.limits
    try:
        found = SparkRuntime.find(state / "java")
        java = find_java(found.version)
        facts["Spark"] = f"{found.version} ({found.home}), Java {java.version} ({java.home})"
        if found.archive is not None and found.archive.exists():
            facts["Its classes"] = f"{found.archive}, {usage.size(found.archive.stat().st_size)}"
    except RuntimeMissing as error:
        facts["Spark"] = str(error)
    of_owner = Counter(owner.relative_to(state).parts[:2] for owner in processes.owners(state).values())
    facts |= _records(state, limits_of(limits))
    facts["Processes"] = (
        ", ".join(f"{count} of {'/'.join(owner)[:18]}" for owner, count in sorted(of_owner.items()))
        or "none beside the service"
    )
    if facts["Service"] == "does not run":
        return facts | {"Disk": f"{usage.size(disk_use(state))} used by it"}
    return facts | usage.facts(running, state)


@contextlib.contextmanager
def _session(state: Path) -> Iterator[Session | None]:
    """A session that reads the records, or None where they are not in the folder."""
    file = state / "sahara.db"
    if not file.exists():
        yield None
        return
    database = Database(f"sqlite:///{file}")
    try:
        with database.session(read_only=True) as session:
            yield session
    finally:
        database.close()


def _records(state: Path, limits: retention.Limits) -> dict[str, str]:
    """Clusters and jobs, where the records are in the folder."""
    with _session(state) as session:
        if session is None:
            return {}
        clusters = session.scalars(select(Cluster).order_by(Cluster.name)).all()
        runs = Counter(session.scalars(select(JobExecution.status)))
        files = retention.kept(state / "jobs", session)
    told = [f"{one.name} ({one.plugin_name} {one.plugin_version}, {one.status})" for one in clusters]
    return {
        "Clusters": ", ".join(told) or "none",
        "Jobs": ", ".join(f"{count} {name}" for name, count in sorted(runs.items())) or "none",
        "Files of ended jobs": f"{_kept(files)}; at most {limits.runs} jobs, {limits.days} days, "
        f"{usage.size(limits.size)} (sahara-local prune)",
    }
