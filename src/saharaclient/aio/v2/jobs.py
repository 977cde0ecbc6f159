"""Runs of jobs in API 2, which API 1.1 calls job executions."""
# Made by tools/make_aio.py from src/saharaclient/api/v2/jobs.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import job_executions
from saharaclient.api.v2.jobs import Job

if TYPE_CHECKING:
    from saharaclient import types
    from saharaclient.api.v2 import jobs as sync


class JobsManagerV2(job_executions.JobExecutionMethods[Job, "types.JobReply"]):
    """Runs of jobs in API 2."""

    _sync: sync.JobsManagerV2

    async def create(
        self,
        job_template_id: str,
        cluster_id: str,
        input_id: str | None = None,
        output_id: str | None = None,
        configs: types.JobConfigs | None = None,
        interface: dict[str, Any] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> Job:
        """Run a job on a cluster. REST: ``POST /jobs``.

        The server answers at once; `wait` waits for the end.

        Args:
            job_template_id: the job template.
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
            self._sync.create,
            job_template_id,
            cluster_id,
            input_id,
            output_id,
            configs,
            interface,
            is_public,
            is_protected,
        )

    async def refresh_status(self, obj_id: str) -> Job:
        """A run as it is now: the server asks the cluster, if it can. REST: ``GET /jobs/<id>?refresh_status=True``.

        Some servers refuse the parameter; then this is `get`, and the server looks itself about every 45 s.

        Args:
            obj_id: its id.

        Returns:
            The run.

        Raises:
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.refresh_status, obj_id)

    async def cancel(self, obj_id: str) -> types.JobReply:
        """Cancel a run. REST: ``PATCH /jobs/<id>`` with ``info.status`` "cancel".

        Args:
            obj_id: its id.

        Returns:
            The server's whole reply, in which the run is the member ``job``.

        Raises:
            InvalidState: it can't be cancelled.
            NotFound: there is no such run.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.cancel, obj_id)
