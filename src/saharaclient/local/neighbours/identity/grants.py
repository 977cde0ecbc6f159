"""What tokens may that are made of an application credential or a trust: as much as was given, while the giver may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.local.neighbours.identity.records import ApplicationCredential, Trust, User, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Grant = ApplicationCredential | Trust


def find(session: Session, grant_id: str | None) -> Grant | None:
    """A grant that holds now: it is there, has not expired, and those whom it concerns are enabled."""
    if grant_id is None:
        return None
    grant = session.get(ApplicationCredential, grant_id) or session.get(Trust, grant_id)
    return grant if grant is not None and holds(session, grant) else None


def holds(session: Session, grant: Grant) -> bool:
    """Whether a grant counts now."""
    if grant.expires_at is not None and grant.expires_at <= now():
        return False
    concerned = {grant.trustor_user_id, grant.trustee_user_id} if isinstance(grant, Trust) else {grant.user_id}
    return all((user := session.get(User, one)) is not None and user.enabled for one in concerned)


def giver_of(grant: Grant) -> str:
    """The id of the user whose roles are given."""
    return grant.trustor_user_id if isinstance(grant, Trust) else grant.user_id


def describe(grant: Grant) -> dict[str, Any]:
    """What a token tells of it."""
    if isinstance(grant, Trust):
        told = {
            "id": grant.id,
            "trustor_user": {"id": grant.trustor_user_id},
            "trustee_user": {"id": grant.trustee_user_id},
            "impersonation": grant.impersonation,
        }
        return {"OS-TRUST:trust": told}
    told = {"id": grant.id, "name": grant.name, "restricted": not grant.unrestricted}
    return {"application_credential": told}
