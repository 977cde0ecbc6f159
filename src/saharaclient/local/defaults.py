"""What a new service has before anybody makes anything: users, flavors, an image, networks, a key pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.neighbours.compute import routes as compute
from saharaclient.local.neighbours.identity import records as tables
from saharaclient.local.neighbours.image import routes as image
from saharaclient.local.neighbours.network import routes as network

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.settings import Settings


def create(session: Session, settings: Settings) -> None:
    """Makes what is missing; what is there stays as it is."""
    users, projects = tables.create_defaults(session, settings)
    compute.create_defaults(session, users)
    image.create_defaults(session, projects[0])
    network.create_defaults(session, projects)
