"""What is on each page: which looks it takes, and what it makes of them. Templates turn it into HTML."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from saharaclient.api import base, replies
from saharaclient.console import kinds, sahara, states, timeline
from saharaclient.console.board import PATIENCE, Board
from saharaclient.console.rows import NONE, Rows
from saharaclient.console.words import links_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from saharaclient.console.board import Look, Seen
    from saharaclient.console.sahara import Sahara
    from saharaclient.console.shell import Shell

ROWS = 50  # of a list's page
FEW = 12  # rows of a list on the overview
STALE = 10.0  # seconds after which names are read again if one is missing
OUTPUT_LINES = 400


@dataclass
class View:
    """One request for a page: what it asks, and what it has looked at."""

    board: Board
    source: Sahara
    shell: Shell
    query: Mapping[str, str]
    looks: list[Look] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    waited: float = 0.0  # seconds, for Sahara

    async def see(self, *looks: Look) -> list[Seen]:
        """What is known of the looks, which the page will be kept fresh by."""
        seen = await self.glance(*looks)
        self.looks += looks
        self.seen += seen
        return seen

    async def glance(self, *looks: Look) -> list[Seen]:
        """What is known of looks that the page is not kept fresh by."""
        begun = time.perf_counter()
        try:
            return await self.board.see([*looks], patience=max(PATIENCE - self.waited, 0.0))
        finally:
            self.waited += time.perf_counter() - begun

    async def names(self, kind: str, wanted: Iterable[object] = ()) -> dict[str, str]:
        """The names of a kind's records by id. The page does not wait for news of them."""
        look = sahara.CLUSTERS if kind == "clusters" else sahara.records(kind)
        return {one: str(row.get("name")) for one, row in (await self._by_id(look, wanted)).items()}

    async def sources(self, wanted: Iterable[object]) -> dict[str, dict[str, Any]]:
        """Data sources by id."""
        return await self._by_id(sahara.records("data_sources"), wanted)

    async def _by_id(self, look: Look, wanted: Iterable[object]) -> dict[str, dict[str, Any]]:
        """The records of a list that was read once, and is read again if one is missing from it."""
        (seen,) = await self.glance(replace(look, every=None))
        if seen.value is None:
            self.looks.append(look)  # it is there soon
            return {}
        if any(one and one not in seen.value.names for one in wanted):
            self.board.renew(look, STALE)
        return {str(row.get("id")): row for row in seen.value}


@dataclass
class Page:
    """A page that a template makes HTML of.

    Attributes:
        template: the template's name.
        title: of the page.
        facts: what the template is given.
        busy: whether something on it changes by itself.
        status: of HTTP.
    """

    template: str
    title: str
    facts: dict[str, Any]
    busy: bool = False
    status: int = 200


async def overview(view: View) -> Page:
    """Clusters, jobs and the service at a glance."""
    clusters, jobs, plugins = await view.see(sahara.CLUSTERS, sahara.JOBS, sahara.PLUGINS)
    machine = (await view.see(sahara.MACHINE))[0].value if view.source.usage else {}
    rows, runs = clusters.value or NONE, jobs.value or NONE
    order = {"busy": 0, "bad": 1}
    shown = sorted(rows, key=lambda row: order.get(states.of(row["status"]), 2))[:FEW]
    last = itertools.islice((run for run in runs if not _is_busy(run)), FEW)
    shown_runs = [*runs.busy[:FEW], *last][:FEW]
    facts = {
        "clusters": clusters,
        "jobs": jobs,
        "rows": shown,
        "runs": [started(run) for run in shown_runs],
        "cluster_counts": rows.counts,
        "job_counts": runs.counts,
        "plugins": plugins.value or [],
        "machine": machine or {},
        "api": view.source.version.number,
        **await _names_of(view, shown_runs),
    }
    return Page("overview.html", "Overview", facts, busy=bool(rows.busy or runs.busy))


def _is_busy(row: Mapping[str, Any]) -> bool:
    return states.of(row.get("status")) == "busy"


def started(run: dict[str, Any]) -> dict[str, Any]:
    """A run with the time it began, or was asked for."""
    return {**run, "started": run.get("start_time") or run.get("created_at")}


async def _names_of(view: View, runs: list[dict[str, Any]]) -> dict[str, Any]:
    templates = await view.names("job_templates", (run.get("job_template_id") for run in runs))
    clusters = await view.names("clusters", (run.get("cluster_id") for run in runs))
    return {"template_names": templates, "cluster_names": clusters}


