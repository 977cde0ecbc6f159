"""The plugin `fake`: no processes; clusters and jobs pass through their states as Sahara's own fake plugin's do.

Failures can be asked for, so that users can test how their programs take them. In `cluster_configs`, target `general`:
`Fail at` names the state a cluster fails in (`Spawning`, … or `Scaling`), `Fail jobs` makes jobs fail, `State delay`
is how many seconds each state and job lasts. What answers the HTTP API can be made to fail by `LocalSahara.faults`.
"""

# ruff: noqa: ARG002, FBT003 - the engine protocol names every parameter; defaults of options are values
from __future__ import annotations

import time
from typing import TYPE_CHECKING

from saharaclient.local.engines.base import (
    GETTING_ACTIVE,
    Check,
    ConfigOption,
    EngineError,
    PluginDescription,
    RunStatus,
    VersionDescription,
)
from saharaclient.states import ClusterStatus, HealthStatus, JobStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from saharaclient.local.engines.base import ClusterSpec, InstanceSpec, JobSpec, Reporter, State

VERSION = "0.1"
JOB_TYPES = ("Hive", "Java", "MapReduce", "MapReduce.Streaming", "Pig", "Shell", "Spark", "Storm", "Storm.Pyleus")
STEPS: dict[str, tuple[str, ...]] = {
    ClusterStatus.SPAWNING: ("Create Heat stack",),
    ClusterStatus.WAITING: ("Assign IPs",),
    ClusterStatus.PREPARING: ("Wait for instance accessibility", "Configure instances"),
}


def _general(name: str, description: str, default: object, kind: str, *, optional: bool = True) -> ConfigOption:
    return ConfigOption(name, description, default, kind, optional=optional, priority=1)  # type: ignore[arg-type]


CONFIGS = (
    _general("Timeout for disk preparing", "Timeout for preparing disks, formatting and mounting", 300, "int"),
    _general("Enable NTP service", "Enables NTP service for synchronization time on cluster instances", True, "bool",
             optional=False),
    _general("URL of NTP server", "URL of the NTP server for synchronization time on cluster instances", "", "string"),
    _general("Heat Wait Condition timeout", "The number of seconds to wait for the instance to boot", 3600, "int"),
    _general("Enable XFS", "Enables XFS for formatting", True, "bool"),
    _general("Fail at", "Fake only: the state a cluster fails in, Scaling for a failed scaling", "", "string"),
    _general("Fail jobs", "Fake only: jobs of the cluster fail", False, "bool"),
    _general("State delay", "Fake only: seconds that each state and job lasts", "", "string"),
)  # fmt: skip


