"""The form in which Sahara's API answers errors."""

from __future__ import annotations

import uuid
from typing import Any

UNROUTED = {
    404: "The requested URL was not found on the server. If you entered the URL manually please check your spelling "
    "and try again.",
    405: "The method is not allowed for the requested URL.",
}


def body(status: int, message: str, kind: str = "") -> dict[str, Any]:
    """Sahara's form of an error."""
    if not kind and status in UNROUTED:
        return {"error": status, "error_message": UNROUTED[status]}
    name: str | int = int(kind) if kind.isdigit() else kind or _NAMES.get(status, "UNKNOWN_EXCEPTION")
    if name != "INVALID_PARAMS_ON_REQUEST":
        message = f"{message}\nError ID: {uuid.uuid4()}"
    return {"error_code": status, "error_message": message, "error_name": name}


_NAMES = {
    400: "INVALID_DATA",
    403: "FORBIDDEN",
    413: "DATA_TOO_BIG",
    500: "INTERNAL_SERVER_ERROR",
    501: "NOT_IMPLEMENTED_ERROR",
}
