"""Routes of Keystone v3 about tokens: authenticate, check, revoke, and what the caller can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from starlette.responses import JSONResponse, Response

from saharaclient.local.neighbours.identity import grants, tokens
from saharaclient.local.neighbours.identity.authentication import login_v3
from saharaclient.local.neighbours.identity.catalog import catalog_v3
from saharaclient.local.neighbours.identity.directory import describe_project, domain
from saharaclient.local.neighbours.identity.records import (
    DOMAIN_ID,
    DOMAIN_NAME,
    ROLES,
    Assignment,
    Project,
    Token,
    User,
)
from saharaclient.local.web.endpoints import route

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call

DOMAIN = {"id": DOMAIN_ID, "name": DOMAIN_NAME}


def version(root: str) -> dict[str, Any]:
    """The version document of v3."""
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": f"{root}/identity/v3/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }


def _show_version(call: Call) -> dict[str, Any]:
    return {"version": version(call.root)}


def _authenticate(call: Call) -> Response:
    login = login_v3(call)
    token, record = login.issue(call)
    with_catalog = "nocatalog" not in call.query
    body = {"token": _describe(call, record, with_catalog=with_catalog)}
    return JSONResponse(body, 201, headers={"X-Subject-Token": token, "Vary": "X-Auth-Token"})


def _describe(call: Call, record: Token, *, with_catalog: bool) -> dict[str, Any]:
    user = call.session.get_one(User, record.user_id)
    body: dict[str, Any] = {
        "methods": record.methods,
        "user": {"id": user.id, "name": user.name, "domain": DOMAIN, "password_expires_at": None},
        "audit_ids": record.audit_ids,
        "issued_at": tokens.timestamp(record.issued_at),
        "expires_at": tokens.timestamp(record.expires_at),
    }
    if record.project_id is not None:
        project = call.session.get_one(Project, record.project_id)
        body |= {
            "project": {"id": project.id, "name": project.name, "domain": DOMAIN},
            "is_domain": False,
            "roles": [{"id": ROLES[role], "name": role} for role in tokens.roles_of(call.session, record)],
        }
        if grant := grants.find(call.session, record.grant_id):
            body |= grants.describe(grant)
        if with_catalog:
            body["catalog"] = catalog_v3(call.root, call.settings, project.id)
    return body


def _subject(call: Call) -> Token:
    return tokens.of_caller(call, call.request.headers.get("x-subject-token", ""))


def _check_token(call: Call) -> Response:
    record = _subject(call)
    body = {"token": _describe(call, record, with_catalog="nocatalog" not in call.query)}
    return JSONResponse(body, headers={"X-Subject-Token": call.request.headers["x-subject-token"]})


def _revoke_token(call: Call) -> None:
    tokens.revoke(call.session, _subject(call))


def _list_own_projects(call: Call) -> dict[str, Any]:
    query = select(Project).join(Assignment).where(Assignment.user_id == call.identity.user_id, Project.enabled)
    projects = call.session.scalars(query.distinct().order_by(Project.name)).all()
    return {
        "projects": [describe_project(call, project) for project in projects],
        "links": {"self": f"{call.root}/identity/v3/auth/projects", "previous": None, "next": None},
    }


def _list_own_domains(call: Call) -> dict[str, Any]:
    return {"domains": [domain(call)], "links": {"self": f"{call.root}/identity/v3/auth/domains"}}


def _show_catalog(call: Call) -> dict[str, Any]:
    return {
        "catalog": catalog_v3(call.root, call.settings, call.project_id),
        "links": {"self": f"{call.root}/identity/v3/auth/catalog", "previous": None, "next": None},
    }


routes = [
    route("GET /v3", _show_version, public=True, records=False),
    route("POST /v3/auth/tokens", _authenticate, public=True, reads=True),
    route("GET /v3/auth/tokens", _check_token),
    route("DELETE /v3/auth/tokens", _revoke_token),
    route("GET /v3/auth/projects", _list_own_projects),
    route("GET /v3/auth/domains", _list_own_domains),
    route("GET /v3/auth/catalog", _show_catalog),
]
