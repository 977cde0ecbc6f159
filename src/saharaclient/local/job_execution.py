"""Job runs driven through their engine: submitted, followed, ended. Requests are answered in `api/jobs.py`."""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import string
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select

from saharaclient.local import object_data
from saharaclient.local.api.data import binary_file
from saharaclient.local.clusters import spec_of
from saharaclient.local.engines.base import FINAL_JOB_STATUSES, EngineError, JobSpec, RunStatus
from saharaclient.local.store import pages
from saharaclient.local.store.job_tables import DataSource, JobExecution, JobTemplate
from saharaclient.local.store.tables import Cluster, now
from saharaclient.local.web import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import ClusterSpec, Engine
    from saharaclient.local.service import Service
    from saharaclient.local.store.job_tables import JobBinary

LOG = logging.getLogger(__name__)
WORKERS = 8
POLL_SECONDS = 0.2
REFERENCE = re.compile(r"datasource://([A-Za-z0-9][A-Za-z0-9\-_.]*)")


class JobRuns:
    """The runs of a service.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pool: ThreadPoolExecutor | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Takes up the runs of an earlier run of the service."""
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        with self._service.database.session(read_only=True) as session:
            query = select(JobExecution.id).where(
                JobExecution.end_time.is_(None), JobExecution.engine_state.is_not(None)
            )
            ids = list(session.scalars(query))
        for id_ in ids:
            self._submit(self.follow, id_)

    def stop(self) -> None:
        """Stops following; runs go on without the service."""
        self._stopping.set()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def after_commit(self, session: Session, work: Callable[..., None], *args: Any) -> None:
        """Starts work on a run once the request's transaction is in the database."""
        event.listen(session, "after_commit", lambda _session: self._submit(work, *args), once=True)

    def _submit(self, work: Callable[..., None], id_: str) -> None:
        if self._pool and not self._stopping.is_set():
            self._pool.submit(self._work, work, id_)

    def _work(self, work: Callable[..., None], id_: str) -> None:
        try:
            work(id_)
        except Exception:
            LOG.exception("Work on job %s failed", id_)
            self._end(id_, RunStatus("FAILED", "The service failed on this job; see its log."))

    def run_pending(self, cluster_id: str) -> None:
        """Starts the runs that wait for a cluster."""
        with self._service.database.session(read_only=True) as session:
            query = select(JobExecution.id).filter_by(cluster_id=cluster_id, status="PENDING", engine_state=None)
            ids = list(session.scalars(query))
        for id_ in ids:
            self._submit(self.run, id_)

    def run(self, id_: str) -> None:
        """Submits a run and follows it to its end."""
        try:
            with self._service.database.session() as session:
                run = session.get(JobExecution, id_)
                if run is None or run.status != "PENDING" or run.engine_state is not None:
                    return
                engine, spec = self._spec(session, run)
            state = engine.submit(spec)
        except (EngineError, ApiError, OSError) as error:
            self._end(id_, RunStatus("FAILED", getattr(error, "detail", None) or str(error)))
            return
        with self._service.database.session() as session:
            run = session.get(JobExecution, id_)
            if run is not None:
                run.engine_state, run.start_time = state, now()
                run.engine_job_id = str(state.get("engine_job_id", id_))
        self.follow(id_)

    def _spec(self, session: Session, run: JobExecution) -> tuple[Engine, JobSpec]:
        cluster = session.get_one(Cluster, run.cluster_id)
        template = session.get_one(JobTemplate, run.job_template_id)
        engine = self._service.engines[cluster.plugin_name]
        spec = spec_of(session, cluster, self._service)
        folder = self._service.settings.jobs / run.id
        folder.mkdir(parents=True, exist_ok=True)
        sources = _Sources(self._service, session, run, engine, spec)
        configs = run.job_configs
        files = {
            kind: tuple(self._fetch(session, binary, folder, cluster.project_id or "") for binary in binaries)
            for kind, binaries in (("mains", template.mains), ("libs", template.libs))
        }
        job = JobSpec(
            id=run.id,
            type=template.type,
            name=template.name,
            cluster=spec,
            cluster_state=cluster.engine_state or {},
            folder=folder,
            configs={name: sources.resolve(value) for name, value in configs.get("configs", {}).items()},
            args=tuple(sources.resolve(value) for value in configs.get("args", [])),
            params={name: sources.resolve(value) for name, value in configs.get("params", {}).items()},
            input=sources.by_id(run.input_id),
            output=sources.by_id(run.output_id),
            **files,
        )
        run.data_source_urls = sources.urls or None
        return engine, job

    def _fetch(self, session: Session, binary: JobBinary, folder: Path, project_id: str) -> Path:
        try:
            source = binary_file(self._service, session, binary, project_id)
        except ApiError:
            if self._is_fake(session, folder.name):
                return folder / binary.name
            raise
        target = folder / binary.name
        shutil.copyfile(source, target)
        target.chmod(0o700)
        return target

    def _is_fake(self, session: Session, run_id: str) -> bool:
        run = session.get_one(JobExecution, run_id)
        return session.get_one(Cluster, run.cluster_id).plugin_name == "fake"

    def follow(self, id_: str) -> None:
        """Asks the engine how a run stands until it has ended."""
        folder = self._service.settings.jobs / id_
        pause = POLL_SECONDS / 10
        while not self._stopping.is_set():
            with self._service.database.session(read_only=True) as session:
                run = session.get(JobExecution, id_)
                cluster = session.get(Cluster, run.cluster_id) if run and run.cluster_id else None
                if run is None or run.end_time is not None:
                    return
                state, shown = run.engine_state, run.status
            if cluster is None:
                self._end(id_, RunStatus("KILLED", "The cluster is gone"))
                return
            engine = self._service.engines[cluster.plugin_name]
            status = engine.poll(folder, state)
            if status.status in FINAL_JOB_STATUSES:
                self._end(id_, status)
                return
            if status.status != shown and shown != "TOBEKILLED":
                self._note(id_, status)
            self._stopping.wait(pause)
            pause = min(pause * 2, POLL_SECONDS)

    def _note(self, id_: str, status: RunStatus) -> None:
        with self._service.database.session() as session:
            run = session.get(JobExecution, id_)
            if run is not None and run.end_time is None:
                run.status, run.info = status.status, {**run.info, **status.info, "status": status.status}

    def _end(self, id_: str, status: RunStatus) -> None:
        with self._service.database.session() as session:
            run = session.get(JobExecution, id_)
            if run is None or run.end_time is not None:
                return
            if status.status == "SUCCEEDED":
                object_data.store(self._service, session, run.project_id or "", self._service.settings.jobs / id_)
            info = {**run.info, **status.info, "status": status.status}
            if status.reason:
                info["reason"] = status.reason
            run.status, run.info = status.status, info
            run.start_time = run.start_time or now()
            run.end_time = _moment(status.finished_at) or now()
            cluster_id = run.cluster_id
        if cluster_id:
            self._service.clusters.delete_if_idle(cluster_id)

    def cancel(self, id_: str) -> None:
        """Ends a run with all its processes."""
        with self._service.database.session(read_only=True) as session:
            run = session.get(JobExecution, id_)
            if run is None or run.end_time is not None:
                return
            state = run.engine_state
            cluster = session.get(Cluster, run.cluster_id) if run.cluster_id else None
        status = RunStatus("KILLED")
        if cluster is not None and state is not None:
            status = self._service.engines[cluster.plugin_name].cancel(self._service.settings.jobs / id_, state)
        self._end(id_, status)

    def cancel_all(self, cluster_id: str) -> None:
        """Ends every run of a cluster."""
        with self._service.database.session(read_only=True) as session:
            ids = list(session.scalars(select(JobExecution.id).filter_by(cluster_id=cluster_id, end_time=None)))
        for id_ in ids:
            self.cancel(id_)

    def forget(self, session: Session, run: JobExecution) -> None:
        """Deletes the record of a run, ending it first."""
        cluster = session.get(Cluster, run.cluster_id) if run.cluster_id else None
        folder = self._service.settings.jobs / run.id
        if run.end_time is None and run.engine_state is not None and cluster is not None:
            self._service.engines[cluster.plugin_name].cancel(folder, run.engine_state)
        session.delete(run)
        session.flush()
        shutil.rmtree(folder, ignore_errors=True)


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if seconds else None


