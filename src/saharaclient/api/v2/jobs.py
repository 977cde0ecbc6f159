"""Runs of jobs in API 2, which API 1.1 calls job executions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api import base, bodies, job_executions

if TYPE_CHECKING:
    from saharaclient import types


class Job(job_executions.JobExecution):
    """A run of a job."""

    resource_name = "Job"


class JobsManagerV2(job_executions.JobExecutionMethods[Job, "types.JobReply"]):
    """Runs of jobs in API 2."""

    resource_class = Job
    path = "/jobs"
    response_key = "job"
    list_key = "jobs"

    _server_refreshes = True  # until it says that it can't

    def create(
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
        return self._create(self.path, bodies.given(locals(), "job_template_id", "cluster_id"), self.response_key)

    def refresh_status(self, obj_id: str) -> Job:
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
        if self._server_refreshes:
            try:
                return self._get(self._url(obj_id, query="?refresh_status=True"), self.response_key)
            except base.BadRequest as error:
                if error.error_name != "INVALID_PARAMS_ON_REQUEST":
                    raise
                self._server_refreshes = False
        return self.get(obj_id)

    def cancel(self, obj_id: str) -> types.JobReply:
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
        return self._change_status(obj_id, "cancel")
