"""How a route of Sahara's API is answered: body read and checked, handler run in one transaction, reply written."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from saharaclient.local.sahara.api import lists, schemas, templates
from saharaclient.local.sahara.api.context import SaharaCall, require_owner_for_delete
from saharaclient.local.sahara.api.validation import check, validator_of
from saharaclient.local.sahara.errors import SaharaError, invalid_data
from saharaclient.local.web.bodies import decode_json, read_body
from saharaclient.local.web.endpoints import SAFE_METHODS, endpoint
from saharaclient.local.web.replies import JSONReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from saharaclient.local.sahara.api.lists import Resource
    from saharaclient.local.sahara.api.versions import Version
    from saharaclient.local.web.endpoints import Endpoint

STATUS = {"GET": 200, "POST": 202, "PUT": 202, "PATCH": 202, "DELETE": 204}
# Columns a reply to a creation leaves out while they are empty and were not given.
UNSET_AT_CREATION = frozenset(
    ["updated_at", "image_id", "shares", "description", "start_time", "end_time", "return_code", "data_source_urls"]
)


@dataclass(frozen=True, eq=False)
class Rule:
    """One route.

    Args:
        rule: Method and path, below the version.
        handler: Its handler: answers the reply's JSON, a pair of status and JSON, None, or a response.
        schema: The schema of its body.
        of: The table of the record in its path, where an unknown id comes before a body that is wrong.
        params: Query parameters API 2 takes beside those of paging.
        name: What a refusal of others calls it.
        status: The status of its reply, where it is not the method's usual one.
        raw: Whether the body is bytes that nobody reads.
        writes: Whether a GET changes something.
    """

    rule: str
    handler: Callable[[SaharaCall], Any]
    schema: dict[str, Any] | None = None
    of: Any = None
    params: list[str] | None = None
    name: str = ""
    status: int | None = None
    raw: bool = False
    writes: bool = False


def endpoint_of(rule: Rule, version: Version) -> Endpoint:
    """The endpoint of a route in an API version."""
    method = rule.rule.partition(" ")[0]
    validator = validator_of(schemas.for_version(rule.schema, version)) if rule.schema else None
    status = rule.status or STATUS[method]

    def handler(call: SaharaCall) -> Any:
        lists.check_params(call, rule.name or rule.handler.__name__, rule.params or [])
        if rule.of is not None:
            call.get(rule.of)
        if validator is not None:
            check(call.body, validator)
        result = rule.handler(call)
        call.session.flush()
        return result if result is None or isinstance(result, Response | tuple) else (status, result)

    answer = endpoint(
        handler,
        body=None if method in SAFE_METHODS else partial(_body, rule),
        reads=method in SAFE_METHODS and not rule.writes,
        remembers=method in SAFE_METHODS and not rule.writes,
        call=partial(SaharaCall, version=version),
    )
    return answer if version.number == 1 else partial(_told, answer)


async def _told(answer: Endpoint, request: Request) -> Response:
    """API 2 says in each reply which version it is."""
    response = await answer(request)
    response.headers["Vary"] = "OpenStack-API-Version"
    response.headers["OpenStack-API-Version"] = "data-processing 2.0"
    return response


@asynccontextmanager
async def _body(rule: Rule, request: Request) -> AsyncIterator[Any]:
    raw = await read_body(request)
    yield None if rule.raw else read_json(request, raw, empty={} if rule.schema else None)


def read_json(request: Request, raw: bytes, empty: Any) -> Any:
    """The decoded body.

    Raises:
        SaharaError: For a content type that is not JSON, or a body that is none.
    """
    if not raw:
        return empty
    type_ = request.headers.get("content-type", "").split(";")[0].strip()
    if type_ and type_ != "application/json":
        raise invalid_data(f"Content type '{type_}' isn't supported")
    try:
        return decode_json(raw)
    except ValueError:
        raise SaharaError("MALFORMED_REQUEST_BODY", "Malformed message body: cannot understand JSON") from None


def listed(resource: Resource) -> Callable[[SaharaCall], Any]:
    """The handler of a list."""

    def handler(call: SaharaCall) -> dict[str, Any]:
        page = lists.read_list(call, resource)
        reply: dict[str, Any] = {resource.keys: [resource.show(call, record, listed=True) for record in page.records]}
        if page.previous or page.next or "marker" in call.query:
            reply["markers"] = {"prev": page.previous, "next": page.next}
        return reply

    return handler


def shown(resource: Resource) -> Callable[[SaharaCall], Any]:
    """The handler of a plain read."""
    return updated(resource, lambda call: call.get(resource.table))


def updated(resource: Resource, change: Callable[[SaharaCall], Any]) -> Callable[[SaharaCall], Any]:
    """The handler of a change: answers the whole record."""

    def handler(call: SaharaCall) -> dict[str, Any]:
        return {resource.key: resource.show(call, change(call))}

    return handler


def created(resource: Resource, create: Callable[[SaharaCall], Any]) -> Callable[[SaharaCall], Any]:
    """The handler of a creation: answers the record without what nobody has set, as Sahara does."""

    def handler(call: SaharaCall) -> dict[str, Any]:
        record = create(call)
        call.session.flush()
        given = call.given
        unset = tuple(name for name in UNSET_AT_CREATION if name not in given and getattr(record, name, None) is None)
        reply = resource.show(call, record, unset)
        for argument in reply.get("interface", ()):
            for name in ("updated_at", "description"):
                if argument[name] is None:
                    del argument[name]
        return {resource.key: reply}

    return handler


def deleted(resource: Resource, check_unused: Callable[[SaharaCall, Any], None]) -> Callable[[SaharaCall], Any]:
    """The handler of a deletion."""

    def handler(call: SaharaCall) -> None:
        record = call.get(resource.table)
        check_unused(call, record)
        require_owner_for_delete(call, record, type(record).__name__)
        call.session.delete(record)

    return handler


def exported(resource: Resource, placeholders: tuple[str, ...]) -> Callable[[SaharaCall], Any]:
    """The handler of an export."""

    def handler(call: SaharaCall) -> JSONReply:
        record = call.get(resource.table)
        content = {resource.key: templates.export(call, call.version.show(record), placeholders)}
        disposition = f"attachment; filename={resource.key}.json"
        return JSONReply(content, headers={"Content-Disposition": disposition})

    return handler
