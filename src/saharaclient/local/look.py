"""The way to a job's page in Spark, for a command: by a job's id, or by a job template's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.client import Client
from saharaclient.local.server.state_folder import StateError

if TYPE_CHECKING:
    from keystoneauth1.session import Session


def page(session: Session, name: str | None = None) -> str:
    """The URL of a job's page: the driver's own while it runs, then Spark's history server's, which is started for it.

    Args:
        session: A session at the service.
        name: The job's id, or the name of a job template, for its latest job; None for the latest job with a page.

    Raises:
        StateError: There is no such job, or no page of it.
    """
    link = _link(Client("2", session=session), name)
    reply = session.get(link, redirect=False, raise_exc=False)
    if not reply.is_redirect:
        raise StateError(reply.json()["error"]["message"])
    return str(reply.headers["Location"])


def _link(sahara: Any, name: str | None) -> str:
    templates = {one.id for one in sahara.job_templates.find(name=name)} if name else set()
    runs = [run for run in sahara.jobs.iterate() if not name or run.id == name or run.job_template_id in templates]
    if not runs:
        raise StateError(
            f"There is no job {name}, and none of a job template of this name." if name else "No job has run."
        )
    runs.sort(key=lambda run: run.created_at)
    pages = [run.info["spark-history"] for run in runs if "spark-history" in (run.info or {})]
    if not pages:
        raise StateError(
            f"Spark has no page of {name or 'any job'}: it is of another kind, has not begun, or keeps none."
        )
    return str(pages[-1])