def list_of(kind: kinds.Kind) -> Callable[[View], Awaitable[Page]]:
    """The page that lists a kind, found by text and state, page by page."""

    async def page(view: View) -> Page:
        (seen,) = await view.see(kind.look)
        rows: Rows = seen.value or NONE
        names: dict[str, Any] = {}
        asked, state = view.query.get("q", "").strip(), view.query.get("state", "")
        if kind is kinds.JOBS and asked:
            names = await _names_of(view, [])
        found = rows.found(asked.lower(), state, _named_like(asked.lower(), names)) if asked or state else rows
        pages = max(1, -(-len(found) // ROWS))
        text = view.query.get("page", "1")
        number = min(max(int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1, 1), pages)
        shown = found[(number - 1) * ROWS : number * ROWS]
        if kind is kinds.JOBS:
            names = await _names_of(view, shown)
            shown = [started(run) for run in shown]
        facts = {
            "kind": kind, "seen": seen, "rows": shown, "found": len(found), "total": len(rows), "asked": asked,
            "state": state, "number": number, "pages": pages,
            "states": rows.states if kinds.STATE in kind.columns else [],
            "first": (number - 1) * ROWS + 1, "template_names": {}, "cluster_names": {}, **names,
        }  # fmt: skip
        return Page("list.html", kind.title, facts, busy=any(_is_busy(row) for row in shown))

    return page


def _named_like(asked: str, names: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The templates and clusters of jobs whose name has a text."""
    fields = {"template_names": "job_template_id", "cluster_names": "cluster_id"}
    return {
        fields[kind]: frozenset(one for one, name in found.items() if asked in name.lower())
        for kind, found in names.items()
        if asked
    }


async def cluster(view: View, cluster_id: str) -> Page:
    """One cluster: its state, what it is made of, how it came to be, its jobs."""
    seen, jobs = await view.see(sahara.cluster(cluster_id), sahara.JOBS)
    if (unknown := _unknown(seen, "Cluster", cluster_id)) is not None:
        return unknown
    info = seen.value
    steps = replies.objects(info.get("provision_progress"))
    runs = [started(run) for run in jobs.value or [] if run["cluster_id"] == info.get("id")]
    templates = await view.names("cluster_templates", [info.get("cluster_template_id")])
    images = await view.names("images", [info.get("default_image_id")])
    facts = {
        "cluster": info,
        "seen": seen,
        "groups": replies.objects(info.get("node_groups")),
        "timeline": timeline.of(steps, datetime.now(UTC)),
        "events": timeline.events_of(steps),
        "checks": replies.objects((info.get("verification") or {}).get("checks")),
        "links": links_in(info.get("info")),
        "runs": runs[:ROWS],
        "runs_all": len(runs),
        "jobs": jobs,
        "template_name": templates.get(str(info.get("cluster_template_id"))),
        "image_name": images.get(str(info.get("default_image_id"))),
        "commands": [*view.shell.of_cluster(info)],
        **await _names_of(view, runs[:ROWS]),
    }
    busy = _is_busy(info) or any(_is_busy(run) for run in runs)
    return Page("cluster.html", str(info.get("name")), facts, busy=busy)


async def job(view: View, job_id: str) -> Page:
    """One run of a job: how it goes or went, why it failed, what it was given and where its output lies."""
    (seen,) = await view.see(sahara.job(job_id))
    if (unknown := _unknown(seen, "Job", job_id)) is not None:
        return unknown
    info = started(seen.value)
    template_id, cluster_id = str(info.get("job_template_id")), str(info.get("cluster_id"))
    names = await _names_of(view, [info])
    by_id = await view.sources([info.get("input_id"), info.get("output_id")])
    template = names["template_names"].get(template_id)
    output = None
    if view.source.tells_output:
        look = sahara.output(job_id, ended=states.of(info["status"]) in ("good", "bad"))
        (output,) = await view.glance(look)
        if isinstance(output.error, base.APIException) and output.value is None:
            output = None if type(output.error).__name__ == "NotSupported" else output
        else:
            view.looks.append(look)
    facts = {
        "job": info,
        "seen": seen,
        "template": template,
        "cluster": names["cluster_names"].get(cluster_id),
        "input": by_id.get(str(info.get("input_id"))),
        "output_place": by_id.get(str(info.get("output_id"))),
        "links": links_in(info.get("info")),
        "printed": output,
        "commands": [
            *view.shell.of_job(
                info,
                template or template_id,
                names["cluster_names"].get(cluster_id, cluster_id),
                {key: str(source.get("name")) for key, source in by_id.items()},
            )
        ],
    }
    return Page("job.html", f"{template or 'Job'} {str(info.get('id'))[:8]}", facts, busy=_is_busy(info))


def record_of(kind: kinds.Kind) -> Callable[[View, str], Awaitable[Page]]:
    """The page of one record of a kind."""

    async def page(view: View, record_id: str) -> Page:
        (seen,) = await view.see(sahara.record(kind.manager, record_id))
        if (unknown := _unknown(seen, kind.noun.capitalize(), record_id)) is not None:
            return unknown
        info = dict(seen.value)
        details = []
        if kind.manager == "plugins":
            versions = [str(version) for version in info.get("versions") or []]
            found = await view.see(*(sahara.plugin_version(record_id, version) for version in versions))
            details = [(version, one.value) for version, one in zip(versions, found, strict=True) if one.value]
        facts = {
            "kind": kind,
            "record": info,
            "seen": seen,
            "versions": details,
            "commands": [*view.shell.of_record(kind.noun, info)] if kind.manager != "plugins" else [],
        }
        return Page("record.html", str(info.get("name")), facts)

    return page


def _unknown(seen: Seen, what: str, which: str) -> Page | None:
    """The page in place of one whose subject is gone, or not there yet."""
    if seen.gone:
        facts = {"what": what, "which": which, "last": seen.value}
        return Page("gone.html", f"{what} not found", facts, status=404)
    if seen.value is None:
        return Page("coming.html", what, {"seen": seen}, status=503 if seen.error else 200)
    return None
