"""What runs behind the HTTP API: settings, database and engines, started and stopped together. It knows no HTTP."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from saharaclient.local import defaults, object_store
from saharaclient.local.store.database import Database

if TYPE_CHECKING:
    from saharaclient.local.engines.base import Engine
    from saharaclient.local.settings import Settings


class Service:
    """The embedded service without its server; handlers reach it as `request.app.state.service`.

    Args:
        settings: How to run.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.engines: dict[str, Engine] = {}

    def start(self) -> None:
        """Makes what is missing in the database, then brings clusters and jobs of an earlier run back."""
        self.database.create()
        shutil.rmtree(self.settings.uploads, ignore_errors=True)  # of clients that an earlier run has left waiting
        for folder in (self.settings.uploads, self.settings.objects, self.settings.images):
            folder.mkdir(mode=0o700, exist_ok=True)
        with self.database.session() as session:
            defaults.create(session, self.settings)
            object_store.delete_leftovers(self, session)

    def stop(self) -> None:
        """Stops the background work. What must survive is in the database already."""
        self.database.close()
