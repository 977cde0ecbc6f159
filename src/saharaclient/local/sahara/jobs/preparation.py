"""What an engine needs to launch a run: its binaries and data as files in the run's folder, its arguments resolved.

Nothing here writes to the database, so that copying large files keeps nobody waiting.
"""

from __future__ import annotations

import re
import secrets
import shutil
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.base import EngineError, JobSpec
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.jobs import data as object_data
from saharaclient.local.sahara.jobs.binaries import binary_file
from saharaclient.local.sahara.records import pages
from saharaclient.local.sahara.records.jobs import DataSource, JobTemplate
from saharaclient.local.store import files

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import ClusterSpec, Engine
    from saharaclient.local.sahara.jobs.storage import Storage
    from saharaclient.local.sahara.records.jobs import JobBinary, JobExecution

REFERENCE = re.compile(r"datasource://([A-Za-z0-9][A-Za-z0-9\-_.]*)")
# Names in a run's folder that are its engine's and this module's.
RESERVED = frozenset(
    ["stdout", "stderr", "result", "launch_command", "launch.json", "run.json", "cancelled", "supervisor.log"]
) | {object_data.FOLDER, object_data.UPLOADS}


@dataclass(frozen=True)
class Ground:
    """Where a run shall run.

    Args:
        engine: The engine of its cluster.
        cluster: The cluster, as the engine knows it.
        cluster_state: What the engine keeps of the cluster.
        folder: The run's folder.
        storage: Where contents are.
        may_lack: Whether the engine never looks into binaries, which may then be missing.
    """

    engine: Engine
    cluster: ClusterSpec
    cluster_state: dict[str, Any]
    folder: Path
    storage: Storage
    may_lack: bool


def prepare(ground: Ground, session: Session, run: JobExecution) -> tuple[JobSpec, dict[str, str]]:
    """Makes a run's folder anew.

    Args:
        ground: Where it shall run.
        session: A session, which may be read-only.
        run: The run.

    Returns:
        The specification for the engine, and the URLs of the data sources by their ids.

    Raises:
        SaharaError: A binary cannot be had.
        EngineError: Data cannot be had.
        OSError: A file cannot be written.
    """
    template = session.get_one(JobTemplate, run.job_template_id)
    shutil.rmtree(ground.folder, ignore_errors=True)  # an attempt that a kill of the service has ended
    ground.folder.mkdir(mode=0o700)
    sources = _Sources(ground, session, run)
    mains, libs = (
        tuple(_fetch(ground, session, binary) for binary in binaries) for binaries in (template.mains, template.libs)
    )
    configs = run.job_configs
    job = JobSpec(
        id=run.id,
        type=template.type,
        name=template.name,
        cluster=ground.cluster,
        cluster_state=ground.cluster_state,
        folder=ground.folder,
        mains=mains,
        libs=libs,
        configs={name: sources.resolve(value) for name, value in configs.get("configs", {}).items()},
        args=tuple(sources.resolve(value) for value in configs.get("args", [])),
        params={name: sources.resolve(value) for name, value in configs.get("params", {}).items()},
        input=sources.by_id(run.input_id),
        output=sources.by_id(run.output_id),
    )
    return job, sources.urls


def _fetch(ground: Ground, session: Session, binary: JobBinary) -> Path:
    target = ground.folder / binary.name
    if binary.name in RESERVED:
        raise EngineError(f"A job binary cannot be called '{binary.name}', as a file of the run is: rename it")
    try:
        source = binary_file(ground.storage, session, binary)
    except SaharaError:
        if ground.may_lack:
            return target
        raise
    files.copy(source, target)
    target.chmod(0o700)
    return target


class _Sources:
    """The data sources that a run names, by id, by `datasource://name`, or as input and output."""

    def __init__(self, ground: Ground, session: Session, run: JobExecution) -> None:
        self._ground = ground
        self._session = session
        self._run = run
        self._given: dict[str, str] = {}
        self.urls: dict[str, str] = {}

    def by_id(self, id_: str | None) -> str | None:
        """What the job is given for a data source."""
        return None if id_ is None else self._value(self._session.get_one(DataSource, id_))

    def resolve(self, value: Any) -> str:
        """A value with the data sources it names in place of their names."""
        text = str(value)
        project = self._run.project_id or ""
        source = pages.find(self._session, DataSource, text, project) if len(text) == 36 else None
        if source is not None:
            return self._value(source)

        def named(match: re.Match[str]) -> str:
            found = pages.find_named(self._session, DataSource, match.group(1), project)
            return self._value(found) if found is not None else match.group(0)

        return REFERENCE.sub(named, text)

    def _value(self, source: DataSource) -> str:
        """What the job is given for a data source; the same each time, for its name may hold random letters."""
        if source.id not in self._given:
            url = source.url.replace("%JOB_EXEC_ID%", self._run.id)
            url = re.sub(r"%RANDSTR\((\d+)\)%", lambda match: _random(int(match.group(1))), url)
            self.urls[source.id] = url
            given = self._ground.engine.data_url(self._ground.cluster, url)
            if given is None:
                store = self._ground.storage.object_store(self._session)
                given = object_data.fetch(store, source.project_id or "", url, self._ground.folder)
            self._given[source.id] = given
        return self._given[source.id]


def _random(length: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(length))
