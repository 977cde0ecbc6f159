"""How a caller proves who it is: passwords, application credentials, earlier tokens; and which project is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saharaclient.local.neighbours.identity import grants, tokens
from saharaclient.local.neighbours.identity.records import (
    DOMAIN_ID,
    DOMAIN_NAME,
    ApplicationCredential,
    Assignment,
    Project,
    Token,
    Trust,
    User,
    check_password,
)
from saharaclient.local.web.errors import ApiError, unauthorized

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.web.calls import Call

UNSCOPED = "unscoped"
TRUST = "OS-TRUST:trust"
_METHODS = "'password', 'token' or 'application_credential'"
T = TypeVar("T", User, Project)


@dataclass(frozen=True)
class Login:
    """A caller that has proved who it is, the project it asks for, and the grant it comes by, if it is not itself."""

    user: User
    project: Project | None
    methods: tuple[str, ...]
    parent: Token | None = None
    grant: grants.Grant | None = None

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
                    grant=self.grant,
                )
        except tokens.UsedUpError:
            raise unauthorized(call.request) from None
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
        raise ApiError(400, f"'auth.identity.methods' must be a list of method names: {_METHODS}.")
    unknown = set(methods) - {"password", "token", "application_credential"}
    if unknown:
        raise ApiError(
            401, f"Attempted to authenticate with an unsupported method: {', '.join(sorted(unknown))}. Use {_METHODS}."
        )
    if "application_credential" in methods:
        return _by_application_credential(call)
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
    scope = call.member("auth").get("scope")
    if isinstance(scope, dict) and TRUST in scope:
        return _by_trust(call, user, tuple(methods), parent)
    return Login(user, _scope_v3(call, user), tuple(methods), parent)


def _by_application_credential(call: Call) -> Login:
    given = call.member("auth", "identity", "application_credential")
    if "scope" in call.member("auth"):
        raise ApiError(401, "Application credentials cannot request a scope: they have their project.")
    if isinstance(given.get("id"), str):
        found = call.session.get(ApplicationCredential, given["id"])
        if found is None:  # as Keystone tells it
            raise ApiError(404, f"Could not find Application Credential: {given['id']}.")
    elif isinstance(given.get("name"), str):
        whose = call.member("auth", "identity", "application_credential", "user")
        user = _find(call.session, User, whose, "auth.identity.application_credential.user")
        named = select(ApplicationCredential).filter_by(name=given["name"], user_id=user.id if user else None)
        found = call.session.scalar(named)
    else:
        raise ApiError(400, "'auth.identity.application_credential' must have an 'id', or a 'name' and a 'user'.")
    secret = given.get("secret")
    if not isinstance(secret, str):
        raise ApiError(400, "The secret of an application credential must be a string.")
    if found is None or not check_password(secret, found.secret_hash) or not grants.holds(call.session, found):
        raise unauthorized(call.request)
    methods = ("application_credential",)  # what else is named is not looked at, and so not told by the token
    return _granted(call, call.session.get_one(User, found.user_id), methods, None, found)


def _by_trust(call: Call, user: User, methods: tuple[str, ...], parent: Token | None) -> Login:
    trust_id = call.member("auth", "scope", TRUST).get("id")
    trust = call.session.get(Trust, trust_id) if isinstance(trust_id, str) else None
    if trust is None or not grants.holds(call.session, trust) or trust.remaining_uses == 0:
        raise unauthorized(call.request)
    if user.id != trust.trustee_user_id:
        raise ApiError(403, "User is not a trustee.")
    whom = call.session.get_one(User, trust.trustor_user_id) if trust.impersonation else user
    return _granted(call, whom, methods, parent, trust)


def _granted(call: Call, user: User, methods: tuple[str, ...], parent: Token | None, grant: grants.Grant) -> Login:
    project = call.session.get_one(Project, grant.project_id)
    if not project.enabled or not tokens.given_roles(call.session, grant):
        raise unauthorized(call.request)
    return Login(user, project, methods, parent, grant)


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
    if record.grant_id is not None:
        raise ApiError(403, "A token of an application credential or a trust makes no other: log in with it again.")
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
