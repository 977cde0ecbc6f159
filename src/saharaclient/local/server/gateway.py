"""What every request passes first: it gets an id, an even path and its caller, or is refused."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from saharaclient.local.neighbours.object_storage.routes import part as object_storage
from saharaclient.local.server import errors
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from saharaclient.local.neighbours.identity.callers import Callers
    from saharaclient.local.web.caller import Identity
    from saharaclient.local.web.calls import Part
    from saharaclient.local.web.endpoints import Threads


class Gateway:
    """Middleware of every request.

    Args:
        app: What answers requests.
        callers: Who is behind a token.
        threads: Where they are looked up.
    """

    def __init__(self, app: ASGIApp, callers: Callers, threads: Threads) -> None:
        self._app = app
        self._callers = callers
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req-{uuid.uuid4()}"
        scope.setdefault("state", {}).update(identity=None, request_id=request_id)
        part = errors.part_of(scope["path"])
        scope = _evened(scope, part)
        answer = await self._refused(scope, part) or self._app
        await answer(scope, receive, _with_id(send, request_id))

    async def _refused(self, scope: Scope, part: Part) -> ASGIApp | None:
        """Finds out who the caller is. Returns the answer to a request that goes no further."""
        headers = Headers(scope=scope)
        refusal = _refusal(scope, headers)
        if refusal is not None:
            return errors.response(part, refusal, headers)
        token = headers.get("x-auth-token") or headers.get("x-storage-token")
        if token:
            try:
                scope["state"]["identity"] = await self._identify(token)
            except OperationalError as error:
                return errors.answer(Request(scope), error)
        return None

    async def _identify(self, token: str) -> Identity | None:
        known = self._callers.recall(token)
        if known is not None:
            return known
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads.readers, self._callers.identify, token)


def _with_id(send: Send, request_id: str) -> Send:
    """Sends responses with the request's id."""

    async def send_with_id(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["x-openstack-request-id"] = request_id
        await send(message)

    return send_with_id


def _evened(scope: Scope, part: Part) -> Scope:
    """The request without a slash at its path's end, which makes no difference but in an object's name."""
    if part is object_storage or scope["path"] == "/":
        return scope
    return {**scope, "path": scope["path"].rstrip("/") or "/"}


def _refusal(scope: Scope, headers: Headers) -> ApiError | None:
    """Why a request is answered by nobody."""
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        return ApiError(400, "The URL holds a NUL character.")
    if "content-length" in headers and "transfer-encoding" in headers:
        # A proxy may have gone by the other one, and taken for a body what would be the next request here.
        text = "Give Content-Length or Transfer-Encoding, not both."
        return ApiError(400, text, headers={"Connection": "close"})
    if headers.get("transfer-encoding", "chunked").lower() != "chunked":
        return ApiError(400, "Give no Transfer-Encoding but 'chunked'.", headers={"Connection": "close"})
    return None
