"""What is on each page: which looks it takes, and what it makes of them. Templates turn it into HTML."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from saharaclient.api import base, replies
from saharaclient.console import kinds, sahara, states, timeline
from saharaclient.console.board import PATIENCE, Board
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
        (seen,) = await self.glance(look)
        found = {record["id"]: str(record.get("name")) for record in seen.value or []}
        if seen.value is not None and any(one and one not in found for one in wanted):
            self.board.renew(look, STALE)
        if seen.value is None:
            self.looks.append(look)  # it is there soon
        return found


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
    clusters, jobs, plugins = await view.see(sahara.CLUSTERS, sahara.JOBS, sahara.records("plugins"))
    machine = (await view.see(sahara.MACHINE))[0].value if view.source.usage else {}
    rows, runs = clusters.value or [], jobs.value or []
    order = {"busy": 0, "bad": 1}
    shown = sorted(rows, key=lambda row: order.get(states.of(row["status"]), 2))[:FEW]
    running = [run for run in runs if states.of(run["status"]) == "busy"]
    last = [run for run in runs if states.of(run["status"]) != "busy"]
    shown_runs = [*running, *last][:FEW]
    facts = {
        "clusters": clusters,
        "jobs": jobs,
        "rows": shown,
        "runs": [started(run) for run in shown_runs],
        "cluster_counts": _counts(rows),
        "job_counts": _counts(runs),
        "plugins": plugins.value or [],
        "machine": machine or {},
        "api": view.source.version.number,
        **await _names_of(view, shown_runs),
    }
    return Page("overview.html", "Overview", facts, busy=bool(running) or any(_is_busy(row) for row in rows))


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    found = dict.fromkeys(("good", "busy", "doubtful", "bad"), 0)
    for row in rows:
        state = states.of(row["status"])
        found[state] = found.get(state, 0) + 1
    return {**found, "all": len(rows)}


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
        rows: list[dict[str, Any]] = seen.value or []
        names: dict[str, Any] = {}
        asked, state = view.query.get("q", "").strip(), view.query.get("state", "")
        if kind is kinds.JOBS and asked:
            names = await _names_of(view, [])
        found = [row for row in rows if _matches(row, asked.lower(), state, names)]
        pages = max(1, -(-len(found) // ROWS))
        text = view.query.get("page", "1")
        number = min(max(int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1, 1), pages)
        shown = found[(number - 1) * ROWS : number * ROWS]
        if kind is kinds.JOBS:
            names = await _names_of(view, shown)
            shown = [started(run) for run in shown]
        facts = {
            "kind": kind, "seen": seen, "rows": shown, "found": len(found), "total": len(rows), "asked": asked,
            "state": state, "number": number, "pages": pages, "states": sorted({str(r.get("status")) for r in rows})
            if any(column is kinds.STATE for column in kind.columns) else [],
            "first": (number - 1) * ROWS + 1, "template_names": {}, "cluster_names": {}, **names,
        }  # fmt: skip
        return Page("list.html", kind.title, facts, busy=any(_is_busy(row) for row in shown))

    return page


def _matches(row: Mapping[str, Any], asked: str, state: str, names: Mapping[str, Any]) -> bool:
    if state and row.get("status") != state:
        return False
    if not asked:
        return True
    if asked in str(row.get("name", "")).lower() or asked in str(row.get("id", "")).lower():
        return True
    others = [row.get(name) for name in ("plugin_name", "plugin_version", "status", "type", "url", "description")]
    if names:
        others.append(names["template_names"].get(row.get("job_template_id")))
        others.append(names["cluster_names"].get(row.get("cluster_id")))
    return any(asked in str(value).lower() for value in others if value)


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
    (sources,) = await view.glance(sahara.records("data_sources"))
    by_id = {source["id"]: source for source in sources.value or []}
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
        "input": by_id.get(info.get("input_id")),
        "output_place": by_id.get(info.get("output_id")),
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