class FakeEngine:
    """An engine without processes.

    Args:
        delay: Seconds that each state of a cluster, and each job, lasts.
    """

    drivers_here = False

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay

    def close(self) -> None:
        """Nothing runs."""

    def describe(self) -> PluginDescription:
        """The plugin as Sahara shows its own."""
        version = VersionDescription(
            VERSION,
            {"HDFS": ["namenode", "datanode"], "MapReduce": ["tasktracker", "jobtracker"], "Kerberos": []},
            CONFIGS,
            JOB_TYPES,
            ("fake", VERSION),
        )
        description = (
            "It's a fake plugin that aimed to work on the CirrOS images. It doesn't install Hadoop. "
            "It's needed to be able to test provisioning part of Sahara codebase itself."
        )
        return PluginDescription("fake", "Fake Plugin", description, (version,), hidden=True)

    def validate(self, cluster: ClusterSpec) -> None:
        """Takes every cluster."""

    def validate_scaling(self, cluster: ClusterSpec, wanted: ClusterSpec) -> None:
        """Takes every change."""

    def start(self, cluster: ClusterSpec, report: Reporter) -> State:
        """Passes through the states of a first start."""
        self._pass(cluster, GETTING_ACTIVE, cluster.instances, cluster.instances, report)
        return {"instances": [instance.name for instance in cluster.instances]}

    def scale(self, cluster: ClusterSpec, state: State, report: Reporter) -> State:
        """Passes through the states of a scaling."""
        new = tuple(instance for instance in cluster.instances if instance.name not in state["instances"])
        if _setting(cluster, "Fail at") == "Scaling":
            raise EngineError("The cluster was asked to fail at Scaling (cluster config 'Fail at')")
        if new:
            self._pass(cluster, GETTING_ACTIVE[:4], new, cluster.instances, report)
        return {"instances": [instance.name for instance in cluster.instances]}

    def _pass(
        self,
        cluster: ClusterSpec,
        states: tuple[str, ...],
        new: Sequence[InstanceSpec],
        every: Sequence[InstanceSpec],
        report: Reporter,
    ) -> None:
        failing = _setting(cluster, "Fail at")
        for state in states:
            report.enter(state)
            for name in STEPS.get(state, ()):
                one = name == "Create Heat stack"
                on = [cluster.name] if one else [i.name for i in (every if name == "Configure instances" else new)]
                step = report.step(name, len(on))
                for instance in on:
                    if state == failing:
                        step.failed(instance, f"Asked to fail at {state}")
                        break
                    step.succeeded(instance)
            if state == failing:
                raise EngineError(f"The cluster was asked to fail at {state} (cluster config 'Fail at')")
            until = time.monotonic() + self._delay_of(cluster)
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.1))
                report.enter(state)  # which ends this where the cluster is deleted or the service stops

    def _delay_of(self, cluster: ClusterSpec) -> float:
        asked = _setting(cluster, "State delay")
        try:
            return min(max(float(asked), 0.0), 3600.0) if asked else self._delay
        except ValueError:
            return self._delay

    def stop(self, cluster: ClusterSpec, state: State | None) -> None:
        """Nothing to take down."""

    def recover(self, cluster: ClusterSpec, state: State | None) -> State:
        """Nothing died."""
        return state or {"instances": [instance.name for instance in cluster.instances]}

    def verify(self, cluster: ClusterSpec, state: State) -> Sequence[Check]:
        """One check, which is green."""
        text = f"Cluster {cluster.name} has {len(cluster.instances)} instances and no processes"
        return [Check("Check of instances accessibility", HealthStatus.GREEN, text)]

    def dead(self, cluster: ClusterSpec, state: State) -> Collection[str]:
        """Nothing dies."""
        return ()

    def info(self, cluster: ClusterSpec, state: State) -> Mapping[str, Mapping[str, str]]:
        """A fake cluster tells nothing."""
        return {}

    def addresses(self, cluster: ClusterSpec, state: State | None) -> Mapping[str, str]:
        """Addresses of the loopback network, one an instance."""
        return {
            instance.name: f"127.77.{number // 250}.{number % 250 + 1}"
            for number, instance in enumerate(cluster.instances)
        }

    def data_url(self, cluster: ClusterSpec, url: str) -> str | None:
        """Data is never touched, so that every URL will do."""
        return url

    def submit(self, job: JobSpec) -> State:
        """A run that ends by itself."""
        cluster = job.cluster
        fails = str(_setting(cluster, "Fail jobs")).lower() == "true"
        return {
            "engine_job_id": "engine_job_id",
            "ends": time.time() + self._delay_of(cluster),
            "started": time.time(),
            "fails": fails,
        }

    def poll(self, folder: Path, state: State | None) -> RunStatus:
        """A run has succeeded after its delay, or failed where that was asked for."""
        if state is None:
            return RunStatus(JobStatus.PENDING)
        if time.time() < state["ends"]:
            return RunStatus(JobStatus.RUNNING, started_at=state["started"])
        reason = "The job was asked to fail (cluster config 'Fail jobs')" if state["fails"] else None
        return RunStatus(JobStatus.FAILED if reason else JobStatus.SUCCEEDED, reason, state["started"], state["ends"])

    def cancel(self, folder: Path, state: State | None) -> RunStatus:
        """Ends a run at once."""
        started = state["started"] if state else None
        return RunStatus(JobStatus.KILLED, started_at=started, finished_at=time.time())


def _setting(cluster: ClusterSpec, name: str) -> str:
    value = cluster.configs.get("general", {}).get(name)
    return "" if value is None else str(value)