class _Sources:
    """The data sources that a run names, by id, by `datasource://name`, or as input and output."""

    def __init__(
        self, service: Service, session: Session, run: JobExecution, engine: Engine, cluster: ClusterSpec
    ) -> None:
        self._service = service
        self._session = session
        self._run = run
        self._engine = engine
        self._cluster = cluster
        self.urls: dict[str, str] = {}

    def by_id(self, id_: str | None) -> str | None:
        """What the job is given for a data source."""
        return None if id_ is None else self._given(self._session.get_one(DataSource, id_))

    def resolve(self, value: Any) -> str:
        """A value with the data sources it names in place of their names."""
        text = str(value)
        project = self._run.project_id or ""
        source = pages.find(self._session, DataSource, text, project) if len(text) == 36 else None
        if source is not None:
            return self._given(source)

        def named(match: re.Match[str]) -> str:
            found = pages.find_named(self._session, DataSource, match.group(1), project)
            return self._given(found) if found is not None else match.group(0)

        return REFERENCE.sub(named, text)

    def _given(self, source: DataSource) -> str:
        url = source.url.replace("%JOB_EXEC_ID%", self._run.id)
        url = re.sub(r"%RANDSTR\((\d+)\)%", lambda match: _random(int(match.group(1))), url)
        url = self.urls.setdefault(source.id, url)
        given = self._engine.data_url(self._cluster, url)
        if given is None:
            folder = self._service.settings.jobs / self._run.id
            given = object_data.fetch(self._service, self._session, self._run.project_id or "", url, folder)
        return given


def _random(length: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(length))
