"""The JSON Schema of project files, made from the types, so that editors complete them."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from saharaclient.project.types import Sections


@functools.cache
def document() -> dict[str, Any]:
    """The schema: JSON Schema 2020-12."""
    (root,), components = msgspec.json.schema_components([Sections], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A data processing project: what a Sahara holds, by kind and name",
        **root,
        "$defs": dict(sorted(components.items())),
    }
