"""The half of an engine that runs jobs, shared by the engines whose jobs are processes of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.engines import urls
from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runs import runs
from saharaclient.local.engines.runs.launch import Target, launch

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.engines.base import ClusterSpec, JobSpec, RunStatus, State

__all__ = ["JobEngine", "Target"]


class JobEngine:
    """Launches, follows and ends runs. Whoever inherits it says where a cluster's jobs go."""

    drivers_here = True

    def close(self) -> None:
        """Nothing runs for the engine itself."""

    def target(self, cluster: ClusterSpec, state: State) -> Target:
        """Where jobs of a cluster go.

        Raises:
            EngineError: Spark or Java is missing.
        """
        raise NotImplementedError

    def data_url(self, cluster: ClusterSpec, url: str) -> str | None:  # noqa: ARG002
        """The default filesystem is this machine's; objects come as files; another HDFS is reached by its URL."""
        parts = urls.split(url)
        if parts.scheme == "swift":
            return None
        if parts.scheme in ("", "file") or (parts.scheme == "hdfs" and not parts.netloc):
            return parts.path
        if parts.scheme == "hdfs":
            return url
        raise EngineError(
            f"Data at {url} cannot be reached: jobs on this machine read and write files (hdfs paths), swift and HDFS."
        )

    def submit(self, job: JobSpec) -> State:
        """Launch a run under a supervisor of its own."""
        runs.start(job.folder, launch(job, self.target(job.cluster, job.cluster_state)))
        return {"spark-path": str(job.folder)}

    def poll(self, folder: Path, state: State | None) -> RunStatus:  # noqa: ARG002
        """How a run stands, by what its folder tells."""
        return runs.poll(folder)

    def cancel(self, folder: Path, state: State | None) -> RunStatus:  # noqa: ARG002
        """End a run with all its processes."""
        return runs.cancel(folder)
