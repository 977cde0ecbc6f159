"""Sahara itself: engines, clusters and jobs, started and stopped together. Requests are answered in `api/`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.engines import processes
from saharaclient.local.engines.spark.history import HistoryServer
from saharaclient.local.sahara.clusters.life_cycle import Clusters
from saharaclient.local.sahara.jobs.life_cycle import JobRuns
from saharaclient.local.sahara.jobs.queue import Queue
from saharaclient.local.sahara.jobs.retention import Limits
from saharaclient.local.sahara.jobs.storage import Storage
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.sahara.records.jobs import JobExecution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient.local.engines.base import Engine
    from saharaclient.local.settings import Settings
    from saharaclient.local.store.database import Database


LOG = logging.getLogger(__name__)


class Sahara:
    """The data processing service.

    Args:
        settings: Where its files are.
        database: Where its records are.
        engines: What runs clusters and jobs, by the plugins' names.
    """

    def __init__(self, settings: Settings, database: Database, engines: Mapping[str, Engine]) -> None:
        self.engines = engines
        self.storage = Storage(settings.objects, settings.binaries, settings.uploads)
        self.clusters = Clusters(
            database,
            engines,
            settings.clusters,
            verify_every=settings.verify_every,
            upgrade=settings.upgrade_clusters,
        )
        queue = Queue(settings.max_running_jobs)
        limits = Limits(settings.max_kept_runs, settings.max_kept_days, settings.max_kept_bytes)
        self.jobs = JobRuns(database, engines, self.clusters, settings.jobs, self.storage, queue, limits)
        self.clusters.listener = self.jobs
        self.history = HistoryServer(settings.history, settings.jobs, settings.tools)
        self._database, self._settings = database, settings

    def start(self) -> None:
        """Brings clusters and jobs of an earlier run back, and ends what runs for none that is known."""
        self._end_unknown()
        self.jobs.start()
        self.clusters.start()

    def _end_unknown(self) -> None:
        """A folder that was removed, or put in another one's place, leaves processes that nobody would ever end."""
        with self._database.session(read_only=True) as session:
            known = {*session.scalars(select(Cluster.id)), *session.scalars(select(JobExecution.id))}
        state = self._settings.state
        owners = {owner.relative_to(state).parts for owner in processes.owners(state).values()}
        for kind, id_ in {parts[:2] for parts in owners if len(parts) > 1 and parts[0] in ("clusters", "jobs")}:
            if id_ not in known:
                LOG.warning("Processes of %s/%s, which nobody knows, are ended", kind, id_)
                processes.end([], state / kind / id_)
        if any(parts[:1] == (self._settings.history.name,) for parts in owners):  # of a service that was killed
            processes.end([], self._settings.history)

    def stop(self) -> None:
        """Stops the background work. What must survive is in the database already."""
        self.jobs.stop()  # first: work on clusters may wait for work on their jobs
        self.clusters.stop()
        self.history.stop()
        for engine in self.engines.values():
            engine.close()
