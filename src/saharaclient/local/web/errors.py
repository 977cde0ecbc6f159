"""Errors that an API answers, and what their answers need to know of the request."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from saharaclient.local.web.caller import Identity


class ApiError(HTTPException):
    """An error answered in the form of the part it happens in.

    Args:
        status_code: HTTP status.
        detail: What is wrong and what to do, for people.
        kind: The part's own name of the error where its form has one, for example neutron's `type`.
        headers: Extra response headers.
    """

    def __init__(
        self, status_code: int, detail: str, *, kind: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status_code, detail, headers)
        self.kind = kind


def too_large(limit: int) -> ApiError:
    """The error for a body over a limit in bytes."""
    return ApiError(413, f"The request body is larger than the {limit} bytes this service accepts.")


def caller_of(request: Request) -> Identity:
    """The caller of a request. Raises 401 without a valid token."""
    caller: Identity | None = request.state.identity
    if caller is None:
        raise unauthorized(request)
    return caller


def unauthorized(request: Request) -> ApiError:
    """The error for a request without a valid token; it is always answered in Keystone's form."""
    return ApiError(
        401,
        "The request you have made requires authentication.",
        headers={"WWW-Authenticate": f'Keystone uri="{root_url(request)}/identity/v3"'},
    )


def keystone_error_body(status: int, message: str, _kind: str = "") -> dict[str, Any]:
    """Keystone's form of an error; the message first, as some programs show only how an answer begins."""
    return {"error": {"message": message, "code": status, "title": reason(status)}}


def in_json(body_of: Callable[[int, str, str], Any]) -> Callable[[HTTPException, str], Response]:
    """What answers errors in JSON, whatever the caller accepts.

    Args:
        body_of: Makes the body from status, message and kind.
    """

    def answer(error: HTTPException, _accept: str) -> Response:
        body = body_of(error.status_code, error.detail, getattr(error, "kind", ""))
        return JSONResponse(body, error.status_code, headers=error.headers)

    return answer


def reason(status: int) -> str:
    """The standard phrase of a status, for example `Not Found`; that of its class where it has none (RFC 9110, 15)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return HTTPStatus(status // 100 * 100).phrase


_HOST = re.compile(r"^[A-Za-z0-9.\-]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$")


def root_url(request: Request) -> str:
    """URL of the service as the caller reaches it: links must work through forwarded ports and container names."""
    host = request.headers.get("host", "")
    if not _HOST.match(host):
        address, port = request.scope["server"]
        host = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return f"{request.scope['scheme']}://{host}"
