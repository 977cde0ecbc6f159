"""Routes of Keystone v3 about who there is: projects, users, roles, domains, and the catalog's records.

Projects, users and role assignments can be made and removed; domains, roles, services and endpoints are as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from saharaclient.local.neighbours.identity.catalog import INTERFACES, entries
from saharaclient.local.neighbours.identity.records import (
    DOMAIN_ID,
    DOMAIN_NAME,
    ROLES,
    Assignment,
    Project,
    User,
    hash_password,
)
from saharaclient.local.web.calls import Call
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError

Table = type[User] | type[Project]
Items = Callable[[Call], list[dict[str, Any]]]


def links_of(call: Call, path: str) -> dict[str, str]:
    """Where a record is."""
    return {"self": f"{call.root}/identity/v3/{path}"}


def domain(call: Call) -> dict[str, Any]:
    """The only domain."""
    return {
        "id": DOMAIN_ID,
        "name": DOMAIN_NAME,
        "description": "The default domain",
        "enabled": True,
        "tags": [],
        "options": {},
        "links": links_of(call, f"domains/{DOMAIN_ID}"),
    }


def describe_project(call: Call, project: Project) -> dict[str, Any]:
    """A project as v3 shows it."""
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "enabled": project.enabled,
        "domain_id": DOMAIN_ID,
        "parent_id": DOMAIN_ID,
        "is_domain": False,
        "tags": [],
        "options": {},
        "links": links_of(call, f"projects/{project.id}"),
    }


def describe_user(call: Call, user: User) -> dict[str, Any]:
    """A user as v3 shows it."""
    shown = {
        "id": user.id,
        "name": user.name,
        "description": user.description,
        "enabled": user.enabled,
        "domain_id": DOMAIN_ID,
        "password_expires_at": None,
        "options": {},
        "links": links_of(call, f"users/{user.id}"),
    }
    optional = {"email": user.email, "default_project_id": user.default_project_id}
    return shown | {key: value for key, value in optional.items() if value is not None}


def listing(call: Call, kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A list reply, filtered as Keystone does: exact values of known fields; other parameters are passed over."""
    wanted = {key: value for key, value in call.query.items() if any(key in item for item in items)}
    if kind == "domains" and wanted.get("name", "").lower() == DOMAIN_NAME.lower():
        wanted["name"] = DOMAIN_NAME  # as where one logs in, case is no matter
    found = [item for item in items if all(_matches(item.get(key), value) for key, value in wanted.items())]
    return {kind: found, "links": {**links_of(call, kind), "previous": None, "next": None}}


def _matches(have: Any, wanted: str) -> bool:
    if isinstance(have, bool):
        return have == (wanted.lower() not in ("0", "false"))
    return str(have) == wanted


def missing(kind: str, id_: str) -> ApiError:
    """The error for what is not there."""
    return ApiError(404, f"Could not find {kind}: {id_}.")


def need_admin(call: Call) -> None:
    """Raises 403 for others than administrators."""
    if not call.identity.is_admin:
        raise ApiError(403, "You are not authorized to perform the requested action: it needs the role 'admin'.")


# ---- projects and users: the same verbs on two tables ----


def _get(call: Call, table: Table, id_: str) -> User | Project:
    found: User | Project | None = call.session.get(table, id_)  # type: ignore[assignment]
    # Others than administrators see themselves and the project they are in.
    own = (call.identity.user_id, call.identity.project_id)
    if found is None or not (call.identity.is_admin or found.id in own):
        raise missing(table.__name__.lower(), id_)
    return found


def _describe(call: Call, item: User | Project) -> dict[str, Any]:
    return describe_user(call, item) if isinstance(item, User) else describe_project(call, item)


