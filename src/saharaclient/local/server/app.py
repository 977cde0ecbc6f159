"""The Starlette application, composed from the route tables of the parts; what holds for every request is here."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saharaclient.local.background import trouble
from saharaclient.local.neighbours.compute import routes as compute
from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.routes import part as identity
from saharaclient.local.neighbours.image import routes as image
from saharaclient.local.neighbours.network import routes as network
from saharaclient.local.neighbours.object_storage import routes as object_http
from saharaclient.local.sahara.api.routes import part as sahara
from saharaclient.local.store.database import TooLongError
from saharaclient.local.web.calls import ApiError, Part, keystone_error_body
from saharaclient.local.web.faults import FaultInjection

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from saharaclient.local.service import Service
    from saharaclient.local.web.caller import Identity

LOG = logging.getLogger(__name__)
# Sahara is at the root and matches everything: it comes last.
PARTS = (identity, compute.part, image.part, network.part, object_http.part, sahara)


def make_app(service: Service) -> Starlette:
    """Makes the application of a service."""
    app = Starlette(
        routes=[
            Route("/info", object_http.show_info),  # where Swift's clients look for it
            *(_placed(part, route) for part in PARTS for route in part.routes),
        ],
        middleware=[Middleware(Gateway), Middleware(FaultInjection, answer=_answer_error)],
        exception_handlers={
            HTTPException: _answer_error,
            ClientDisconnect: _answer_nobody,
            OperationalError: _answer_trouble,
            OSError: _answer_trouble,
            TooLongError: _answer_too_long,
            Exception: _answer_failure,
        },
    )
    app.router.redirect_slashes = False  # a slash at the end makes no difference here, see Gateway
    app.state.service = service
    return app


def _placed(part: Part, route: BaseRoute) -> BaseRoute:
    """A part's route under the part's prefix."""
    if not part.prefix or not isinstance(route, Route):
        return route
    path = (part.prefix + route.path).rstrip("/")
    return Route(path, route.endpoint, methods=sorted(route.methods) if route.methods else None, name=route.name)


class Gateway:
    """Middleware of every request: gives it an id, finds its caller by the token, and evens out its path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req-{uuid.uuid4()}"

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-openstack-request-id"] = request_id
            await send(message)

        state = scope.setdefault("state", {})
        state.update(identity=None, request_id=request_id)
        part = part_of(scope["path"])
        if part is not object_http.part and scope["path"] != "/":  # a slash can be part of an object's name
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            problem = _error_response(part, ApiError(400, "The URL holds a NUL character."))
            await problem(scope, receive, send_with_id)
            return
        headers = Headers(scope=scope)
        if "content-length" in headers and "transfer-encoding" in headers:
            # A proxy may have gone by the other one, and taken for a body what would be the next request here.
            error = ApiError(
                400, "Give Content-Length or Transfer-Encoding, not both.", headers={"Connection": "close"}
            )
            await _error_response(part, error)(scope, receive, send_with_id)
            return
        token = headers.get("x-auth-token") or headers.get("x-storage-token")
        if token:
            try:
                state["identity"] = await run_in_threadpool(_identify, scope["app"].state.service, token)
            except OperationalError as error:
                await _answer_trouble(Request(scope), error)(scope, receive, send_with_id)
                return
        await self.app(scope, receive, send_with_id)


def _identify(service: Service, token: str) -> Identity | None:
    with service.database.session(read_only=True) as session:
        return tokens.identify(session, token)


def part_of(path: str) -> Part:
    """The part a path belongs to."""
    inside = (p for p in PARTS if p.prefix and (path == p.prefix or path.startswith(f"{p.prefix}/")))
    return next(inside, sahara)


def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    part = part_of(request.url.path)
    if not isinstance(error, ApiError) and error.status_code in (404, 405) and part is not sahara:
        error = ApiError(
            501,
            f"The embedded {part.name} service does not do '{request.method} {request.url.path}'. "
            f"It does: {part.offers}.",
        )
    return _error_response(part, error)


def _error_response(part: Part, error: HTTPException) -> Response:
    # Without a valid token, Keystone's middleware answers in place of the service.
    body_of: Any = keystone_error_body if error.status_code == 401 else part.error_body
    body = body_of(error.status_code, error.detail, getattr(error, "kind", ""))
    return JSONResponse(body, error.status_code, headers=error.headers)


def _answer_trouble(request: Request, error: Exception) -> Response:
    answer = trouble.answer_to(error)
    if answer is None:
        raise error
    LOG.error("%s %s had trouble: %s", request.method, request.url.path, error)
    return _error_response(part_of(request.url.path), answer)


def _answer_too_long(request: Request, error: Exception) -> Response:
    return _error_response(part_of(request.url.path), ApiError(400, str(error)))


def _answer_failure(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed: %r", request.method, request.url.path, error)
    part = part_of(request.url.path)
    message = f"The service has failed on this request ({request.state.request_id}); its log tells why."
    return JSONResponse(part.error_body(500, message, ""), 500)


def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client went away while it sent its request: nobody reads this answer."""
    return Response(status_code=400)
