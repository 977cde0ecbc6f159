"""What Sahara's neighbours know and keep: flavors, networks, images, objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from keystoneauth1 import exceptions

from saharaclient._core import errors, files

if TYPE_CHECKING:
    from pathlib import Path

_COLLECTIONS = {
    "flavors": ("compute", "/flavors"),
    "networks": ("network", "/v2.0/networks"),
    "images": ("image", "/v2/images"),
    "keypairs": ("compute", "/os-keypairs"),
}
_VERSION = re.compile(r"/v\d[\d.]*(?=/|$)")


class Neighbour:
    """Another service of the client's cloud.

    Args:
        client: the data processing client.
        service_type: the service's type in the catalog.
    """

    def __init__(self, client: Any, service_type: str) -> None:
        self.api = client.clusters.api.beside(service_type)

    def get(self, path: str) -> Any:
        """The decoded reply of a ``GET``.

        Raises:
            APIException: what the service reports.
        """
        endpoint = self.api.get_endpoint() or ""
        if _VERSION.search(endpoint):  # some catalogs have it, some leave it to the path
            path = _VERSION.sub("", path, count=1)
        return self.send("GET", path).json()

    def send(self, method: str, path: str, **options: Any) -> Any:
        """The reply to a request.

        Raises:
            APIException: what the service reports.
        """
        response = self.api.request(path, method, **options)
        if not response.ok:
            raise errors.from_response(response)
        return response


def names(client: Any, what: str, query: str = "") -> dict[str, str] | None:
    """Names by id of what a neighbour knows.

    Args:
        client: the data processing client.
        what: ``flavors``, ``networks``, ``images`` or ``keypairs``, whose names are their ids.
        query: a filter.

    Returns:
        The names; None where there is no such neighbour.

    Raises:
        APIException: what the neighbour reports.
    """
    service_type, path = _COLLECTIONS[what]
    found = ask(client, service_type, path + query)
    if found is None:
        return None
    if what == "keypairs":
        return {str(name): str(name) for name in (one["keypair"]["name"] for one in found[what])}
    return {str(one["id"]): str(one.get("name")) for one in found[what]}


def ask(client: Any, service_type: str, path: str) -> Any:
    """The decoded reply of a neighbour to a ``GET``; None where there is no such neighbour.

    Args:
        client: the data processing client.
        service_type: the neighbour's type in the catalog.
        path: the path.

    Raises:
        APIException: what the neighbour reports.
    """
    try:
        return Neighbour(client, service_type).get(path)
    except (exceptions.EndpointNotFound, exceptions.CatalogException):
        return None


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
    swift = Neighbour(client, "object-store")
    container, _, _ = key.partition("/")
    swift.send("PUT", f"/{quote(container)}")
    headers = {"Content-Type": "application/octet-stream"}
    with files.upload_body(path) as body:
        swift.send("PUT", f"/{quote(key)}", data=body, headers=headers)


def remove(client: Any, key: str) -> None:
    """Delete an object; one that is gone already is no failure."""
    try:
        Neighbour(client, "object-store").send("DELETE", f"/{quote(key)}")
    except errors.NotFound:
        return
