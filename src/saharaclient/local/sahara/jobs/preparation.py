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

from saharaclient.local.engines.base import FILES, EngineError, JobSpec
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.jobs import data as object_data
from saharaclient.local.sahara.jobs.binaries import binary_file
from saharaclient.local.sahara.records import pages
from saharaclient.local.sahara.records.jobs import DataSource, JobTemplate
from saharaclient.local.sahara.urls import is_uuid
from saharaclient.local.store import files

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import ClusterSpec, Engine
    from saharaclient.local.sahara.jobs.storage import Storage
    from saharaclient.local.sahara.records.jobs import JobBinary, JobExecution

REFERENCE = "datasource://"
BY_NAME, BY_ID = "edp.substitute_data_source_for_name", "edp.substitute_data_source_for_uuid"
ADAPT_FOR_SWIFT = "edp.spark.adapt_for_swift"


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


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to be launched.

    Args:
        job: The specification for the engine.
        urls: The URLs of the data sources by their ids.
        places: What of object storage the run was given, and may change.
    """

    job: JobSpec
    urls: dict[str, str]
    places: list[dict[str, Any]]


def prepare(ground: Ground, session: Session, run: JobExecution) -> Prepared:
    """Makes a run's folder anew.

    Args:
        ground: Where it shall run.
        session: A session, which may be read-only.
        run: The run.

    Raises:
        SaharaError: A binary cannot be had.
        EngineError: Data cannot be had.
        OSError: A file cannot be written.
    """
    template = session.get_one(JobTemplate, run.job_template_id)
    shutil.rmtree(ground.folder, ignore_errors=True)  # an attempt that a kill of the service has ended
    ground.folder.mkdir(mode=0o700)
    (ground.folder / FILES).mkdir(mode=0o700)
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
    return Prepared(job, sources.urls, [place.dump() for place in sources.places.values()])


def _fetch(ground: Ground, session: Session, binary: JobBinary) -> Path:
    target = ground.folder / FILES / binary.name
    if target.exists():
        raise EngineError(f"Two job binaries of this job are called '{binary.name}': rename one of them")
    try:
        source = binary_file(ground.storage, session, binary)
    except SaharaError:
        if ground.may_lack:
            return target
        raise
    files.link(source, target)
    return target


class _Sources:
    """The data that a run names: sources by id, by `datasource://name`, or as input and output, and objects by URL."""

    def __init__(self, ground: Ground, session: Session, run: JobExecution) -> None:
        self._ground = ground
        self._session = session
        self._run = run
        self._project = run.project_id or ""
        configs = run.job_configs.get("configs", {})
        self._by_name, self._by_id, self._by_url = (
            str(configs.get(name)).lower() == "true" for name in (BY_NAME, BY_ID, ADAPT_FOR_SWIFT)
        )
        self.urls: dict[str, str] = {}
        self.places: dict[tuple[str, str, str], object_data.Place] = {}

    def by_id(self, id_: str | None) -> str | None:
        """What the job is given for a data source."""
        return None if id_ is None else self._value(self._session.get_one(DataSource, id_))

    def resolve(self, value: Any) -> str:
        """A value, or what the job is given for the data that it names, where the job's configs ask for that."""
        text, source = str(value), None
        if text.startswith(REFERENCE):
            if self._by_name:
                source = pages.find_named(self._session, DataSource, text.removeprefix(REFERENCE), self._project)
        elif text.startswith("swift://"):
            source = pages.find_where(self._session, DataSource, DataSource.url == text, self._project)
            if source is None and self._by_url:
                return self._given(self._project, text)
        elif self._by_id and is_uuid(text):
            source = pages.find(self._session, DataSource, text, self._project)
        return text if source is None else self._value(source)

    def _value(self, source: DataSource) -> str:
        """What the job is given for a data source; the same each time, for its name may hold random letters."""
        if source.id not in self.urls:
            url = source.url.replace("%JOB_EXEC_ID%", self._run.id)
            self.urls[source.id] = re.sub(r"%RANDSTR\((\d+)\)%", lambda match: _random(int(match.group(1))), url)
        return self._given(source.project_id or "", self.urls[source.id])

    def _given(self, project_id: str, url: str) -> str:
        given = self._ground.engine.data_url(self._ground.cluster, url)
        if given is not None:
            return given
        key = project_id, *object_data.place_of(url)
        if key not in self.places:
            store = self._ground.storage.object_store(self._session)
            self.places[key] = object_data.fetch(store, project_id, url, self._ground.folder)
        return self.places[key].given


def _random(length: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(length))
