"""Sahara's errors: one function of a name and a text, and the body they are answered with."""

from __future__ import annotations

import uuid
from typing import Any

from saharaclient.local.web.calls import ApiError


class SaharaError(ApiError):
    """An error with Sahara's own name.

    Args:
        name: Sahara's `error_name`; 400 itself where Sahara answers so.
        message: What is wrong.
        status: HTTP status.
    """

    def __init__(self, name: str | int, message: str, status: int = 400) -> None:
        super().__init__(status, message, kind=str(name))
        self.name = name


def invalid_reference(message: str) -> SaharaError:
    """Something named does not exist or cannot be used so."""
    return SaharaError("INVALID_REFERENCE", message)


def invalid_data(message: str) -> SaharaError:
    """A value makes no sense."""
    return SaharaError("INVALID_DATA", message)


def missing_reference(message: str) -> SaharaError:
    """Something the body names does not exist."""
    return SaharaError("NOT_FOUND", message)


def not_found(**key: str) -> SaharaError:
    """What the path names does not exist."""
    return SaharaError("NOT_FOUND", f"Object with {key} not found", 404)


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
