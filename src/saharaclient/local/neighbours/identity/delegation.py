"""Routes of Keystone v3 about what a user lets others do: application credentials for programs, trusts for users.

Programs log in by the former today; Heat makes the latter for each stack.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.directory import describe_roles, links_of, listing, missing, need_admin
from saharaclient.local.neighbours.identity.records import (
    ROLES,
    ApplicationCredential,
    Project,
    Trust,
    User,
    hash_password,
    new_id,
    now,
)
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call

_SECRET_BYTES = 64
_TRUSTS = "OS-TRUST/trusts"
_LONGEST_NAME = 255


# ---- application credentials ----


def _own(call: Call) -> str:
    """The user in the path, who must be the caller, with a login of its own or by a credential that is unrestricted."""
    user_id: str = call.path["user"]
    if user_id != call.identity.user_id:
        raise ApiError(403, "Only a user itself manages its application credentials.")
    grant_id = call.identity.grant_id
    if grant_id is not None:
        made_of = call.session.get(ApplicationCredential, grant_id)
        if made_of is None or not made_of.unrestricted:
            raise ApiError(403, "A restricted application credential or a trust manages no application credentials.")
    return user_id


def _describe_credential(call: Call, credential: ApplicationCredential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "user_id": credential.user_id,
        "project_id": credential.project_id,
        "roles": _roles(call, credential.roles),
        "expires_at": _timestamp(credential.expires_at),
        "unrestricted": credential.unrestricted,
        "system": None,
        "links": links_of(call, f"users/{credential.user_id}/application_credentials/{credential.id}"),
    }


def _create_credential(call: Call) -> tuple[int, dict[str, Any]]:
    given = call.member("application_credential")
    user_id, project_id = _own(call), call.project_id
    if given.get("access_rules"):
        raise ApiError(501, "Access rules are not kept by this service: leave 'access_rules' out.")
    asked = _asked_roles(given, call.identity.roles, ApiError(400, "No role may be given that the token lacks."))
    secret = _value(given, "secret", str) or secrets.token_urlsafe(_SECRET_BYTES)
    credential = ApplicationCredential(
        id=new_id(),
        name=_name(given),
        description=_value(given, "description", str),
        user_id=user_id,
        project_id=project_id,
        roles=list(tokens.effective_roles(asked or call.identity.roles)),
        expires_at=_expiry(given),
        unrestricted=_value(given, "unrestricted", bool) or False,
        secret_hash=hash_password(secret),  # last, as it takes long
    )
    call.session.add(credential)
    try:
        call.session.flush()
    except IntegrityError:
        raise ApiError(409, f"The user has an application credential of this name: {credential.name}.") from None
    return 201, {"application_credential": {**_describe_credential(call, credential), "secret": secret}}


def _list_credentials(call: Call) -> dict[str, Any]:
    user_id = _own(call)
    query = select(ApplicationCredential).filter_by(user_id=user_id).order_by(ApplicationCredential.name)
    found = [_describe_credential(call, credential) for credential in call.session.scalars(query)]
    return listing(call, "application_credentials", found)


def _credential(call: Call) -> ApplicationCredential:
    found = call.session.get(ApplicationCredential, call.path["id"])
    if found is None or found.user_id != _own(call):
        raise missing("application credential", call.path["id"])
    return found


def _show_credential(call: Call) -> dict[str, Any]:
    return {"application_credential": _describe_credential(call, _credential(call))}


def _delete_credential(call: Call) -> None:
    call.session.delete(_credential(call))


def _list_access_rules(call: Call) -> dict[str, Any]:
    return listing(call, "access_rules", [])


# ---- trusts ----


def _describe_trust(call: Call, trust: Trust, *, with_roles: bool = True) -> dict[str, Any]:
    path = f"{_TRUSTS}/{trust.id}"
    shown = {
        "id": trust.id,
        "trustor_user_id": trust.trustor_user_id,
        "trustee_user_id": trust.trustee_user_id,
        "project_id": trust.project_id,
        "impersonation": trust.impersonation,
        "expires_at": _timestamp(trust.expires_at, "Z"),
        "remaining_uses": trust.remaining_uses,
        "redelegation_count": 0,
        "redelegated_trust_id": None,
        "deleted_at": None,
        "links": links_of(call, path),
    }
    if with_roles:
        shown["roles"] = _roles(call, trust.roles)
        shown["roles_links"] = {**links_of(call, f"{path}/roles"), "next": None, "previous": None}
    return shown


def _create_trust(call: Call) -> tuple[int, dict[str, Any]]:
    given = call.member("trust")
    if call.identity.grant_id is not None:  # its roles may be fewer than those that the trustor could give
        raise ApiError(403, "A token of an application credential or a trust makes no trust: log in as the user.")
    trustor, trustee = (_value(given, name, str) for name in ("trustor_user_id", "trustee_user_id"))
    project_id, impersonation = _value(given, "project_id", str), _value(given, "impersonation", bool)
    uses = _value(given, "remaining_uses", int)
    if trustor is None or trustee is None or project_id is None or impersonation is None:
        raise ApiError(400, "A trust must have 'trustor_user_id', 'trustee_user_id', 'project_id' and 'impersonation'.")
    if uses is not None and not 0 < uses < 1 << 31:
        raise ApiError(400, "'remaining_uses' of a trust must be a number above 0.")
    if given.get("allow_redelegation") or given.get("redelegation_count"):
        raise ApiError(501, "This service passes no trust on: leave 'allow_redelegation' out.")
    if trustor != call.identity.user_id:
        raise ApiError(403, "The authenticated user should match the trustor.")
    if call.session.get(User, trustee) is None:
        raise missing("user", trustee)
    if call.session.get(Project, project_id) is None:
        raise missing("project", project_id)
    held = tokens.held_roles(call.session, trustor, project_id)
    roles = _asked_roles(
        given, held, ApiError(404, "Could not find role: the trustor does not have it in the project.")
    )
    if not roles:
        raise ApiError(403, "At least one role should be specified.")
    trust = Trust(
        id=new_id(),
        trustor_user_id=trustor,
        trustee_user_id=trustee,
        project_id=project_id,
        impersonation=impersonation,
        roles=roles,
        expires_at=_expiry(given),
        remaining_uses=uses,
    )
    call.session.add(trust)
    call.session.flush()
    return 201, {"trust": _describe_trust(call, trust)}


def _list_trusts(call: Call) -> dict[str, Any]:
    _no_delegation(call)
    if call.identity.user_id not in (call.query.get("trustor_user_id"), call.query.get("trustee_user_id")):
        need_admin(call)
    found = call.session.scalars(select(Trust).order_by(Trust.id))
    described = [_describe_trust(call, trust, with_roles=False) for trust in found if trust.remaining_uses != 0]
    return {**listing(call, "trusts", described), "links": {**links_of(call, _TRUSTS), "previous": None, "next": None}}


def _trust(call: Call) -> Trust:
    """The trust in the path: its two users and administrators see it."""
    _no_delegation(call)
    found = call.session.get(Trust, call.path["id"])
    if found is None or found.remaining_uses == 0:
        raise missing("trust", call.path["id"])
    if call.identity.user_id not in (found.trustor_user_id, found.trustee_user_id) and not call.identity.is_admin:
        raise ApiError(403, "Requested user has no relation to this trust.")
    return found


def _show_trust(call: Call) -> dict[str, Any]:
    return {"trust": _describe_trust(call, _trust(call))}


def _delete_trust(call: Call) -> None:
    trust = _trust(call)
    if call.identity.user_id != trust.trustor_user_id:
        need_admin(call)
    call.session.delete(trust)


def _list_trust_roles(call: Call) -> dict[str, Any]:
    return {"roles": _roles(call, _trust(call).roles), "links": links_of(call, f"{_TRUSTS}/{call.path['id']}/roles")}


def _show_trust_role(call: Call) -> dict[str, Any]:
    for role in _roles(call, _trust(call).roles):
        if role["id"] == call.path["role"]:
            return {"role": role}
    raise missing("role", call.path["role"])


def _no_delegation(call: Call) -> None:
    grant_id = call.identity.grant_id
    if grant_id is not None and call.session.get(ApplicationCredential, grant_id) is not None:
        raise ApiError(403, "Delegated tokens cannot manage trusts.")


# ---- what both are given ----


def _value(given: dict[str, Any], name: str, kind: type) -> Any:
    """A member of a type; `None` where it is missing or null."""
    value = given.get(name)
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise ApiError(400, f"'{name}' must be of type {kind.__name__}.")
    return value


def _name(given: dict[str, Any]) -> str:
    name: str | None = _value(given, "name", str)
    if not name or len(name) > _LONGEST_NAME:
        raise ApiError(400, f"'name' must have 1 to {_LONGEST_NAME} characters.")
    return name


def _expiry(given: dict[str, Any]) -> datetime | None:
    text: str | None = _value(given, "expires_at", str)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(400, "'expires_at' must be a time in ISO 8601, such as 2030-01-31T12:00:00Z.") from None
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if moment <= now():
        raise ApiError(400, "'expires_at' must not be in the past.")
    return moment


def _timestamp(moment: datetime | None, zone: str = "") -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S.%f}{zone}"


def _asked_roles(given: dict[str, Any], held: tuple[str, ...], refusal: ApiError) -> list[str]:
    """The names of the roles that are asked for; all of them must be held."""
    asked = given.get("roles") or []
    if not isinstance(asked, list) or not all(isinstance(role, dict) for role in asked):
        raise ApiError(400, "'roles' must be a list of objects with 'id' or 'name'.")
    names = {id_: name for name, id_ in ROLES.items()}
    found = [names.get(str(role["id"])) if role.get("id") else role.get("name") for role in asked]
    if not all(isinstance(name, str) and name in held for name in found):
        raise refusal
    return [role for role in held if role in found]


def _roles(call: Call, names: list[str]) -> list[dict[str, Any]]:
    return [role for role in describe_roles(call) if role["name"] in names]


_CREDENTIALS = "/v3/users/{user}/application_credentials"
routes = [
    route(f"GET {_CREDENTIALS}", _list_credentials),
    route(f"POST {_CREDENTIALS}", _create_credential),
    route(f"GET {_CREDENTIALS}/{{id}}", _show_credential),
    route(f"DELETE {_CREDENTIALS}/{{id}}", _delete_credential),
    route("GET /v3/users/{user}/access_rules", _list_access_rules),
    route(f"GET /v3/{_TRUSTS}", _list_trusts),
    route(f"POST /v3/{_TRUSTS}", _create_trust),
    route(f"GET /v3/{_TRUSTS}/{{id}}", _show_trust),
    route(f"DELETE /v3/{_TRUSTS}/{{id}}", _delete_trust),
    route(f"GET /v3/{_TRUSTS}/{{id}}/roles", _list_trust_roles),
    route(f"GET /v3/{_TRUSTS}/{{id}}/roles/{{role}}", _show_trust_role),
]
