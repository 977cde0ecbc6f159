"""What the parts of the HTTP API share: route tables, the handler's view of a request, errors in the part's own form.

A handler is a plain function of a `Call`, run in a worker thread inside one database transaction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from saharaclient.local.settings import Settings
    from saharaclient.local.store.database import Database
    from saharaclient.local.web.caller import Identity

SAFE_METHODS = ("GET", "HEAD")
DEEPEST_JSON = 100  # levels; what is read must also be written, by code that goes through it recursively


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


@dataclass(frozen=True)
class Part:
    """One API of the service and where it is mounted.

    Args:
        name: The service's type in the catalog.
        prefix: Path it is mounted at, `""` for the root.
        routes: Its route table.
        error_body: Makes the body of an error reply from status, message and kind.
        offers: What it does, in words; an answer 501 names it.
    """

    name: str
    prefix: str
    routes: list[BaseRoute]
    error_body: Callable[[int, str, str], Any]
    offers: str


class Backend(Protocol):
    """What every part of the API may use: found at `request.app.state.service`."""

    @property
    def settings(self) -> Settings:
        """The service's settings."""
        ...

    @property
    def database(self) -> Database:
        """Where every record is."""
        ...


@dataclass(frozen=True)
class Call:
    """One request, as a handler sees it.

    Args:
        request: The request; its body is in `body` already.
        session: Database session of the request's transaction.
        body: The decoded JSON body, `None` without one.
    """

    request: Request
    session: Session
    body: Any = None
    caller: Identity | None = field(default=None)

    @property
    def settings(self) -> Settings:
        """The service's settings."""
        return backend(self.request).settings

    @property
    def database(self) -> Database:
        """The service's database, for what shall not end with the request's transaction."""
        return backend(self.request).database

    @property
    def identity(self) -> Identity:
        """The caller; only handlers of public routes may have none."""
        if self.caller is None:
            raise unauthorized(self.request)
        return self.caller

    @property
    def project_id(self) -> str:
        """The caller's project. Raises 403 for an unscoped token."""
        if self.identity.project_id is None:
            raise ApiError(403, "The token is not scoped to a project: authenticate with a project name or id.")
        return self.identity.project_id

    @property
    def path(self) -> dict[str, Any]:
        """Parameters of the path."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of the query; of a repeated one the last."""
        return self.request.query_params

    @property
    def root(self) -> str:
        """URL of the service as the caller reaches it, without a slash at the end."""
        return root_url(self.request)

    def member(self, *names: str) -> dict[str, Any]:
        """The JSON object under a path of names in the body, for example `member("auth", "identity")`.

        Raises:
            ApiError: 400 if it is missing or no object.
        """
        value = self.body
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, dict):
            raise ApiError(400, f"The request body must be a JSON object with an object at '{'.'.join(names)}'.")
        return value


def backend(request: Request) -> Backend:
    """What answers a request."""
    found: Backend = request.app.state.service
    return found


Handler = Callable[[Call], Any]


def route(rule: str, handler: Handler, *, public: bool = False, read_only: bool | None = None) -> Route:
    """Makes a route from a rule such as `"GET /flavors/{id}"`.

    Args:
        rule: Method and path.
        handler: Function of a `Call`; answers a `Response`, a JSON value (status 200), `None` (204), or a pair of
            status and JSON value.
        public: Whether it answers callers without a token.
        read_only: Whether its session is for reading alone, as by default that of GET and HEAD is.
    """
    method, path = rule.split(" ", 1)
    reads = method in SAFE_METHODS if read_only is None else read_only

    async def endpoint(request: Request) -> Response:
        if request.state.identity is None and not public:
            raise unauthorized(request)  # and nothing is read from who may be anybody
        body = await read_json(request) if request.method not in SAFE_METHODS else None
        return await run_in_threadpool(_answer, request, handler, body, reads)

    return Route(path, endpoint, methods=[method])


def _answer(request: Request, handler: Handler, body: Any, read_only: bool) -> Response:  # noqa: FBT001
    with backend(request).database.session(read_only=read_only) as session:
        answer = handler(Call(request, session, body, request.state.identity))
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=204)
    status, content = answer if isinstance(answer, tuple) else (200, answer)
    return JSONResponse(content, status)


async def read_json(request: Request) -> Any:
    """Reads and decodes the request body, whatever content type it claims.

    Returns:
        The value, `None` if the body is empty.

    Raises:
        ApiError: 413 if it is larger than the settings allow, 400 if it is no JSON.
    """
    raw = await read_body(request)
    if not raw.strip():
        return None
    try:
        return decode_json(raw)
    except ValueError as error:
        raise ApiError(400, f"The request body is not valid JSON: {error}") from None


def decode_json(raw: bytes) -> Any:
    """Decodes JSON that can be stored, shown and checked.

    Raises:
        ValueError: if it is no JSON in UTF-8, is nested too deeply, or holds a character that no database stores.
    """
    text = raw.decode()
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if text.count("[") + text.count("{") > DEEPEST_JSON and _is_deeper(value, DEEPEST_JSON):
        raise ValueError(f"it is nested more than {DEEPEST_JSON} levels deep")
    if "\\u" in text:  # an escape can name what no database stores: half a surrogate pair, or NUL
        json.dumps(value, ensure_ascii=False).encode()
        if "\\u0000" in text:
            raise ValueError("the character U+0000 cannot be stored")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    inside = [value]
    for _ in range(levels + 1):
        inside = [
            item
            for one in inside
            if isinstance(one, dict | list)
            for item in (one.values() if isinstance(one, dict) else one)
        ]
        if not inside:
            return False
    return True


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


async def read_body(request: Request) -> bytes:
    """Reads the request body within the limit of the settings.

    Raises:
        ApiError: 413 if it is larger.
    """
    limit = backend(request).settings.max_body_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)


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
    """Keystone's form of an error."""
    return {"error": {"code": status, "title": reason(status), "message": message}}


def reason(status: int) -> str:
    """The standard phrase of a status, for example `Not Found`."""
    return HTTPException(status).detail


_HOST = re.compile(r"^[A-Za-z0-9.\-]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$")


def root_url(request: Request) -> str:
    """URL of the service as the caller reaches it: links must work through forwarded ports and container names."""
    host = request.headers.get("host", "")
    if not _HOST.match(host):
        address, port = request.scope["server"]
        host = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return f"{request.scope['scheme']}://{host}"


def page(call: Call, items: list[dict[str, Any]], *, key: str = "id") -> list[dict[str, Any]]:
    """The items of a list that `limit` and `marker` of the query ask for.

    Args:
        call: The request.
        items: The whole list, in its order.
        key: The field the marker names.

    Raises:
        ApiError: 400 for a limit that is no number, or a marker that is in no item.
    """
    marker, limit = call.query.get("marker"), call.query.get("limit")
    if marker:
        position = next((i for i, item in enumerate(items) if item[key] == marker), None)
        if position is None:
            raise ApiError(400, f"The marker '{marker}' is not in the list.")
        items = items[position + 1 :]
    if limit is not None:
        number = whole_number(limit)
        if number is None:
            raise ApiError(400, f"The limit '{limit}' must be a whole number, zero or more.")
        items = items[:number]
    return items


def whole_number(text: str) -> int | None:
    """The number that a text of up to 18 digits is: what a database takes. None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
