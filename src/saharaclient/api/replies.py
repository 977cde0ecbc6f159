"""What is read from a reply that is a success, and the error for one that is not what the API promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core import decoding, errors

if TYPE_CHECKING:
    import msgspec
    import requests


def get_json(response: requests.Response) -> Any:
    """The decoded body of a reply.

    Raises:
        MalformedResponse: it is no JSON.
    """
    try:
        return decoding.decode(response.content)
    except decoding.NotJSON as error:
        raise malformed(response, str(error)) from error


def get_list(response: requests.Response, key: str) -> tuple[list[msgspec.Raw], dict[str, Any]]:
    """The undecoded objects of a list reply, and the markers of the pages beside it.

    Raises:
        MalformedResponse: it is no JSON, or has no list of objects under `key`.
    """
    try:
        items, markers = decoding.decode_list(response.content, key)
    except decoding.NotJSON as error:
        raise malformed(response, str(error)) from error
    return items, markers if isinstance(markers, dict) else {}


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
