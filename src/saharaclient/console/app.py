"""Answers the browser: routes to pages, pages to HTML, and the stream that says when to read a page again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from saharaclient.console import kinds, pages
from saharaclient.console.access import Access
from saharaclient.console.board import Board
from saharaclient.console.html import Templates
from saharaclient.console.sahara import Sahara
from saharaclient.console.shell import Shell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from saharaclient.console.board import Look

LOG = logging.getLogger(__name__)
HERE = Path(__file__).parent
KEEP_ALIVE = 10.0  # seconds between two signs of life of the stream
MOST_PAGES = 500  # addresses of which is known what they look at


class Console:
    """The application and what it shows.

    Args:
        client: `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.
        title: what is shown, such as the cloud's name.
        port: the port that it will be reached at.
        command: the words that begin the commands to copy.
        usage: facts about the machine that the service runs on.
    """

    def __init__(
        self,
        client: Any,
        title: str,
        port: int,
        command: Sequence[str] = ("openstack", "dataprocessing"),
        usage: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self.source = Sahara(client, usage)
        self.board = Board(self.source.read)
        self._shell = Shell(command)
        self._templates = Templates(HERE / "templates", HERE / "static", title)
        self._known: OrderedDict[str, tuple[list[Look], bool]] = OrderedDict()
        self.access = Access(self._application(), port, lambda name: self._templates.render(name, path="", title=title))

    def _application(self) -> Starlette:
        routes = [
            Route("/", self._answering(pages.overview)),
            Route("/events", self._events),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
        one = {"clusters": pages.cluster, "jobs": pages.job}
        for path, kind in kinds.ALL.items():
            routes.append(Route(f"/{path}", self._answering(pages.list_of(kind))))
            page = one.get(path) or pages.record_of(kind)
            routes.append(Route(f"/{path}/{{which}}", self._answering(page)))
        return Starlette(
            routes=routes, lifespan=self._lifespan, exception_handlers={404: self._missing, Exception: self._failed}
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        poll = asyncio.create_task(self.board.run())
        try:
            yield
        finally:
            poll.cancel()

    def _answering(self, page: Callable[..., Awaitable[pages.Page]]) -> Callable[[Request], Awaitable[HTMLResponse]]:
        async def answer(request: Request) -> HTMLResponse:
            begun, worked = time.perf_counter(), time.thread_time()
            view = pages.View(self.board, self.source, self._shell, request.query_params)
            made = await page(view, *request.path_params.values())
            address = _address(request.url.path, request.url.query)
            self._known[address] = (view.looks, made.busy)
            self._known.move_to_end(address)
            if len(self._known) > MOST_PAGES:
                self._known.popitem(last=False)
            text = self._templates.render(
                made.template, title=made.title, path=request.url.path, query=request.query_params, **made.facts,
                trouble=next((seen.error for seen in view.seen if seen.error and not seen.gone), None),
                incomplete=any(seen.at is None for seen in view.seen), live=True,
            )  # fmt: skip
            taken = {
                "sahara": view.waited,
                "console": time.perf_counter() - begun - view.waited,
                "work": time.thread_time() - worked,
            }
            timing = ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in taken.items())
            return HTMLResponse(text, made.status, {"Server-Timing": timing})

        return answer

    async def _events(self, request: Request) -> StreamingResponse | PlainTextResponse:
        """A stream of server-sent events, one whenever the page that the query names should be read again."""
        known = self._known.get(request.query_params.get("page", ""))
        if known is None:
            return PlainTextResponse("Read the page first.", 404)
        return StreamingResponse(self._news(request.query_params["page"]), media_type="text/event-stream")

    async def _news(self, address: str) -> AsyncIterator[str]:
        looks, _ = self._known[address]
        yield "retry: 1000\n\n"
        with self.board.watching(looks):
            before = None
            while True:
                busy = self._known.get(address, ([], False))[1]
                now = (busy, self.board.version(looks, reads=busy))
                if now != before:
                    before = now
                    yield "data: look\n\n"
                told = time.monotonic()
                await self.board.news(KEEP_ALIVE)
                if time.monotonic() - told >= KEEP_ALIVE:
                    yield ": here\n\n"

    async def _missing(self, request: Request, _error: Exception) -> HTMLResponse:
        facts = {"what": "Page", "which": request.url.path, "last": None}
        return HTMLResponse(self._templates.render("gone.html", title="Not found", path="", **facts), 404)

    async def _failed(self, request: Request, error: Exception) -> HTMLResponse:
        LOG.error("The page %s failed: %r", request.url.path, error)
        LOG.debug("It failed here", exc_info=error)
        text = self._templates.render("failed.html", title="Error", path="", kind=type(error).__name__)
        return HTMLResponse(text, 500)


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
