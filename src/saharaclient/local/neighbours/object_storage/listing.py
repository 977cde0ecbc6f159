"""Listings of accounts and containers as Swift gives them: filtered, paged and folded, as JSON or as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from saharaclient.local.web.calls import whole_number
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call


def listing(call: Call, items: list[dict[str, Any]], headers: dict[str, str], most: int) -> Response:
    """The reply that lists items.

    Args:
        call: The request, whose query says which items and in which form.
        items: All items, each with a `name`.
        headers: Headers of the reply.
        most: The largest number of items in one reply.

    Raises:
        ApiError: 412 for a limit that is no number or larger than `most`.
    """
    if call.request.method == "HEAD":
        return Response(status_code=204, headers=headers)
    items = select(items, call, most)
    if call.query.get("format") == "json" or "application/json" in call.request.headers.get("accept", ""):
        return JSONResponse(items, headers=headers)
    if not items:
        return Response(status_code=204, headers=headers)
    lines = [item.get("name", item.get("subdir", "")) for item in items]
    return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=headers)


def select(items: list[dict[str, Any]], call: Call, most: int) -> list[dict[str, Any]]:
    """The items that `prefix`, `delimiter`, `marker`, `end_marker`, `limit` and `reverse` of the query ask for."""
    query = call.query
    asked = query.get("limit", str(most))
    limit = whole_number(asked)
    if limit is None or limit > most:
        raise ApiError(412, f"The limit '{asked}' must be a number from 0 to {most}.")
    reverse = query.get("reverse", "").lower() in ("true", "1", "yes", "on", "t", "y")
    after, before = query.get("marker", ""), query.get("end_marker", "")
    if reverse:
        after, before = before, after
    folded = fold(items, query.get("prefix", ""), query.get("delimiter", ""))
    names = [name for name in sorted(folded, key=str.encode) if _between(name, after, before)]
    if reverse:
        names.reverse()
    return [folded[name] for name in names[:limit]]


def _between(name: str, after: str, before: str) -> bool:
    return (not after or name.encode() > after.encode()) and (not before or name.encode() < before.encode())


def fold(items: list[dict[str, Any]], prefix: str, delimiter: str) -> dict[str, dict[str, Any]]:
    """Items by name; those that share the part up to a delimiter after the prefix become one `subdir`."""
    folded: dict[str, dict[str, Any]] = {}
    for item in items:
        name: str = item["name"]
        if not name.startswith(prefix):
            continue
        head, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else (name, "", "")
        if found:
            subdir = prefix + head + found
            folded[subdir] = {"subdir": subdir}
        else:
            folded[name] = item
    return folded


LISTING_LIMIT = 10_000
