"""Runs of jobs in API 1.1, which calls them job executions; API 2 has them in `saharaclient.api.v2.jobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from saharaclient._core.tail import LogLine, Tail
from saharaclient._core.waiting import TRANSIENT, Pace
from saharaclient.api import base, bodies, job_waits, replies
from saharaclient.states import ENDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient import types

# A line is given within the longest pause and one request.
_LOG_PACE = Pace(first=0.1, longest=1.0)
_LOG_PATIENCE = 60.0  # seconds for which a server that can't be reached is asked again

Whole = TypeVar("Whole", covariant=True)


class JobExecution(base.Resource):
    """A run of a job."""

    resource_name = "JobExecution"

    id: str
    job_id: str  #: API 1.1
    job_template_id: str  #: API 2
    cluster_id: str
    input_id: str | None
    output_id: str | None
    info: dict[str, Any]  #: its state is info["status"]
    job_configs: types.JobConfigs
    interface: dict[str, Any]
    start_time: str | None
    end_time: str | None
    engine_job_id: str | None  #: API 2
    oozie_job_id: str | None  #: API 1.1
    tenant_id: str  #: API 1.1
    project_id: str  #: API 2
    is_public: bool
    is_protected: bool
    created_at: str  #: UTC, such as ``2026-01-31T12:00:00``
    updated_at: str | None

    def _status(self) -> object:
        info = self._info.get("info")
        return info.get("status") if isinstance(info, dict) else None

    def _waits_for(self) -> str | None:
        """What keeps it from going on, as far as the server says."""
        info = self._info.get("info")
        reason = info.get("reason") if isinstance(info, dict) and self._status() not in ENDED else None
        return reason if isinstance(reason, str) else None

    def _failure(self) -> str:
        """Why it failed, as far as the server says."""
        info: dict[str, Any] = self._info["info"]  # it said that it failed
        found = (info.get(key) for key in ("reason", "errors", "error", "message", "status_description"))
        return "\n".join(dict.fromkeys(str(reason) for reason in found if reason))


class JobExecutionMethods(job_waits.JobWaits[base.R], Generic[base.R, Whole]):
    """What both API versions can do with runs of jobs."""

    NotUpdated = base.NOT_UPDATED

    def update(
        self,
        obj_id: str,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
    ) -> Whole:
        """Change who may see or delete a run. REST: ``PATCH /job-executions/<id>``, ``PATCH /jobs/<id>`` in API 2.

        Args:
            obj_id: its id.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The server's whole reply, in which the run is the member ``job_execution`` or, in API 2, ``job``.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return cast("Whole", self._change(self._url(obj_id), bodies.updated(locals(), "obj_id")))

    def list(
        self,
        search_opts: dict[str, Any] | None = None,
        marker: str | None = None,
        limit: int | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[base.R]:
        """All runs, or a page of them. REST: ``GET /job-executions`` in API 1.1, ``GET /jobs`` in 2.

        Args:
            search_opts: filters: ``status`` in API 2.
            marker: the id after which the page begins.
            limit: runs at most; by default all.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The runs, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        query = base.get_query_string(search_opts, limit, marker, sort_by, reverse)
        return self._list(self._url(query=query), self.list_key, limit)

    def get(self, obj_id: str) -> base.R:
        """A run as the server last saw it. REST: ``GET /job-executions/<id>`` in API 1.1, ``GET /jobs/<id>`` in 2.

        Args:
            obj_id: its id.

        Returns:
            The run.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return self._get(self._url(obj_id), self.response_key)

    def delete(self, obj_id: str) -> None:
        """Delete a run; one that still runs is cancelled.

        REST: ``DELETE /job-executions/<id>`` in API 1.1, ``DELETE /jobs/<id>`` in 2. The server answers at once;
        `wait_deleted` waits until it is gone.

        Args:
            obj_id: its id.

        Raises:
            NotFound: there is no such run.
            InUse: it is protected.
            APIException: what else the server reports.
        """
        self._delete(self._url(obj_id))

    def suspend(self, obj_id: str) -> Whole:
        """Suspend a run, where its engine can.

        REST: ``PATCH /job-executions/<id>`` in API 1.1, ``PATCH /jobs/<id>`` in 2, with ``info.status`` "suspend".

        Args:
            obj_id: its id.

        Returns:
            The server's whole reply, in which the run is the member ``job_execution`` or, in API 2, ``job``.

        Raises:
            InvalidState: the engine, or the run's state, doesn't allow it.
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return self._change_status(obj_id, "suspend")

    def _change_status(self, obj_id: str, status: str) -> Whole:
        return cast("Whole", self._change(self._url(obj_id), {"info": {"status": status}}))

    def logs(self, obj_id: str, follow: bool = False, stderr: bool = False, offset: int = 0) -> Iterator[LogLine]:
        """The lines of what a run has printed. The embedded Sahara alone has them.

        REST: ``GET /job-executions/<id>/logs/stdout`` or ``stderr`` in API 1.1, ``GET /jobs/<id>/logs/…`` in 2, with
        ``offset``; sent when the first line is asked for, and again for each further piece.

        Args:
            obj_id: its id.
            follow: whether to go on until the run has ended: a line comes within 2 s of its being written, and a
                connection that is cut, or a server that restarts within a minute, loses and doubles none.
            stderr: whether to read what it printed on standard error.
            offset: the byte to begin at; a line's own ``offset`` is that of the next one.

        Returns:
            An iterator of the lines, without their ends. A last line that has no end is given when there is no more.

        Raises:
            ValueError: `offset` is negative.
            NotSupported: the server is another Sahara, which has no call for this.
            NotFound: there is no such run, or its output is kept no longer.
            MalformedResponse: what the server answers is no piece of output.
            APIException: what else the server reports.
        """
        if offset < 0:
            raise ValueError(f"offset must be 0 or more bytes, not {offset}")
        return self._paced(self._log_lines(obj_id, Tail(offset), "stderr" if stderr else "stdout", follow))

    def _paced(self, lines: Iterator[LogLine | float]) -> Iterator[LogLine]:
        for line in lines:
            if isinstance(line, float):
                self._clock.sleep(line)
            else:
                yield line

    def _log_lines(self, obj_id: str, tail: Tail, stream: str, follow: bool) -> Iterator[LogLine | float]:
        """The lines, and the seconds to wait before the next is asked for."""
        clock = self._clock
        looks, lost_at = 0, None
        while True:
            try:
                piece, size, complete = self._log_piece(obj_id, stream, tail.offset)
            except TRANSIENT:
                lost_at = clock.now() if lost_at is None else lost_at
                if not follow or clock.now() - lost_at >= _LOG_PATIENCE:
                    raise
            else:
                lost_at = None
                yield from tail.feed(piece)
                at_end = tail.offset >= size or not piece
                if at_end and (complete or not follow):
                    yield from tail.rest()
                    return
                looks = 0 if piece else looks
                if not at_end:
                    continue
            yield _LOG_PACE.pause(looks)
            looks += 1

    def _log_piece(self, obj_id: str, stream: str, offset: int) -> tuple[bytes, int, bool]:
        """A piece of a run's output, how many bytes there are in all, and whether there will be no more."""
        try:
            response = self._send("GET", self._url(obj_id, "logs", stream, query=f"?offset={offset}"))
        except base.NotFound as error:
            if error.error_name == "NOT_FOUND":
                raise
            raise self._no_logs(obj_id, error) from error
        size = response.headers.get("X-Log-Size", "")
        if not size.isdecimal():
            raise replies.malformed(response, "it is no piece of a job's output")
        return response.content, int(size), response.headers.get("X-Log-Complete") == "true"

    def _no_logs(self, obj_id: str, refusal: base.NotFound) -> base.NotSupported:
        info: dict[str, Any] = getattr(self.get(obj_id), "info", None) or {}
        where = f"; the run's folder is {info['spark-path']} there" if info.get("spark-path") else ""
        client = f" (on {info['client']}{where})" if info.get("client") else ""
        error = base.NotSupported(
            404, "NOT_SUPPORTED", f"This Sahara has no call for the output of jobs: look on the cluster{client}"
        )
        for name in ("status_code", "request_id", "method", "url"):
            setattr(error, name, getattr(refusal, name))
        return error


class JobExecutionsManager(JobExecutionMethods[JobExecution, "types.JobExecutionReply"]):
    """Runs of jobs in API 1.1."""

    resource_class = JobExecution
    path = "/job-executions"
    response_key = "job_execution"
    list_key = "job_executions"
    # Each look makes the server ask the cluster: after a minute less often than every second and a half.
    _pace = Pace(first=0.1, longest=1.5, share=1 / 40)

    def create(
        self,
        job_id: str,
        cluster_id: str,
        input_id: str | None = None,
        output_id: str | None = None,
        configs: types.JobConfigs | None = None,
        interface: dict[str, Any] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> JobExecution:
        """Run a job on a cluster. REST: ``POST /jobs/<job id>/execute``.

        The server answers at once; `wait` waits for the end.

        Args:
            job_id: the job template.
            cluster_id: the cluster.
            input_id: the data source to read from.
            output_id: the data source to write to.
            configs: ``configs``, ``args`` and ``params`` of the run.
            interface: values for what the job template wants to be told, by name.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The run.

        Raises:
            InvalidReference: the cluster or a data source doesn't exist or doesn't fit.
            BadRequest: something that this type of job needs is missing.
            APIException: what else the server reports.
        """
        body = bodies.given(locals(), "job_id", "cluster_id")
        return self._create(f"/jobs/{self._quote(body.pop('job_id'))}/execute", body, self.response_key)

    def refresh_status(self, obj_id: str) -> JobExecution:
        """A run as it is now: the server asks the cluster. REST: ``GET /job-executions/<id>/refresh-status``.

        Args:
            obj_id: its id.

        Returns:
            The run.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return self._get(self._url(obj_id, "refresh-status"), self.response_key)

    def cancel(self, obj_id: str) -> JobExecution:
        """Cancel a run. REST: ``GET /job-executions/<id>/cancel``.

        Args:
            obj_id: its id.

        Returns:
            The run; a run that had ended stays as it was.

        Raises:
            InvalidState: it can't be cancelled.
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return self._get(self._url(obj_id, "cancel"), self.response_key)
