"""Replies in JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response


class JSONReply(Response):
    """A reply in JSON: as starlette's own, made in a fraction of the time."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return msgspec.json.encode(content)
