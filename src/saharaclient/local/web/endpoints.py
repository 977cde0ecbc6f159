"""The way of every request from its route to its reply: caller, body, thread, transaction, handler.

A handler is a plain function of a `Call`. It answers a `Response`, a JSON value (status 200), `None` (204), or a pair
of status and JSON value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saharaclient.local.web.bodies import json_body
from saharaclient.local.web.calls import Call, backend
from saharaclient.local.web.errors import unauthorized
from saharaclient.local.web.replies import JSONReply
from saharaclient.local.web.uploads import is_small

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saharaclient.local.store.database import Database

SAFE_METHODS = ("GET", "HEAD")
MOST_REPLIES, LARGEST_REPLY = 200, 256 * 1024  # remembered replies, and bytes of one
READERS = 8  # threads: what a password's check or another writer keeps waiting is not to keep everybody waiting

Handler = Callable[[Any], Any]  # of a Call, or of what `call` makes
Body = Callable[[Request], AbstractAsyncContextManager[Any]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Threads:
    """The threads in which requests use the database: found at `request.app.state.threads`.

    Writers take turns anyway, so that one thread is enough for them and those that read never wait for them.
    """

    def __init__(self) -> None:
        self.readers = ThreadPoolExecutor(READERS, "reader")
        self.writer = ThreadPoolExecutor(1, "writer")

    def stop(self) -> None:
        """Waits for what is under way."""
        self.readers.shutdown()
        self.writer.shutdown()


def endpoint(
    handler: Handler,
    *,
    body: Body | None = None,
    reads: bool = False,
    records: bool = True,
    public: bool = False,
    first: Handler | None = None,
    remembers: bool = False,
    call: Callable[..., Call] = Call,
) -> Endpoint:
    """Makes the endpoint of a handler.

    Args:
        handler: What answers.
        body: How the body is received, for as long as the handler runs; unless given, it is not read.
        reads: Whether the handler changes nothing. Its session is for reading then, and it is run again where a file
            that a record names has just been replaced.
        records: Whether it looks at records. One that does not has no session, and answers at once.
        public: Whether it answers callers without a token.
        first: A handler that is run before a large body is received, to refuse what need not be sent. The handler
            itself refuses the same.
        remembers: Whether the same request may be answered the same until a record is changed: the handler looks at
            its path and query, at who sent it and at records, and at nothing else. What it answers as a `Response` of
            its own, such as a file, is not.
        call: Makes what the handler is given.
    """

    async def respond(request: Request) -> Response:
        caller = request.state.identity
        if caller is None and not public:
            raise unauthorized(request)  # and nothing is read from who may be anybody
        make = partial(call, request, caller=caller)
        if not records:
            return _reply(handler(make(None)))
        if first is not None and not is_small(request):
            await _run(request, first, make, reads=True)
        if remembers:
            memory: Memory = request.app.state.memory
            key = _key(request)
            known = memory.recall(key)
            if known is None:
                changes = backend(request).database.changes
                answer = await _run(request, handler, make, reads=True)
                if isinstance(answer, Response):
                    return answer
                known = _reply(answer)
                memory.keep(key, known, changes)
            return Response(known.body, known.status_code, media_type=known.media_type)
        if body is None:
            return _reply(await _run(request, handler, make, reads=reads))
        async with body(request) as content:
            return _reply(await _run(request, handler, partial(make, body=content), reads=reads))

    return respond


def _key(request: Request) -> Hashable:
    return request.scope["path"], request.scope["query_string"], request.state.identity


class Memory:
    """Replies that are given again while no record has changed: found at `request.app.state.memory`.

    Most requests ask how something under way is, and most often it is as it was.

    Args:
        database: Where the records are. Nobody else may write there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = -1
        self._replies: dict[Hashable, Response] = {}

    def recall(self, key: Hashable) -> Response | None:
        """A reply that still holds, or None."""
        return self._replies.get(key) if self._changes == self._database.changes else None

    def keep(self, key: Hashable, reply: Response, changes: int) -> None:
        """Remembers a reply.

        Args:
            key: What it answers.
            reply: The reply.
            changes: `Database.changes` from before the records were read.
        """
        if changes != self._database.changes or len(reply.body) > LARGEST_REPLY:
            return
        if changes != self._changes or len(self._replies) >= MOST_REPLIES:
            self._changes, self._replies = changes, {}
        self._replies[key] = reply


async def _run(request: Request, handler: Handler, make: Callable[[Session], Call], *, reads: bool) -> Any:
    """Runs a handler in a thread, inside one transaction."""
    database, threads = backend(request).database, request.app.state.threads
    loop = asyncio.get_running_loop()
    if reads:
        return await loop.run_in_executor(threads.readers, database.read, lambda session: handler(make(session)))

    def write() -> Any:
        with database.session() as session:
            return handler(make(session))

    return await loop.run_in_executor(threads.writer, write)


def _reply(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=204)
    status, content = answer if isinstance(answer, tuple) else (200, answer)
    return Response(status_code=status) if content is None else JSONReply(content, status)


def route(rule: str, handler: Handler, *, body: Body | None = None, reads: bool | None = None, **options: Any) -> Route:
    """Makes a route from a rule such as `"GET /flavors/{id}"`.

    Args:
        rule: Method and path.
        handler: What answers.
        body: See `endpoint`; unless given, JSON for the methods that have a body.
        reads: See `endpoint`; unless given, whether the method is one that reads.
        options: Other options of `endpoint`.
    """
    method, path = rule.split(" ", 1)
    safe = method in SAFE_METHODS
    if body is None and not safe:
        body = json_body
    return Route(
        path, endpoint(handler, body=body, reads=safe if reads is None else reads, **options), methods=[method]
    )
