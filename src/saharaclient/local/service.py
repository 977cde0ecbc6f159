"""What runs behind the HTTP API: settings, database, neighbours and Sahara, put together here. It knows no HTTP."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from saharaclient.local.engines import processes
from saharaclient.local.engines.registry import engines_for
from saharaclient.local.neighbours.compute import records as compute
from saharaclient.local.neighbours.identity import records as identity
from saharaclient.local.neighbours.identity.callers import Callers
from saharaclient.local.neighbours.image import records as image
from saharaclient.local.neighbours.network import records as network
from saharaclient.local.neighbours.object_storage.records import ObjectStore
from saharaclient.local.sahara.clusters.machines import machines
from saharaclient.local.sahara.service import Sahara
from saharaclient.local.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import Engine
    from saharaclient.local.neighbours.machines import Machine
    from saharaclient.local.settings import Settings


class Service:
    """The embedded service without its server; handlers reach it as `request.app.state.service`.

    Args:
        settings: How to run.
        engines: What runs clusters and jobs, by the plugins' names; those of the settings unless given.
    """

    def __init__(self, settings: Settings, engines: Mapping[str, Engine] | None = None) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.callers = Callers(self.database)
        self.sahara = Sahara(settings, self.database, engines or engines_for(settings))

    def start(self) -> None:
        """Makes what is missing in the database, then brings clusters and jobs of an earlier run back."""
        self.database.create()
        shutil.rmtree(self.settings.uploads, ignore_errors=True)  # of clients that an earlier run has left waiting
        for folder in self.settings.folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        with self.database.session() as session:
            self._create_defaults(session)
            ObjectStore(session, self.settings.objects).delete_leftovers()
            image.delete_leftovers(session, self.settings.images)
        self.sahara.start()

    def _create_defaults(self, session: Session) -> None:
        """Makes what a new service has before anybody makes anything; what is there stays as it is."""
        users, projects = identity.create_defaults(session, self.settings)
        compute.create_defaults(session, users)
        image.create_defaults(session, projects[0])
        network.create_defaults(session, projects)

    def machines(self, session: Session, project_id: str) -> list[Machine]:
        """The instances of a project's clusters, which compute and the network show."""
        return machines(session, project_id)

    def network_names(self, session: Session) -> dict[str, str]:
        """The names of the networks by their ids, which compute lists too."""
        return network.names(session)

    def stop(self) -> None:
        """Stops the background work. What must survive is in the database already."""
        self.sahara.stop()
        processes.reap()
        self.database.close()
