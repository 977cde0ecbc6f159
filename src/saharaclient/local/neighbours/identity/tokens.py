"""Tokens: issued, resolved to their caller, revoked. How a caller proves who it is: `authentication.py`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, select, update

from saharaclient.local.neighbours.identity import grants
from saharaclient.local.neighbours.identity.records import ROLES, Assignment, Project, Token, Trust, User, now
from saharaclient.local.web.caller import Identity
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from saharaclient.local.web.calls import Call


class UsedUpError(Exception):
    """A trust has been used as often as it may be."""


def issue(
    session: Session,
    user: User,
    project: Project | None,
    *,
    methods: Sequence[str],
    lifetime: int,
    parent: Token | None = None,
    grant: grants.Grant | None = None,
) -> tuple[str, Token]:
    """Issues a token.

    Args:
        session: Session of the database.
        user: Whom it stands for.
        project: What it is scoped to; `None` for an unscoped token.
        methods: How the user has proved who it is.
        lifetime: Seconds it is valid.
        parent: The token it is made from. It expires when that one does: nobody stays in by renewing.
        grant: The application credential or trust it is made of. It does not outlive that either.

    Returns:
        The token itself, which is kept nowhere, and its record.

    Raises:
        UsedUpError: A trust has been used as often as it may be.
    """
    if isinstance(grant, Trust) and grant.remaining_uses is not None:
        left = update(Trust).where(Trust.id == grant.id, Trust.remaining_uses > 0)
        if not cast("Any", session.execute(left.values(remaining_uses=Trust.remaining_uses - 1))).rowcount:
            raise UsedUpError
    # Of the table, not of records: nobody needs to be told of what has been worthless already.
    session.execute(delete(cast("Any", Token.__table__)).where(Token.expires_at < now()))
    token = secrets.token_hex(32)
    audit_id = secrets.token_urlsafe(16)
    ends = [parent.expires_at if parent else now() + timedelta(seconds=lifetime)]
    if grant is not None and grant.expires_at is not None:
        ends.append(grant.expires_at)
    record = Token(
        hash=hashed(token),
        user_id=user.id,
        project_id=project.id if project else None,
        methods=sorted({*methods, *(parent.methods if parent else ())}),
        audit_ids=[audit_id, parent.audit_ids[-1]] if parent else [audit_id],
        expires_at=min(ends),
        grant_id=grant.id if grant else None,
    )
    session.add(record)
    session.flush()
    return token, record


def find(session: Session, token: str) -> Token | None:
    """The record of a token that is valid now, else `None`."""
    record = session.get(Token, hashed(token))
    return record if record and record.expires_at > now() else None


def of_caller(call: Call, token: str) -> Token:
    """The record of a token the caller may see and revoke: its own, or any for an administrator.

    Raises:
        ApiError: 404 for any other token.
    """
    record = find(call.session, token)
    if record is None or (record.user_id != call.identity.user_id and not call.identity.is_admin):
        raise ApiError(404, "The token was not found: it is unknown, expired or revoked.")
    return record


def revoke(session: Session, token: Token) -> None:
    """Ends a token at once."""
    session.delete(token)


def identify(session: Session, token: str) -> Identity | None:
    """The caller a valid token stands for; `None` for any other token, or when its user or project is disabled."""
    record = find(session, token)
    user = session.get(User, record.user_id) if record else None
    if record is None or user is None or not user.enabled:
        return None
    project = session.get(Project, record.project_id) if record.project_id else None
    roles = roles_of(session, record)
    if record.project_id and (project is None or not project.enabled or not roles):
        return None
    return Identity(
        user_id=user.id,
        user_name=user.name,
        project_id=project.id if project else None,
        project_name=project.name if project else None,
        roles=roles,
        expires_at=record.expires_at.replace(tzinfo=UTC),
        grant_id=record.grant_id,
    )


def roles_of(session: Session, record: Token) -> tuple[str, ...]:
    """The roles that a token has in its project now."""
    if record.project_id is None:
        return ()
    if record.grant_id is None:
        return held_roles(session, record.user_id, record.project_id)
    grant = grants.find(session, record.grant_id)
    return given_roles(session, grant) if grant else ()


def held_roles(session: Session, user_id: str, project_id: str) -> tuple[str, ...]:
    """The roles of a user in a project."""
    return effective_roles(
        session.scalars(select(Assignment.role).filter_by(user_id=user_id, project_id=project_id)),
    )


def given_roles(session: Session, grant: grants.Grant) -> tuple[str, ...]:
    """The roles that a grant gives: those of it that the giver still has."""
    given = effective_roles(grant.roles)
    return tuple(role for role in held_roles(session, grants.giver_of(grant), grant.project_id) if role in given)


def effective_roles(assigned: Iterable[str]) -> tuple[str, ...]:
    """Roles a user has by those assigned: an administrator is a member, a member is a reader."""
    order = list(ROLES)
    held = set(assigned)
    first = min((order.index(role) for role in held if role in order), default=len(order))
    return tuple(order[first:])


def timestamp(moment: datetime) -> str:
    """A time in Keystone's form."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hashed(token: str) -> str:
    """What is kept of a token: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode()).hexdigest()
