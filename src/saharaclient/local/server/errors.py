"""Errors of requests: each is answered in the form of the API that was asked, and here alone it becomes an HTTP one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from saharaclient.local.background.trouble import is_full
from saharaclient.local.neighbours.compute import routes as compute
from saharaclient.local.neighbours.compute.records import InvalidKey
from saharaclient.local.neighbours.identity.routes import part as identity
from saharaclient.local.neighbours.image import routes as image
from saharaclient.local.neighbours.network import routes as network
from saharaclient.local.neighbours.object_storage import routes as object_storage
from saharaclient.local.sahara.api.routes import part as sahara
from saharaclient.local.sahara.errors import SaharaError
from saharaclient.local.store.database import TooLongError
from saharaclient.local.web.errors import ApiError, in_json, keystone_error_body

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request

    from saharaclient.local.web.calls import Part

LOG = logging.getLogger(__name__)
RETRY_AFTER = "1"  # seconds that a client is told to wait
# Sahara is at the root and matches everything: it comes last.
PARTS = (identity, compute.part, image.part, network.part, object_storage.part, sahara)


def part_of(path: str) -> Part:
    """The part a path belongs to."""
    inside = (p for p in PARTS if p.prefix and (path == p.prefix or path.startswith(f"{p.prefix}/")))
    return next(inside, sahara)


def response(part: Part, error: HTTPException, headers: Headers) -> Response:
    """The answer to an error in the form of a part.

    Args:
        part: The part that was asked.
        error: The error.
        headers: Headers of the request.
    """
    # Without a valid token, Keystone's middleware answers in place of the service.
    answer_of = in_json(keystone_error_body) if error.status_code == 401 else part.error_answer
    return answer_of(error, headers.get("accept", ""))


def answer(request: Request, error: Exception) -> Response:
    """The answer to an error of the service.

    Raises:
        Exception: The error itself, where nobody has foreseen it.
    """
    part = part_of(request.url.path)
    if isinstance(error, HTTPException):
        return response(part, _unrouted(request, part, error), request.headers)
    if isinstance(error, SaharaError):
        return response(part, ApiError(error.status, str(error), kind=str(error.name)), request.headers)
    if isinstance(error, TooLongError | InvalidKey):
        return response(part, ApiError(400, str(error)), request.headers)
    trouble = _trouble(error)
    if trouble is None:
        raise error
    LOG.error("%s %s had trouble: %s", request.method, request.url.path, error)
    return response(part, trouble, request.headers)


def _unrouted(request: Request, part: Part, error: HTTPException) -> HTTPException:
    if isinstance(error, ApiError) or error.status_code not in (404, 405) or part is sahara:
        return error
    asked = f"'{request.method} {request.url.path}'"
    return ApiError(501, f"The embedded {part.name} service does not do {asked}. It does: {part.offers}.")


def _trouble(error: Exception) -> ApiError | None:
    """The error that a request with trouble of the machine is answered with; None for other errors."""
    if is_full(error):
        return ApiError(507, "The disk of the service is full: nothing was stored or changed. Free some space on it.")
    if isinstance(error, OperationalError):
        text = f"The database of the service cannot be used now: {str(error.orig).strip()}"
        return ApiError(503, text, headers={"Retry-After": RETRY_AFTER})
    if isinstance(error, FileNotFoundError):
        return ApiError(404, "The record is there, but its content is gone from the state folder of the service.")
    return None


def _answer_failure(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed: %r", request.method, request.url.path, error)
    message = f"The service has failed on this request ({request.state.request_id}); its log tells why."
    return response(part_of(request.url.path), ApiError(500, message), request.headers)


def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client went away while it sent its request: nobody reads this answer."""
    return Response(status_code=400)


HANDLERS: dict[Any, Any] = {
    **dict.fromkeys((HTTPException, SaharaError, TooLongError, InvalidKey, OperationalError, OSError), answer),
    ClientDisconnect: _answer_nobody,
    Exception: _answer_failure,
}
