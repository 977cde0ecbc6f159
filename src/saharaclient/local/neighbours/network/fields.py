"""What records of the network service have in common, and how their fields are read."""

from __future__ import annotations

from typing import Any

from saharaclient.local.web.errors import ApiError

Item = dict[str, Any]
WHEN = "2026-01-01T00:00:00Z"


def described(id_: str, project_id: str, name: str, description: str = "") -> Item:
    """What every record shows."""
    return {
        "id": id_,
        "name": name,
        "description": description,
        "project_id": project_id,
        "tenant_id": project_id,
        "tags": [],
        "created_at": WHEN,
        "updated_at": WHEN,
        "revision_number": 1,
    }


def text(given: Item, name: str, default: str = "") -> str:
    """A text of a request. Raises 400 for what is none."""
    value = given.get(name, default)
    if not isinstance(value, str) or len(value) > 255:
        raise ApiError(
            400, f"Invalid input for {name}: it must be a string of at most 255 characters.", kind="HTTPBadRequest"
        )
    return value
