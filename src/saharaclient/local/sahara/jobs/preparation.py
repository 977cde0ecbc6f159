"""What an engine needs to launch a run: its binaries and data as files in the run's folder, its arguments resolved.

The data that the run names is found first, then each is given a place, and then put where its name stood.
Nothing here writes to the database, so that copying large files keeps nobody waiting.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saharaclient.local.engines.base import FILES, EngineError, JobSpec
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.jobs import data as object_data
from saharaclient.local.sahara.jobs.binaries import binary_file
from saharaclient.local.sahara.jobs.sources import named_by
from saharaclient.local.sahara.records.jobs import JobTemplate
from saharaclient.local.store import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import ClusterSpec, Engine
    from saharaclient.local.sahara.jobs.sources import Source
    from saharaclient.local.sahara.jobs.storage import Storage
    from saharaclient.local.sahara.records.jobs import JobBinary, JobExecution


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
    mains, libs = (
        tuple(_fetch(ground, session, binary) for binary in binaries) for binaries in (template.mains, template.libs)
    )
    named = named_by(session, run)
    placed = _place(ground, session, named)

    def resolve(value: Any) -> str:
        source = named.by_text.get(str(value))
        return str(value) if source is None else placed.given[source]

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
        configs={name: resolve(value) for name, value in configs.get("configs", {}).items()},
        args=tuple(resolve(value) for value in configs.get("args", [])),
        params={name: resolve(value) for name, value in configs.get("params", {}).items()},
        input=None if named.input is None else placed.given[named.input],
        output=None if named.output is None else placed.given[named.output],
    )
    urls = {source.id: source.url for source in named if source.id is not None}
    return Prepared(job, urls, [place.dump() for place in placed.places])


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


@dataclass(frozen=True)
class _Placed:
    """What the job is given for the data that it names, and what of it is in object storage."""

    given: dict[Source, str]
    places: list[object_data.Place]


def _place(ground: Ground, session: Session, sources: Iterable[Source]) -> _Placed:
    """Gives each source a place: the engine's URL of it, or a path of objects that are fetched once for all."""
    store = ground.storage.object_store(session)
    given: dict[Source, str] = {}
    places: dict[tuple[str, str, str], object_data.Place] = {}
    for source in sources:
        url = ground.engine.data_url(ground.cluster, source.url)
        if url is None:
            key = source.project_id, *object_data.place_of(source.url)
            if key not in places:
                places[key] = object_data.fetch(store, source.project_id, source.url, ground.folder)
            url = places[key].given
        given[source] = url
    return _Placed(given, list(places.values()))
