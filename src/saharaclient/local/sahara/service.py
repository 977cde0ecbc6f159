"""Sahara itself: engines, clusters and jobs, started and stopped together. Requests are answered in `api/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.sahara.clusters.life_cycle import Clusters
from saharaclient.local.sahara.jobs.life_cycle import JobRuns
from saharaclient.local.sahara.jobs.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient.local.engines.base import Engine
    from saharaclient.local.settings import Settings
    from saharaclient.local.store.database import Database


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
        self.clusters = Clusters(database, engines, settings.clusters)
        self.jobs = JobRuns(database, engines, self.clusters, settings.jobs, self.storage)
        self.clusters.listener = self.jobs

    def start(self) -> None:
        """Brings clusters and jobs of an earlier run back."""
        self.jobs.start()
        self.clusters.start()

    def stop(self) -> None:
        """Stops the background work. What must survive is in the database already."""
        self.jobs.stop()  # first: work on clusters may wait for work on their jobs
        self.clusters.stop()
