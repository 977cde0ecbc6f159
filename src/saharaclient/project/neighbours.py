"""What Sahara's neighbours know: flavors, networks, images, objects, and how much more there may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from keystoneauth1 import exceptions

from saharaclient._core import errors, files
from saharaclient._core.http import USER_AGENT, HTTPClient

if TYPE_CHECKING:
    from pathlib import Path

_COLLECTIONS = {
    "flavors": ("compute", "/flavors", "flavors"),
    "networks": ("network", "/v2.0/networks", "networks"),
    "images": ("image", "/v2/images", "images"),
}


def of(client: Any, service_type: str) -> HTTPClient:
    """The seam to a neighbour, with the limits and the time of the client's own."""
    own = client.clusters.api
    api = HTTPClient(
        own.session,
        user_agent=USER_AGENT,
        interface=own.interface,
        service_type=service_type,
        region_name=own.region_name,
        auth=own.auth,
    )
    api.timeout, api.reply_timeout, api.retry, api.clock = own.timeout, own.reply_timeout, own.retry, own.clock
    return api


def names(client: Any, what: str, query: str = "") -> dict[str, str] | None:
    """Names by id of what a neighbour knows.

    Args:
        client: the data processing client.
        what: ``flavors``, ``networks`` or ``images``.
        query: a filter.

    Returns:
        The names; None where there is no such neighbour.

    Raises:
        APIException: what the neighbour reports.
    """
    service_type, path, member = _COLLECTIONS[what]
    api = of(client, service_type)
    try:
        endpoint = api.get_endpoint() or ""
        version = re.search(r"/v\d[\d.]*/?$", endpoint)
        response = api.request(
            (path[path.index("/", 1) :] if version and path.startswith("/v") else path) + query, "GET"
        )
    except (exceptions.EndpointNotFound, exceptions.CatalogException):
        return None
    if not response.ok:
        raise errors.from_response(response)
    return {one["id"]: str(one.get("name")) for one in response.json()[member]}


def store(client: Any, key: str, path: Path) -> None:
    """Put a file into object storage.

    Args:
        client: the data processing client.
        key: container and object.
        path: the file.

    Raises:
        APIException: what object storage reports.
        OSError: the file can't be read.
    """
    swift = of(client, "object-store")
    container, _, _ = key.partition("/")
    _check(swift.request(f"/{quote(container)}", "PUT"))
    headers = {"Content-Type": "application/octet-stream"}
    with files.upload_body(path) as body:
        _check(swift.request(f"/{quote(key)}", "PUT", data=body, headers=headers))


def remove(client: Any, key: str) -> None:
    """Delete an object; one that is gone already is no failure."""
    response = of(client, "object-store").request(f"/{quote(key)}", "DELETE")
    if response.status_code != 404:
        _check(response)


def _check(response: Any) -> None:
    if not response.ok:
        raise errors.from_response(response)
