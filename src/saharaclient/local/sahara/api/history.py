"""The way from a job to its page in Spark's history, for a browser: a redirection, and a history server that runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session  # noqa: TC002
from starlette.responses import RedirectResponse

from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runs import events
from saharaclient.local.sahara.records.jobs import JobExecution
from saharaclient.local.web.calls import backend
from saharaclient.local.web.errors import ApiError, root_url

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from saharaclient.local.sahara.service import Sahara
    from saharaclient.local.store.database import Database

PATH = "/history/{id}"


def url_of(request: Request, run: JobExecution) -> str | None:
    """Where a run's page is; None as long as Spark has told nothing of it."""
    return root_url(request) + PATH.format(id=run.id) if events.APPLICATION in run.info else None


async def show(request: Request) -> Response:
    """GET /history/ID: to the driver's own page while it runs, then to the history server's.

    A browser has no token: the id, which nobody guesses, is what admits, as to Spark's own pages their port.
    """
    of = backend(request).database, request.app.state.sahara, request.path_params["id"]
    where = await asyncio.get_running_loop().run_in_executor(None, _page, *of)
    return RedirectResponse(where, headers={"Cache-Control": "no-store"})


def _page(database: Database, sahara: Sahara, id_: str) -> str:
    def info_of(session: Session) -> dict[str, str] | None:
        run = session.get(JobExecution, id_)
        return None if run is None else run.info

    info = database.read(info_of)
    if info is None:
        raise ApiError(404, f"There is no job {id_}.")
    if events.UI in info:
        return info[events.UI]
    try:
        page = sahara.history.page(id_)
    except EngineError as error:
        raise ApiError(503, str(error)) from error
    if page is None:
        raise ApiError(404, f"Job {id_} has no event log, or it is kept no longer.")
    return page
