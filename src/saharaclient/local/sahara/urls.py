"""URLs and ids in what users give."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from saharaclient.local.engines import urls
from saharaclient.local.sahara.errors import invalid_data

if TYPE_CHECKING:
    from urllib.parse import SplitResult


def is_uuid(value: str) -> bool:
    """Whether a text is a UUID, with or without its dashes."""
    try:
        return str(uuid.UUID(value)).replace("-", "") == value.lower().replace("-", "")
    except ValueError:
        return False


def split_url(url: str) -> SplitResult:
    """A URL in scheme, host and path. Raises INVALID_DATA for a text that cannot be one."""
    try:
        parts = urls.split(url)
        _ = parts.hostname
    except ValueError as error:
        raise invalid_data(f"The URL '{url}' cannot be read: {error}") from None
    return parts
