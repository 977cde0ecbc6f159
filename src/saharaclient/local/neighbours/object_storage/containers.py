"""Accounts and containers over HTTP."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy import func, select
from starlette.responses import Response

from saharaclient.local.neighbours.object_storage.listing import LISTING_LIMIT, listing
from saharaclient.local.neighbours.object_storage.records import Account, Container, Object
from saharaclient.local.neighbours.object_storage.target import (
    STORAGE_POLICY,
    StorageCall,
    Target,
    changed_meta,
    meta_headers,
    refuse_promises,
)
from saharaclient.local.web.errors import ApiError


def show_account(call: StorageCall) -> Response:
    """GET: the containers of an account."""
    sums = select(func.count(Object.id), func.coalesce(func.sum(Object.size), 0)).join(Container)
    count, size = call.session.execute(sums.where(Container.project_id == call.target.project_id)).one()
    totals = (
        select(Container, func.count(Object.id), func.coalesce(func.sum(Object.size), 0))
        .outerjoin(Object)
        .where(Container.project_id == call.target.project_id)
        .group_by(Container.id)
    )
    rows = call.session.execute(totals).all()
    account = call.session.get(Account, call.target.project_id)
    headers = {
        "X-Account-Container-Count": str(len(rows)),
        "X-Account-Object-Count": str(count),
        "X-Account-Bytes-Used": str(size),
        "X-Timestamp": "0000000000.00000",
        **meta_headers("account", account.meta if account else {}),
    }
    items = [
        {"name": c.name, "count": n, "bytes": int(b), "last_modified": c.created_at.isoformat(timespec="microseconds")}
        for c, n, b in rows
    ]
    return listing(call, items, headers, LISTING_LIMIT)


def update_account(call: StorageCall) -> Response:
    """POST: an account's metadata."""
    refuse_promises(call.request)
    account = call.session.get(Account, call.target.project_id) or Account(project_id=call.target.project_id, meta={})
    account.meta = changed_meta(call.request, "account", account.meta)
    call.session.add(account)
    return Response(status_code=204)


def own_container(call: StorageCall, target: Target | None = None) -> Container:
    """The container that a request, or a target of its, names. Raises 404."""
    target = target or call.target
    container = call.store.container(target.project_id, target.container)
    if container is None:
        raise ApiError(404, f"The container '{target.container}' could not be found.")
    return container


def show_container(call: StorageCall) -> Response:
    """GET: the objects of a container."""
    container = own_container(call)
    totals = select(func.count(Object.id), func.coalesce(func.sum(Object.size), 0))
    count, size = call.session.execute(totals.where(Object.container_id == container.id)).one()
    headers = {
        "X-Container-Object-Count": str(count),
        "X-Container-Bytes-Used": str(size),
        "X-Timestamp": f"{container.created_at.replace(tzinfo=UTC).timestamp():.5f}",
        "X-Storage-Policy": STORAGE_POLICY,
        **meta_headers("container", container.meta),
    }
    if call.request.method == "HEAD":
        return Response(status_code=204, headers=headers)
    query = select(Object).filter_by(container_id=container.id)
    prefix = call.query.get("prefix")
    if prefix:
        query = query.where(Object.name.startswith(prefix, autoescape=True))
    items = [
        {
            "name": found.name,
            "hash": found.etag,
            "bytes": found.size,
            "content_type": found.content_type,
            "last_modified": found.modified_at.isoformat(timespec="microseconds"),
        }
        for found in call.session.scalars(query)
    ]
    return listing(call, items, headers, LISTING_LIMIT)


def put_container(call: StorageCall) -> Response:
    """PUT: makes a container, or changes its metadata."""
    refuse_promises(call.request)
    container = call.store.container(call.target.project_id, call.target.container)
    made = container is None
    if container is None:
        container = Container(project_id=call.target.project_id, name=call.target.container, meta={})
        call.session.add(container)
    container.meta = changed_meta(call.request, "container", container.meta)
    return Response(status_code=201 if made else 202)


def update_container(call: StorageCall) -> Response:
    """POST: a container's metadata."""
    refuse_promises(call.request)
    container = own_container(call)
    container.meta = changed_meta(call.request, "container", container.meta)
    return Response(status_code=204)


def delete_container(call: StorageCall) -> Response:
    """DELETE: an empty container."""
    delete_if_empty(call, own_container(call))
    return Response(status_code=204)


def delete_if_empty(call: StorageCall, container: Container) -> None:
    """Deletes a container. Raises 409 for one that holds objects."""
    if call.session.scalars(select(Object.id).filter_by(container_id=container.id).limit(1)).first():
        raise ApiError(409, f"The container '{container.name}' is not empty: delete its objects first.")
    call.session.delete(container)
