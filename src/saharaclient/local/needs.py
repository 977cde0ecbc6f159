"""What a cluster needs beside its template: an image, a flavor, a network; asked for as any client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keystoneauth1.session import Session


def image(session: Session, plugin: str, version: str | None = None) -> str:
    """The id of an image that clusters of a plugin can use: the service's first one, registered and tagged for it."""
    from saharaclient.client import Client

    sahara = Client("2", session=session)
    version = version or sahara.plugins.get(plugin).versions[0]
    (first, *_) = _ask(session, "image", "/v2/images")["images"]
    registered = {known.id: known for known in sahara.images.list()}.get(first["id"])
    if registered is None:
        sahara.images.update_image(first["id"], "ubuntu")
    tags = registered.tags if registered else []
    if missing := {plugin, version} - set(tags):
        sahara.images.update_tags(first["id"], [*tags, *sorted(missing)])
    return str(first["id"])


def network(session: Session, name: str) -> str:
    """The id of a network."""
    return _named(name, _ask(session, "network", "/v2.0/networks")["networks"])


def flavor(session: Session, name: str) -> str:
    """The id of a flavor."""
    return _named(name, _ask(session, "compute", "/flavors")["flavors"])


def _ask(session: Session, service: str, path: str) -> Any:
    return session.get(path, endpoint_filter={"service_type": service, "interface": "public"}).json()


def _named(name: str, resources: list[dict[str, Any]]) -> str:
    for resource in resources:
        if resource["name"] == name:
            return str(resource["id"])
    raise LookupError(f"there is no {name!r}, only {', '.join(resource['name'] for resource in resources)}")
