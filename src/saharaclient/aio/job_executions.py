"""Runs of jobs in API 1.1, which calls them job executions; API 2 has them in `saharaclient.api.v2.jobs`."""
# Made by tools/make_aio.py from src/saharaclient/api/job_executions.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from saharaclient.aio import job_waits
from saharaclient.api import base
from saharaclient.api import job_executions as sync
from saharaclient.api.job_executions import JobExecution, Whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from saharaclient import types
    from saharaclient._core.tail import LogLine


class JobExecutionMethods(job_waits.JobWaits[base.R], Generic[base.R, Whole]):
    """What both API versions can do with runs of jobs."""

    _sync: sync.JobExecutionMethods[base.R, Whole]

    NotUpdated = base.NOT_UPDATED

    async def update(
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
        return await self._driver.call(self._sync.update, obj_id, is_public, is_protected)

    async def list(
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
        return await self._driver.call(self._sync.list, search_opts, marker, limit, sort_by, reverse)

    async def get(self, obj_id: str) -> base.R:
        """A run as the server last saw it. REST: ``GET /job-executions/<id>`` in API 1.1, ``GET /jobs/<id>`` in 2.

        Args:
            obj_id: its id.

        Returns:
            The run.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, obj_id)

    async def delete(self, obj_id: str) -> None:
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
        return await self._driver.call(self._sync.delete, obj_id)

    async def suspend(self, obj_id: str) -> Whole:
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
        return await self._driver.call(self._sync.suspend, obj_id)

    def logs(self, obj_id: str, follow: bool = False, stderr: bool = False, offset: int = 0) -> AsyncIterator[LogLine]:
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
        return self._driver.lines(self._sync, obj_id, follow, stderr, offset)


class JobExecutionsManager(JobExecutionMethods[JobExecution, "types.JobExecutionReply"]):
    """Runs of jobs in API 1.1."""

    _sync: sync.JobExecutionsManager

    async def create(
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
        return await self._driver.call(
            self._sync.create, job_id, cluster_id, input_id, output_id, configs, interface, is_public, is_protected
        )

    async def refresh_status(self, obj_id: str) -> JobExecution:
        """A run as it is now: the server asks the cluster. REST: ``GET /job-executions/<id>/refresh-status``.

        Args:
            obj_id: its id.

        Returns:
            The run.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.refresh_status, obj_id)

    async def cancel(self, obj_id: str) -> JobExecution:
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
        return await self._driver.call(self._sync.cancel, obj_id)
