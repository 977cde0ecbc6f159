"""How a caller proves who it is: passwords and earlier tokens, of Keystone v3 and v2.0, and which project is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.records import (
    DOMAIN_ID,
    DOMAIN_NAME,
    Assignment,
    Project,
    Token,
    User,
    check_password,
)
from saharaclient.local.web.errors import ApiError, unauthorized

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.web.calls import Call

UNSCOPED = "unscoped"
T = TypeVar("T", User, Project)


@dataclass(frozen=True)
class Login:
    """A caller that has proved who it is, and the project it asks for."""

    user: User
    project: Project | None
    methods: tuple[str, ...]
    parent: Token | None = None

    def issue(self, call: Call) -> tuple[str, Token]:
        """Issues its token in a transaction of its own: checking passwords takes long, and others write meanwhile."""
        try:
            with call.database.session() as session:
                return tokens.issue(
                    session,
                    self.user,
                    self.project,
                    methods=self.methods,
                    lifetime=call.settings.token_lifetime,
                    parent=self.parent,
                )
        except IntegrityError:  # the user or the project was deleted meanwhile
            raise unauthorized(call.request) from None


def login_v3(call: Call) -> Login:
    """Reads a v3 authentication request.

    Raises:
        ApiError: 400 for a malformed request, 401 for a wrong user, password, token or project.
    """
    identity = call.member("auth", "identity")
    methods = identity.get("methods")
    if not isinstance(methods, list) or not methods or not all(isinstance(method, str) for method in methods):
        raise ApiError(400, "'auth.identity.methods' must be a list of method names: 'password' or 'token'.")
    unknown = set(methods) - {"password", "token"}
    if unknown:
        raise ApiError(
            401, f"Attempted to authenticate with an unsupported method: {', '.join(sorted(unknown))}. Use 'password'."
        )
    user: User | None = None
    parent: Token | None = None
    if "token" in methods:
        parent, user = _by_token(call, call.member("auth", "identity", "token").get("id"))
    if "password" in methods:
        given = call.member("auth", "identity", "password", "user")
        user = _by_password(
            call, _find(call.session, User, given, "auth.identity.password.user"), given.get("password")
        )
    if user is None:
        raise unauthorized(call.request)
    return Login(user, _scope_v3(call, user), tuple(methods), parent)


def _scope_v3(call: Call, user: User) -> Project | None:
    auth = call.member("auth")
    scope = auth.get("scope")
    if scope == UNSCOPED or (isinstance(scope, dict) and UNSCOPED in scope):
        return None
    if scope is None:
        return _permitted(call, user, call.session.get(Project, user.default_project_id or ""), needed=False)
    if not isinstance(scope, dict) or not isinstance(scope.get("project"), dict):
        raise ApiError(401, "This service issues tokens for a project: 'auth.scope' must be an object with 'project'.")
    return _permitted(call, user, _find(call.session, Project, scope["project"], "auth.scope.project"))


def login_v2(call: Call) -> Login:
    """Reads a v2.0 authentication request.

    Raises:
        ApiError: 400 for a malformed request, 401 for a wrong user, password, token or tenant.
    """
    auth = call.member("auth")
    parent: Token | None = None
    if "passwordCredentials" in auth:
        given = call.member("auth", "passwordCredentials")
        by = {"id": given.get("userId"), "name": given.get("username")}
        user = _by_password(call, _find_by(call.session, User, by), given.get("password"))
        methods = ("password",)
    elif "token" in auth:
        parent, user = _by_token(call, call.member("auth", "token").get("id"))
        methods = ("token",)
    else:
        raise ApiError(400, "Expecting to find 'passwordCredentials' or 'token' in 'auth'.")
    tenant = {"id": auth.get("tenantId"), "name": auth.get("tenantName")}
    wanted = any(tenant.values())
    project = _find_by(call.session, Project, tenant) if wanted else None
    return Login(user, _permitted(call, user, project, needed=wanted), methods, parent)


def _by_password(call: Call, user: User | None, password: Any) -> User:
    if not isinstance(password, str):
        raise ApiError(400, "The password must be a string.")
    if user is None or not user.enabled or not check_password(password, user.password_hash):
        raise unauthorized(call.request)
    return user


def _by_token(call: Call, token: Any) -> tuple[Token, User]:
    record = tokens.find(call.session, token) if isinstance(token, str) else None
    user = call.session.get(User, record.user_id) if record else None
    if record is None or user is None or not user.enabled:
        raise unauthorized(call.request)
    return record, user


def _permitted(call: Call, user: User, project: Project | None, *, needed: bool = True) -> Project | None:
    """The project if the user has a role in it; 401 otherwise, which does not tell whether it exists."""
    if project and project.enabled:
        roles = select(Assignment).filter_by(user_id=user.id, project_id=project.id)
        if call.session.scalars(roles).first():
            return project
    if needed:
        raise unauthorized(call.request)
    return None


def _find(session: Session, table: type[T], given: dict[str, Any], where: str) -> T | None:
    """A user or project by `id`, or by `name` and `domain`, as v3 names them."""
    if not any(isinstance(given.get(key), str) for key in ("id", "name")):
        raise ApiError(400, f"'{where}' must have an 'id', or a 'name' and a 'domain'.")
    if "id" not in given:
        domain = given.get("domain")
        if not isinstance(domain, dict) or not domain.keys() & {"id", "name"}:
            raise ApiError(400, f"'{where}' with a name needs a 'domain' with 'id' or 'name', here '{DOMAIN_ID}'.")
        # Keystone on MySQL compares names without regard to case; sahara-scenario and rally give "default" as a name
        named = str(domain.get("name", DOMAIN_NAME)).lower()
        if domain.get("id", DOMAIN_ID) != DOMAIN_ID or named != DOMAIN_NAME.lower():
            return None
    return _find_by(session, table, given)


def _find_by(session: Session, table: type[T], given: dict[str, Any]) -> T | None:
    if isinstance(given.get("id"), str):
        return session.get(table, given["id"])
    return session.scalar(select(table).filter_by(name=given["name"])) if isinstance(given.get("name"), str) else None
