"""Tables of users, projects, role assignments, tokens and what they are made of, and what is in them at first."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from saharaclient.local.store.database import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.settings import Settings

DOMAIN_ID = "default"
DOMAIN_NAME = "Default"
# Keystone makes these at bootstrap; each implies the ones after it.
ROLES = {name: uuid.uuid5(uuid.NAMESPACE_OID, name).hex for name in ("admin", "member", "reader")}


def new_id() -> str:
    """A new id in Keystone's form."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The time now, UTC, without a zone, as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


class User(Base):
    """A user; all are in the domain `default`."""

    __tablename__ = "identity_users"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(String(255))
    enabled: Mapped[bool] = mapped_column(default=True)
    default_project_id: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255), default="")


class Project(Base):
    """A project; all are in the domain `default`."""

    __tablename__ = "identity_projects"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str] = mapped_column(default="")
    enabled: Mapped[bool] = mapped_column(default=True)


class Assignment(Base):
    """A role of a user in a project."""

    __tablename__ = "identity_assignments"

    user_id: Mapped[str] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(64), primary_key=True)


class Token(Base):
    """A token that was issued and is not revoked. Only its hash is kept: the database does not let anybody in."""

    __tablename__ = "identity_tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    project_id: Mapped[str | None] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    methods: Mapped[list[str]]
    audit_ids: Mapped[list[str]]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    grant_id: Mapped[str | None] = mapped_column(String(64))  # of the application credential or trust it was made of


class ApplicationCredential(Base):
    """A secret of its own with which a program logs in as a user, with some of that user's roles in one project."""

    __tablename__ = "identity_application_credentials"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None]
    secret_hash: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[str] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    project_id: Mapped[str] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    roles: Mapped[list[str]]
    expires_at: Mapped[datetime | None]
    unrestricted: Mapped[bool] = mapped_column(default=False)


class Trust(Base):
    """Leave that one user, the trustor, gives another to act in a project with some of the trustor's roles."""

    __tablename__ = "identity_trusts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    trustor_user_id: Mapped[str] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    trustee_user_id: Mapped[str] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    project_id: Mapped[str] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    impersonation: Mapped[bool]
    roles: Mapped[list[str]]
    expires_at: Mapped[datetime | None]
    remaining_uses: Mapped[int | None]


def hash_password(password: str) -> str:
    """A salted hash of a password for `check_password`."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def check_password(password: str, password_hash: str) -> bool:
    """Whether a password is the one a hash was made from."""
    salt, _, expected = password_hash.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def create_defaults(session: Session, settings: Settings) -> tuple[list[str], list[str]]:
    """Makes the administrator, the user `demo` with a project of its own, and sets both passwords to the settings'.

    Returns:
        The ids of the users and of the projects, the administrator's first.
    """
    projects = {name: _project(session, name) for name in (settings.project_name, "demo")}
    admin, demo = (_user(session, name, settings.password) for name in (settings.username, "demo"))
    for project in projects.values():
        session.merge(Assignment(user_id=admin.id, project_id=project.id, role="admin"))
    session.merge(Assignment(user_id=demo.id, project_id=projects["demo"].id, role="member"))
    session.flush()
    return [admin.id, demo.id], [project.id for project in projects.values()]


def _project(session: Session, name: str) -> Project:
    project = session.scalar(select(Project).filter_by(name=name))
    if project is None:
        project = Project(name=name)
        session.add(project)
        session.flush()
    return project


def _user(session: Session, name: str, password: str) -> User:
    user = session.scalar(select(User).filter_by(name=name))
    if user is None:
        user = User(name=name, password_hash=hash_password(password))
        session.add(user)
    elif not check_password(password, user.password_hash):
        user.password_hash = hash_password(password)
    session.flush()
    return user
