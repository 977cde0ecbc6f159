"""What is read from a reply that is a success, and the error for one that is not what the API promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core import errors
from saharaclient._core import lazy_msgspec as msgspec

if TYPE_CHECKING:
    import requests


def get_json(response: requests.Response) -> Any:
    """The decoded body of a reply.

    Raises:
        MalformedResponse: it is no JSON.
    """
    return decode(response, Any)


def decode(response: requests.Response, to: Any) -> Any:
    """The body of a reply as a type of Python's or of msgspec's.

    Raises:
        MalformedResponse: it is no JSON, or not of that type.
    """
    try:
        return msgspec.json.decode(response.content, type=to)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(response, str(error)) from error


def malformed(response: requests.Response, reason: str) -> errors.MalformedResponse:
    """The error for a reply that is a success but not what the API promises; nothing is raised here."""
    told = f"HTTP {response.status_code}, {len(response.content)} bytes"
    error = errors.MalformedResponse(
        error_message=f"The server's reply ({told}) is not what the API promises: {reason}"
    )
    return errors.locate(error, response)


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list of a reply, whatever else a server put there."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
