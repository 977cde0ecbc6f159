"""What runs behind the HTTP API: settings, database and engines, started and stopped together. It knows no HTTP."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from saharaclient.local import defaults
from saharaclient.local.engines import processes
from saharaclient.local.engines.registry import engines_for
from saharaclient.local.neighbours.image import routes as image
from saharaclient.local.neighbours.object_storage import records as object_store
from saharaclient.local.sahara.clusters.life_cycle import Clusters
from saharaclient.local.sahara.jobs.life_cycle import JobRuns
from saharaclient.local.store.database import Database
from saharaclient.local.web.faults import Faults

if TYPE_CHECKING:
    from saharaclient.local.settings import Settings


class Service:
    """The embedded service without its server; handlers reach it as `request.app.state.service`.

    Args:
        settings: How to run.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.engines = engines_for(settings)
        self.faults = Faults()
        self.clusters = Clusters(self)
        self.jobs = JobRuns(self)

    def start(self) -> None:
        """Makes what is missing in the database, then brings clusters and jobs of an earlier run back."""
        self.database.create()
        shutil.rmtree(self.settings.uploads, ignore_errors=True)  # of clients that an earlier run has left waiting
        for folder in self.settings.folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        with self.database.session() as session:
            defaults.create(session, self.settings)
            object_store.delete_leftovers(self, session)
            image.delete_leftovers(self, session)
        self.jobs.start()
        self.clusters.start()

    def stop(self) -> None:
        """Stops the background work. What must survive is in the database already."""
        self.jobs.stop()  # first: work on clusters may wait for work on their jobs
        self.clusters.stop()
        processes.reap()
        self.database.close()
