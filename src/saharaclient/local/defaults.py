"""What a new service has before anybody makes anything: users, flavors, an image, networks, a key pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.settings import Settings


def create(session: Session, settings: Settings) -> None:
    """Makes what is missing; what is there stays as it is."""