def _fields(call: Call, table: Table) -> dict[str, Any]:
    kind = table.__name__.lower()
    given = call.member(kind)
    known: dict[str, type] = {"name": str, "description": str, "enabled": bool}
    if table is User:
        known |= {"email": str, "password": str, "default_project_id": str}
    fields: dict[str, Any] = {}
    for name, expected in known.items():
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, expected):
            raise ApiError(400, f"'{name}' of a {kind} must be of type {expected.__name__}.")
        if name == "name" and not 0 < len(str(value)) <= 64:
            raise ApiError(400, f"'name' of a {kind} must have 1 to 64 characters.")
        fields[name] = value
    if given.get("domain_id") not in (None, DOMAIN_ID):
        raise ApiError(400, f"'domain_id' must be '{DOMAIN_ID}', the only domain of this service.")
    if "password" in fields:
        fields["password_hash"] = hash_password(fields.pop("password"))
    return fields


def _save(call: Call, item: User | Project) -> dict[str, Any]:
    kind = type(item).__name__.lower()
    call.session.add(item)
    try:
        call.session.flush()
    except IntegrityError:
        raise ApiError(409, f"Conflict occurred attempting to store {kind}: the name is taken: {item.name}.") from None
    return {kind: _describe(call, item)}


def _list_items(call: Call, table: Table) -> dict[str, Any]:
    need_admin(call)
    items: Sequence[Any] = call.session.scalars(select(table).order_by(table.name)).all()
    return listing(call, f"{table.__name__.lower()}s", [_describe(call, item) for item in items])


def _show_item(call: Call, table: Table) -> dict[str, Any]:
    return {table.__name__.lower(): _describe(call, _get(call, table, call.path["id"]))}


def _create_item(call: Call, table: Table) -> tuple[int, dict[str, Any]]:
    need_admin(call)
    fields = _fields(call, table)
    if "name" not in fields:
        raise ApiError(400, f"'name' is a required property of a {table.__name__.lower()}.")
    return 201, _save(call, table(**fields))


def _update_item(call: Call, table: Table) -> dict[str, Any]:
    need_admin(call)
    item = _get(call, table, call.path["id"])
    for name, value in _fields(call, table).items():
        setattr(item, name, value)
    return _save(call, item)


def _delete_item(call: Call, table: Table) -> None:
    need_admin(call)
    if call.path["id"] in (call.identity.user_id, call.identity.project_id):
        raise ApiError(403, f"You cannot delete the {table.__name__.lower()} you are using.")
    call.session.delete(_get(call, table, call.path["id"]))


# ---- roles and their assignment ----


def describe_roles(call: Call) -> list[dict[str, Any]]:
    """All roles as v3 shows them."""
    return [
        {
            "id": id_,
            "name": name,
            "description": None,
            "domain_id": None,
            "options": {},
            "links": links_of(call, f"roles/{id_}"),
        }
        for name, id_ in ROLES.items()
    ]


def _assignment(call: Call) -> Assignment:
    """The assignment the path names, made or not."""
    need_admin(call)
    project = _get(call, Project, call.path["project"])
    user = _get(call, User, call.path["user"])
    name = next((name for name, id_ in ROLES.items() if id_ == call.path["role"]), None)
    if name is None:
        raise missing("role", call.path["role"])
    return Assignment(user_id=user.id, project_id=project.id, role=name)


def _grant(call: Call) -> None:
    call.session.merge(_assignment(call))


def _find_assignment(call: Call) -> Assignment:
    asked = _assignment(call)
    found = call.session.get(Assignment, (asked.user_id, asked.project_id, asked.role))
    if found is None:
        raise missing("role assignment", asked.role)
    return found


def _check_grant(call: Call) -> None:
    _find_assignment(call)


def _withdraw(call: Call) -> None:
    call.session.delete(_find_assignment(call))


def _list_granted(call: Call) -> dict[str, Any]:
    project, user = _get(call, Project, call.path["project"]), _get(call, User, call.path["user"])
    held = set(call.session.scalars(select(Assignment.role).filter_by(user_id=user.id, project_id=project.id)))
    return listing(call, "roles", [role for role in describe_roles(call) if role["name"] in held])


