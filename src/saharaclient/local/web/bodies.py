"""Bodies of requests: read within their limits, and decoded to what can be stored, shown and checked."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from saharaclient.local.web.calls import backend
from saharaclient.local.web.errors import ApiError, too_large

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


DEEPEST_JSON = 100  # levels; what is read must also be written, by code that goes through it recursively


@asynccontextmanager
async def json_body(request: Request) -> AsyncIterator[Any]:
    """The body of a request, decoded, as `endpoint` wants it."""
    yield await read_json(request)


async def read_json(request: Request) -> Any:
    """Reads and decodes the request body, whatever content type it claims.

    Returns:
        The value, `None` if the body is empty.

    Raises:
        ApiError: 413 if it is larger than the limit, 400 if it is no JSON.
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
