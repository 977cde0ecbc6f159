"""The service catalog: where each API of this service is, in the forms of Keystone v3 and v2.0."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from saharaclient.local.settings import Settings

INTERFACES = ("public", "internal", "admin")


class Entry(NamedTuple):
    """One service: type, name and the path of its endpoint, where `{project}` stands for the project id."""

    type: str
    name: str
    path: str

    @property
    def id(self) -> str:
        """The service's id: the same in every catalog."""
        return _id(self.type)

    def endpoint_id(self, interface: str) -> str:
        """The id of its endpoint of an interface."""
        return _id(f"{self.type}/{interface}")

    def url(self, root: str, project_id: str) -> str:
        """The URL of its endpoint."""
        return root + self.path.format(project=project_id)


VERSIONED, UNVERSIONED = (Entry("data-processing", "sahara", path) for path in ("/v1.1/{project}", ""))
NEIGHBOURS = (
    Entry("identity", "keystone", "/identity"),
    Entry("compute", "nova", "/compute/v2.1"),
    Entry("image", "glance", "/image"),
    Entry("network", "neutron", "/network"),
    Entry("object-store", "swift", "/object-store/v1/AUTH_{project}"),
)


def entries(settings: Settings) -> tuple[Entry, ...]:
    """The services in the order of the catalog."""
    return (UNVERSIONED if settings.unversioned_catalog else VERSIONED, *NEIGHBOURS)


def catalog_v3(root: str, settings: Settings, project_id: str) -> list[dict[str, Any]]:
    """The catalog as a v3 token carries it."""
    return [
        {
            "id": entry.id,
            "type": entry.type,
            "name": entry.name,
            "endpoints": [
                {
                    "id": entry.endpoint_id(interface),
                    "interface": interface,
                    "region": settings.region,
                    "region_id": settings.region,
                    "url": entry.url(root, project_id),
                }
                for interface in INTERFACES
            ],
        }
        for entry in entries(settings)
    ]


def catalog_v2(root: str, settings: Settings, project_id: str) -> list[dict[str, Any]]:
    """The catalog as a v2.0 token carries it."""
    return [
        {
            "type": entry.type,
            "name": entry.name,
            "endpoints_links": [],
            "endpoints": [
                {
                    "id": entry.id,
                    "region": settings.region,
                    **{f"{interface}URL": entry.url(root, project_id) for interface in INTERFACES},
                }
            ],
        }
        for entry in entries(settings)
    ]


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).hex
