"""Sahara's errors: one function of a name and a text. How they are answered is in `api/error_bodies.py`."""

from __future__ import annotations


class SaharaError(Exception):
    """An error with Sahara's own name.

    Args:
        name: Sahara's `error_name`; 400 itself where Sahara answers so.
        message: What is wrong.
        status: The status that Sahara gives it.
    """

    def __init__(self, name: str | int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.name = name
        self.status = status


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
