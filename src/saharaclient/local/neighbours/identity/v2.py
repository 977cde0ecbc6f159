"""Routes of Keystone v2.0: tokens and tenants, for programs that still authenticate the old way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.authentication import login_v2
from saharaclient.local.neighbours.identity.catalog import catalog_v2
from saharaclient.local.neighbours.identity.records import ROLES, Assignment, Project, Token, User
from saharaclient.local.web.endpoints import route

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call


def version(root: str) -> dict[str, Any]:
    """The version document of v2.0."""
    return {
        "id": "v2.0",
        "status": "deprecated",
        "updated": "2014-04-17T00:00:00Z",
        "links": [{"rel": "self", "href": f"{root}/identity/v2.0/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v2.0+json"}],
    }


def _show_version(call: Call) -> dict[str, Any]:
    return {"version": version(call.root)}


def _authenticate(call: Call) -> dict[str, Any]:
    return _access(call, *login_v2(call).issue(call))


def _access(call: Call, token: str, record: Token) -> dict[str, Any]:
    user = call.session.get_one(User, record.user_id)
    project = call.session.get(Project, record.project_id) if record.project_id else None
    roles: tuple[str, ...] = ()
    access_token: dict[str, Any] = {
        "id": token,
        "issued_at": tokens.timestamp(record.issued_at),
        "expires": record.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "audit_ids": record.audit_ids,
    }
    if project:
        roles = tokens.roles_of(call.session, record)
        access_token["tenant"] = _describe_tenant(project)
    return {
        "access": {
            "token": access_token,
            "user": {
                "id": user.id,
                "name": user.name,
                "username": user.name,
                "roles": [{"name": role} for role in roles],
                "roles_links": [],
            },
            "metadata": {"is_admin": 0, "roles": [ROLES[role] for role in roles]},
            "serviceCatalog": catalog_v2(call.root, call.settings, project.id) if project else [],
        }
    }


def _check_token(call: Call) -> dict[str, Any]:
    token = call.path["token"]
    return _access(call, token, tokens.of_caller(call, token))


def _revoke_token(call: Call) -> None:
    tokens.revoke(call.session, tokens.of_caller(call, call.path["token"]))


def _describe_tenant(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "enabled": project.enabled,
    }


def _list_tenants(call: Call) -> dict[str, Any]:
    query = select(Project).join(Assignment).where(Assignment.user_id == call.identity.user_id, Project.enabled)
    projects = call.session.scalars(query.distinct().order_by(Project.name))
    return {"tenants": [_describe_tenant(project) for project in projects], "tenants_links": []}


routes = [
    route("GET /v2.0", _show_version, public=True, records=False),
    route("POST /v2.0/tokens", _authenticate, public=True, reads=True),
    route("GET /v2.0/tokens/{token}", _check_token),
    route("DELETE /v2.0/tokens/{token}", _revoke_token),
    route("GET /v2.0/tenants", _list_tenants),
]