def _list_assignments(call: Call) -> dict[str, Any]:
    query = select(Assignment, User.name, Project.name).join(User).join(Project)
    filters = {"user.id": Assignment.user_id, "scope.project.id": Assignment.project_id}
    for name, column in filters.items():
        if name in call.query:
            query = query.where(column == call.query[name])
    if not call.identity.is_admin:
        query = query.where(Assignment.user_id == call.identity.user_id)
    with_names = "include_names" in call.query

    def named(id_: str, name: str, *, in_domain: bool = True) -> dict[str, Any]:
        extra: dict[str, Any] = {"name": name} if with_names else {}
        if with_names and in_domain:
            extra["domain"] = {"id": DOMAIN_ID, "name": DOMAIN_NAME}
        return {"id": id_, **extra}

    found = [
        {
            "role": named(ROLES[assignment.role], assignment.role, in_domain=False),
            "user": named(assignment.user_id, user),
            "scope": {"project": named(assignment.project_id, project)},
            "links": {"assignment": f"{call.root}/identity/v3/role_assignments"},
        }
        for assignment, user, project in call.session.execute(query)
        if call.query.get("role.id") in (None, ROLES[assignment.role])
    ]
    return {"role_assignments": found, "links": {**links_of(call, "role_assignments"), "previous": None, "next": None}}


def _list_user_projects(call: Call) -> dict[str, Any]:
    user = _get(call, User, call.path["id"])
    query = select(Project).join(Assignment).where(Assignment.user_id == user.id).distinct().order_by(Project.name)
    return listing(call, "projects", [describe_project(call, project) for project in call.session.scalars(query)])


# ---- what never changes ----


def _domains(call: Call) -> list[dict[str, Any]]:
    return [domain(call)]


def _services(call: Call) -> list[dict[str, Any]]:
    return [
        {"id": e.id, "type": e.type, "name": e.name, "enabled": True, "links": links_of(call, f"services/{e.id}")}
        for e in entries(call.settings)
    ]


def _endpoints(call: Call) -> list[dict[str, Any]]:
    region = call.settings.region
    return [
        {
            "id": entry.endpoint_id(interface),
            "service_id": entry.id,
            "interface": interface,
            "region": region,
            "region_id": region,
            "enabled": True,
            "url": entry.url(call.root, "%(project_id)s"),
            "links": links_of(call, f"endpoints/{entry.endpoint_id(interface)}"),
        }
        for entry in entries(call.settings)
        for interface in INTERFACES
    ]


def _regions(call: Call) -> list[dict[str, Any]]:
    region = call.settings.region
    links = links_of(call, f"regions/{region}")
    return [{"id": region, "description": "", "parent_region_id": None, "links": links}]


def _list_fixed(call: Call, kind: str, items: Items) -> dict[str, Any]:
    return listing(call, kind, items(call))


def _show_fixed(call: Call, kind: str, items: Items) -> dict[str, Any]:
    for item in items(call):
        if item["id"] == call.path["id"]:
            return {kind[:-1]: item}
    raise missing(kind[:-1], call.path["id"])


_TABLES: dict[str, Table] = {"users": User, "projects": Project}
routes = [
    made
    for kind, table in _TABLES.items()
    for made in (
        route(f"GET /v3/{kind}", partial(_list_items, table=table)),
        route(f"POST /v3/{kind}", partial(_create_item, table=table)),
        route(f"GET /v3/{kind}/{{id}}", partial(_show_item, table=table)),
        route(f"PATCH /v3/{kind}/{{id}}", partial(_update_item, table=table)),
        route(f"DELETE /v3/{kind}/{{id}}", partial(_delete_item, table=table)),
    )
]
routes += [
    made
    for kind, items in {
        "domains": _domains,
        "roles": describe_roles,
        "services": _services,
        "endpoints": _endpoints,
        "regions": _regions,
    }.items()
    for made in (
        route(f"GET /v3/{kind}", partial(_list_fixed, kind=kind, items=items)),
        route(f"GET /v3/{kind}/{{id}}", partial(_show_fixed, kind=kind, items=items)),
    )
]
_GRANT = "/v3/projects/{project}/users/{user}/roles"
routes += [
    route("GET /v3/users/{id}/projects", _list_user_projects),
    route("GET /v3/role_assignments", _list_assignments),
    route(f"GET {_GRANT}", _list_granted),
    route(f"GET {_GRANT}/{{role}}", _check_grant),
    route(f"PUT {_GRANT}/{{role}}", _grant),
    route(f"DELETE {_GRANT}/{{role}}", _withdraw),
]
