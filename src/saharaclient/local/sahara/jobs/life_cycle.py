"""Job runs driven through their engine: launched, followed, ended. Requests are answered in `api/jobs.py`.

The run's folder is the engine's truth and the record is the API's: after a restart one is compared with the other.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from saharaclient.local.background.trouble import patiently, will_pass
from saharaclient.local.background.workers import Workers
from saharaclient.local.engines.base import SCRATCH, EngineError, RunStatus
from saharaclient.local.sahara.clusters.life_cycle import Listener
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.sahara.jobs import data as object_data
from saharaclient.local.sahara.jobs.binaries import delete_leftovers
from saharaclient.local.sahara.jobs.follower import Followed, Follower
from saharaclient.local.sahara.jobs.preparation import Ground, Prepared, prepare
from saharaclient.local.sahara.jobs.retention import prune
from saharaclient.local.sahara.jobs.told import PLACE, info_of, lasting, write_end
from saharaclient.local.sahara.records.clusters import Cluster, now
from saharaclient.local.sahara.records.jobs import DELETING, JobExecution
from saharaclient.states import ENDED, ClusterStatus, HealthStatus, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import Engine, JobSpec
    from saharaclient.local.sahara.clusters.life_cycle import Clusters
    from saharaclient.local.sahara.jobs.queue import Queue
    from saharaclient.local.sahara.jobs.retention import Limits
    from saharaclient.local.sahara.jobs.storage import Storage
    from saharaclient.local.store.database import Database

LOG = logging.getLogger(__name__)
WORKERS = 8
_IN_ORDER = JobExecution.created_at, JobExecution.id


class JobRuns(Listener):
    """The runs of a service. A follower asks how they stand; other threads launch and end them.

    Args:
        database: Where their records are.
        engines: Engines by their plugins' names.
        clusters: What they run on.
        folder: Where the files of each have a folder.
        storage: Where the contents are that they read and write.
        queue: Which of those that need a driver on this machine have their turn.
        limits: What is kept of those that have ended.
    """

    def __init__(
        self,
        database: Database,
        engines: Mapping[str, Engine],
        clusters: Clusters,
        folder: Path,
        storage: Storage,
        queue: Queue,
        limits: Limits,
    ) -> None:
        self._database = database
        self._engines = engines
        self._clusters = clusters
        self._runs = folder
        self._storage = storage
        self._queue, self._limits = queue, limits
        self._workers = Workers("job", WORKERS)
        self._follower = Follower(self._look)

    def start(self) -> None:
        """Takes up the runs of an earlier run of the service, and removes what it left half done."""
        with self._database.session(read_only=True) as session:
            delete_leftovers(self._storage, session)
            is_open = or_(JobExecution.end_time.is_(None), JobExecution.status == DELETING)
            open_runs = list(session.scalars(select(JobExecution).where(is_open).order_by(*_IN_ORDER)))
            for run in open_runs:
                cluster = session.get(Cluster, run.cluster_id) if run.cluster_id else None
                if run.end_time is None and run.engine_state and cluster and self._needs_driver(cluster):
                    self._queue.hold(run.id)  # before any other may begin
            folders = list(self._runs.glob("*"))
            known = set(session.scalars(select(JobExecution.id))) if folders else set()
        for folder in folders:
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
        self._prune()
        self._workers.start()
        self._follower.start()
        for run in open_runs:
            self._submit(self._recover, run.id)

    def stop(self) -> None:
        """Stops following; runs go on without the service."""
        self._follower.stop()
        self._workers.stop()

    def after_commit(self, session: Session, work: Callable[[str], None], id_: str) -> None:
        """Starts work on a run once the request's transaction is in the database."""
        self._workers.after_commit(session, id_, partial(self._work, work, id_))

    def _submit(self, work: Callable[[str], None], id_: str) -> Future[None]:
        return self._workers.submit(id_, partial(self._work, work, id_))

    def _work(self, work: Callable[[str], None], id_: str) -> None:
        again = partial(self._do, self._recover, id_)
        patiently(partial(self._do, work, id_), again, self._follower.stopped, f"Work on job {id_}")

    def _do(self, work: Callable[[str], None], id_: str) -> None:
        try:
            work(id_)
        except Exception as error:
            if will_pass(error):
                raise
            LOG.exception("Work on job %s failed", id_)
            self._end(id_, RunStatus(JobStatus.FAILED, "The service failed on this job; see its log."))

    def _folder(self, id_: str) -> Path:
        return self._runs / id_

    def active(self, cluster_id: str) -> None:
        """Launches the runs that wait for a cluster; a transient one whose last run has ended goes."""
        self._launch_pending(cluster_id)
        self._delete_if_idle(cluster_id, after_jobs=True)

    def failed(self, cluster_id: str) -> None:
        """Ends the runs that wait for a cluster: nothing can run them now."""
        self._launch_pending(cluster_id)

    def before_delete(self, cluster_id: str) -> None:
        """Ends every run of a cluster; returns when all have ended."""
        with self._database.session(read_only=True) as session:
            ids = list(session.scalars(select(JobExecution.id).filter_by(cluster_id=cluster_id, end_time=None)))
        for ended in [self._submit(self.cancel, id_) for id_ in ids]:
            ended.result()

    def gone(self, session: Session, cluster_id: str) -> None:
        """Ends the records of runs that came while their cluster was taken down: nothing has launched them."""
        for run in session.scalars(select(JobExecution).filter_by(cluster_id=cluster_id, end_time=None)):
            write_end(run, RunStatus(JobStatus.KILLED, "The cluster is gone"))

    def _launch_pending(self, cluster_id: str) -> None:
        with self._database.session(read_only=True) as session:
            query = select(JobExecution).filter_by(cluster_id=cluster_id, status=JobStatus.PENDING, end_time=None)
            runs = list(session.scalars(query.order_by(*_IN_ORDER)))
            cluster = session.get(Cluster, cluster_id)
            if cluster and self._clusters.is_ready(cluster) and self._needs_driver(cluster):
                for run in runs:  # in their order, whichever thread is first
                    self._queue.enter(run.id, run.created_at)
        for run in runs:
            self._submit(self.launch, run.id)

    def _needs_driver(self, cluster: Cluster) -> bool:
        return self._engines[cluster.plugin_name].drivers_here

    def _free(self, id_: str) -> None:
        """A run has no driver any more, or needs none: the next have their turn, the others another place."""
        for next_ in self._queue.leave(id_):
            self._submit(self.launch, next_)
        self._tell_places()

    def _tell_places(self) -> None:
        if not (moved := self._queue.moved()):
            return
        with self._database.session() as session:
            waiting = select(JobExecution).where(JobExecution.id.in_(moved), JobExecution.status == JobStatus.PENDING)
            for run in session.scalars(waiting):
                why = f"Place {moved[run.id]} among the jobs that wait: at most {self._queue.most} run at once here"
                run.info = {**run.info, PLACE: str(moved[run.id]), "reason": why}

    def launch(self, id_: str) -> None:
        """Launches a run if its cluster is ready; if it never will be, the run has failed."""
        try:
            found = self._database.read(partial(self._prepared, id_))
            if found is None:
                self._tell_places()
                return
            engine, prepared = found
            if prepared.urls or prepared.places:  # before the job writes there: what it may change is in the record
                with self._database.session() as session:
                    run = session.get_one(JobExecution, id_)
                    run.data_source_urls, run.places = prepared.urls or None, prepared.places
            self._check(engine, prepared.job)
            state = engine.submit(prepared.job)
        except (EngineError, SaharaError, OSError) as error:
            self._end(id_, RunStatus(JobStatus.FAILED, str(error)))
            return
        with self._database.session() as session:
            run = session.get_one(JobExecution, id_)  # only work in this run's queue deletes it
            run.engine_state, run.start_time = state, now()
            run.engine_job_id = str(state.get("engine_job_id", id_))
            run.info = lasting(run.info)
        self._follower.add(id_, Followed(engine, state, RunStatus(JobStatus.PENDING)))

    def _check(self, engine: Engine, job: JobSpec) -> None:
        """Refuses to launch where nothing would ever run: on a cluster whose processes have died."""
        red = [check for check in engine.verify(job.cluster, job.cluster_state) if check.status == HealthStatus.RED]
        if red:
            self._clusters.look_at(job.cluster.id)
            raise EngineError(f"The cluster {job.cluster.name} cannot run jobs: {red[0].description}")

    def _prepared(self, id_: str, session: Session) -> tuple[Engine, Prepared] | None:
        """What is launched, and where; None if it is not the time."""
        run = session.get(JobExecution, id_)
        if id_ in self._follower:
            return None
        if run is None or run.status != JobStatus.PENDING or run.end_time is not None:
            self._free(id_)
            return None
        cluster = session.get(Cluster, run.cluster_id) if run.cluster_id else None
        if cluster is None:
            raise EngineError("The cluster is gone")
        if cluster.status == ClusterStatus.ERROR:
            raise EngineError(f"The cluster {cluster.name} is in Error: {cluster.status_description}")
        if not self._clusters.is_ready(cluster):
            self._free(id_)
            return None  # `active` comes when it is
        if self._needs_driver(cluster) and not self._queue.enter(id_, run.created_at):
            return None  # its turn comes when others have ended
        engine = self._engines[cluster.plugin_name]
        ground = Ground(
            engine=engine,
            cluster=self._clusters.spec(session, cluster),
            cluster_state=cluster.engine_state or {},
            folder=self._folder(id_),
            storage=self._storage,
            may_lack=cluster.plugin_name == "fake",
        )
        return engine, prepare(ground, session, run)

    def _look(self, id_: str, run: Followed) -> bool:
        try:
            status = run.engine.poll(self._folder(id_), run.state)
            if status.status in ENDED:
                self._finish(id_, status)
            elif status != run.shown:
                self._note(id_, status)
            else:
                return False
        except Exception as error:
            if will_pass(error):
                return False  # the next look may go well
            LOG.exception("Job %s cannot be followed", id_)
            self._finish(id_, RunStatus(JobStatus.FAILED, "The service lost sight of this job; see its log."))
            return True
        run.shown = status
        return True

    def _finish(self, id_: str, status: RunStatus) -> None:
        # In this order: a launch that is under way must see that the run was launched.
        self._submit(partial(self._end, status=status), id_)
        self._follower.drop(id_)

    def _note(self, id_: str, status: RunStatus) -> None:
        with self._database.session() as session:
            run = session.get(JobExecution, id_)
            if run is not None and run.end_time is None and run.status in (JobStatus.PENDING, JobStatus.RUNNING):
                run.status, run.info = status.status, info_of(run, status)

    def _end(self, id_: str, status: RunStatus) -> None:
        try:
            self._store_end(id_, status)
        finally:
            self._free(id_)
        scratch = self._folder(id_) / SCRATCH
        if scratch.exists():  # what a driver that was killed has left there
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(mode=0o700, exist_ok=True)  # to run `launch_command` by hand
        self._prune()

    def _prune(self) -> None:
        with self._database.session(read_only=True) as session:
            gone = prune(self._runs, session, self._limits)
        if gone:
            LOG.info(
                "Files of %d jobs that have ended are gone: %s", len(gone), ", ".join(one.folder.name for one in gone)
            )

    def _store_end(self, id_: str, status: RunStatus) -> None:
        with self._database.session(read_only=True) as session:
            run = session.get(JobExecution, id_)
            if run is None or run.end_time is not None:
                return
            cluster_id, places = run.cluster_id, run.places or []
        changed: list[object_data.Changes] = []
        try:
            if status.status == JobStatus.SUCCEEDED:
                changed = object_data.changes(self._storage.uploads, self._folder(id_), places)
            self._write_end(id_, status, changed)
        except (OSError, EngineError) as error:
            if status.status != JobStatus.SUCCEEDED or (isinstance(error, OSError) and will_pass(error)):
                raise
            # What the job made stays in its folder.
            self._write_end(
                id_, replace(status, status=JobStatus.FAILED, reason=f"The output cannot be stored: {error}")
            )
        else:
            shutil.rmtree(self._folder(id_) / object_data.FOLDER, ignore_errors=True)
        finally:
            object_data.discard(changed)
        if cluster_id:
            self._delete_if_idle(cluster_id)

    def _write_end(self, id_: str, status: RunStatus, changed: Sequence[object_data.Changes] = ()) -> None:
        """Keeps what a run has changed, and writes down its end, both or neither."""
        with self._database.session() as session:
            run = session.get(JobExecution, id_)
            if run is not None:
                object_data.keep(changed, self._storage.object_store(session))
                write_end(run, status)

    def _delete_if_idle(self, cluster_id: str, *, after_jobs: bool = False) -> None:
        """Deletes a transient cluster that has no job left.

        Args:
            cluster_id: The cluster.
            after_jobs: Only if it has had a job.
        """
        with self._database.session(read_only=True) as session:
            cluster = session.get(Cluster, cluster_id)
            if cluster is None or not cluster.is_transient:
                return
        with self._database.session() as session:
            cluster = session.get(Cluster, cluster_id)
            if cluster is None or cluster.status != ClusterStatus.ACTIVE:
                return
            of_cluster = exists().where(JobExecution.cluster_id == cluster_id)
            idle = not session.scalar(select(of_cluster.where(JobExecution.end_time.is_(None))))
            if idle and (not after_jobs or session.scalar(select(of_cluster))):
                cluster.status = ClusterStatus.DELETING
                self._clusters.after_commit(session, self._clusters.delete, cluster_id)

    def cancel(self, id_: str) -> None:
        """Ends a run with all its processes."""
        with self._database.session(read_only=True) as session:
            run = session.get(JobExecution, id_)
            if run is None or run.end_time is not None:
                return
            state = run.engine_state
            cluster = session.get(Cluster, run.cluster_id) if run.cluster_id else None
        self._follower.drop(id_)
        status = RunStatus(JobStatus.KILLED)
        if cluster is not None and self._folder(id_).exists():
            status = self._engines[cluster.plugin_name].cancel(self._folder(id_), state)
        self._end(id_, status)

    def delete(self, session: Session, run: JobExecution) -> None:
        """Forgets a run; one under way is ended first, after the request's transaction."""
        if run.end_time is not None:
            session.delete(run)
        else:
            run.status, run.info = DELETING, {**run.info, "status": JobStatus.TO_BE_KILLED}
        self.after_commit(session, self._delete, run.id)

    def _delete(self, id_: str) -> None:
        self.cancel(id_)
        with self._database.session() as session:
            run = session.get(JobExecution, id_)
            if run is not None:
                session.delete(run)
        shutil.rmtree(self._folder(id_), ignore_errors=True)
        self._free(id_)

    def _recover(self, id_: str) -> None:
        """After a restart or trouble: a run goes on, is launched (again), or is found to have ended."""
        with self._database.session(read_only=True) as session:
            run = session.get(JobExecution, id_)
            cluster = session.get(Cluster, run.cluster_id) if run and run.cluster_id else None
        if run is None or run.status == DELETING:
            self._delete(id_)
        elif cluster is None:
            self._end(id_, RunStatus(JobStatus.KILLED, "The cluster is gone"))
        elif run.status == JobStatus.TO_BE_KILLED:
            self.cancel(id_)
        else:
            engine = self._engines[cluster.plugin_name]
            status = engine.poll(self._folder(id_), run.engine_state)
            if status.status == JobStatus.PENDING:
                self.launch(id_)
            else:
                if self._needs_driver(cluster):
                    self._queue.hold(id_)
                self._follower.add(id_, Followed(engine, run.engine_state, RunStatus(JobStatus.PENDING)))
