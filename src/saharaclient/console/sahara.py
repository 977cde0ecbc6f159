"""Reading a Sahara through the public client, for the console: plain data under the names of API 2, without secrets."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from saharaclient._core.redact import redact
from saharaclient.api import base, replies
from saharaclient.console import states
from saharaclient.console.board import PACE, Look
from saharaclient.console.rows import Rows
from saharaclient.osc import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# API 1.1's names of fields, and those of Nova's images
_RENAMED = {
    "hadoop_version": "plugin_version",
    "tenant_id": "project_id",
    "oozie_job_id": "engine_job_id",
    "OS-EXT-IMG-SIZE:size": "size",
    "minDisk": "min_disk",
    "minRam": "min_ram",
}
SELDOM = 30.0  # seconds between two looks at what seldom changes
LONGEST_OUTPUT = 30_000  # characters of a job's output on its page
MOST_PRINTED = 50  # jobs whose output is remembered


class Sahara:
    """A Sahara, as the console reads it.

    Args:
        client: `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.
        usage: facts about the machine that the service runs on.
    """

    def __init__(self, client: Any, usage: Callable[[], Mapping[str, str]] | None = None) -> None:
        self.client = client
        self.version = versions.of(client)
        self.usage = usage
        self.tells_output = hasattr(self._runs, "logs")
        self._under_way: set[str] = set()  # jobs
        self._listed = Rows([])  # the jobs, where the next read asks about one of them
        self._asked: dict[str, int] = {}  # how often each of those under way has been asked about
        self._printed: dict[str, Printed] = {}

    def read(self, look: Look) -> Any:
        """Read a look; sends one request.

        Raises:
            APIException: what the server reports.
        """
        return getattr(self, f"_{look.what}")(*look.key)

    @property
    def _runs(self) -> Any:
        return getattr(self.client, self.version.jobs)

    def _manager(self, kind: str) -> Any:
        return getattr(self.client, self.version.job_templates if kind == "job_templates" else kind)

    def _clusters(self) -> Rows:
        return Rows([_cluster_row(self._info(cluster)) for cluster in self.client.clusters.list()], newest_first=True)

    def _jobs(self) -> Rows:
        """All runs, of which every second read asks about one that is under way, in turn.

        A cloud's list is as old as its server's last look at the clusters, up to 45 seconds; in API 1.1 it looks when
        it is asked about a run.
        """
        busy, listed = self._listed.busy, self._listed
        self._listed = Rows([])
        if busy:
            asked = min(busy, key=lambda row: self._asked.get(row["id"], 0))
            self._asked = {row["id"]: self._asked.get(row["id"], 0) + (row is asked) for row in busy}
            with contextlib.suppress(base.APIException):  # it is gone, or the server can't: the list will tell
                now = _job_row(self._info(self._runs.refresh_status(asked["id"])))
                listed = Rows([now if row is asked else row for row in listed], newest_first=True)
            return listed
        rows = Rows([_job_row(self._info(run)) for run in self._runs.list()], newest_first=True)
        if self.version.number == "1.1" and not self.usage:
            self._listed = rows
        return rows

    def _cluster(self, cluster_id: str) -> dict[str, Any]:
        return self._whole(self.client.clusters.get(cluster_id, show_progress=True))

    def _job(self, job_id: str) -> dict[str, Any]:
        # the server asks the cluster, where it would look every 45 s; what has ended stays as it is
        run = self._runs.refresh_status(job_id) if job_id in self._under_way else self._runs.get(job_id)
        job = self._whole(run)
        job["status"] = _status_of(job)
        if states.of(job["status"]) in ("good", "bad"):
            self._under_way.discard(job_id)
        else:
            self._under_way.add(job_id)
        if states.of(job["status"]) == "bad":
            job["reason"] = redact(run._failure())
        return job

    def _output(self, job_id: str, _until: str) -> str:
        """The end of what a run has printed; what was read before is not asked for again."""
        printed = self._printed.setdefault(job_id, Printed())
        printed.take(self._runs.logs(job_id, offset=printed.offset))
        while len(self._printed) > MOST_PRINTED:
            del self._printed[next(iter(self._printed))]
        return printed.text()

    def _records(self, kind: str) -> Rows:
        return Rows([self._whole(resource) for resource in self._manager(kind).list()])

    def _record(self, kind: str, record_id: str) -> dict[str, Any]:
        return self._whole(self._manager(kind).get(record_id))

    def _plugin_version(self, name: str, version: str) -> dict[str, Any]:
        return self._whole(self.client.plugins.get_version_details(name, version))

    def _machine(self) -> dict[str, str]:
        return dict(self.usage()) if self.usage else {}

    def _info(self, resource: Any) -> dict[str, Any]:
        info = {_RENAMED.get(name, name): value for name, value in resource._info.items()}
        if "job_id" in info and "cluster_id" in info:
            info["job_template_id"] = info.pop("job_id")
        return info

    def _whole(self, resource: Any) -> dict[str, Any]:
        masked: dict[str, Any] = redact(self._info(resource))
        return masked


class Printed:
    """The end of what a run has printed, as far as it has been read.

    Attributes:
        offset: the byte to read on from.
    """

    def __init__(self) -> None:
        self.offset = 0
        self._lines: deque[str] = deque()
        self._last: list[str] = []  # its end may not have been written yet: it is read again
        self._length = 0

    def take(self, lines: Iterable[Any]) -> None:
        """Add lines that were read from `offset`, each with the offset of the next one."""
        self._last, begins = [], self.offset
        for line in lines:
            for whole in self._last:
                self._lines.append(whole)
                self._length += len(whole) + 1
            self.offset, begins, self._last = begins, line.offset, [str(line)]
            while self._length > LONGEST_OUTPUT:
                self._length -= len(self._lines.popleft()) + 1

    def text(self) -> str:
        """The lines, without secrets."""
        masked: str = redact("\n".join([*self._lines, *self._last]))
        return masked[-LONGEST_OUTPUT:]


def _cluster_row(info: dict[str, Any]) -> dict[str, Any]:
    groups = replies.objects(info.get("node_groups"))
    return {
        **{name: info.get(name) for name in ("id", "name", "status", "plugin_name", "plugin_version", "created_at")},
        "size": sum(count for group in groups if isinstance(count := group.get("count"), int)),
        "updated_at": info.get("updated_at"),
        "reason": redact(info.get("status_description") or ""),
    }


def _job_row(info: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "cluster_id", "job_template_id", "created_at", "start_time", "end_time")
    return {**{name: info.get(name) for name in names}, "status": _status_of(info)}


def _status_of(job: dict[str, Any]) -> str:
    info = job.get("info")
    return str(info.get("status") or "") if isinstance(info, dict) else ""


CLUSTERS = Look("clusters")
JOBS = Look("jobs")
MACHINE = Look("machine", every=15.0, asks=False)
PLUGINS = Look("records", ("plugins",), every=300.0)  # on the overview: what changes has the requests


def cluster(cluster_id: str) -> Look:
    """One cluster with the steps of its making."""
    return Look("cluster", (cluster_id,))


def job(job_id: str) -> Look:
    """One run of a job."""
    return Look("job", (job_id,))


def output(job_id: str, *, ended: bool) -> Look:
    """What a run has printed; after its end, a last time."""
    return Look("output", (job_id, "whole" if ended else ""), every=None if ended else PACE)


def records(kind: str) -> Look:
    """All records of a kind that seldom change."""
    return Look("records", (kind,), every=SELDOM)


def record(kind: str, record_id: str) -> Look:
    """One of them."""
    return Look("record", (kind, record_id), every=SELDOM)


def plugin_version(name: str, version: str) -> Look:
    """What is particular to a version of a plugin."""
    return Look("plugin_version", (name, version), every=None)
