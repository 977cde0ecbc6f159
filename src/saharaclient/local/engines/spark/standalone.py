"""Spark standalone clusters on this machine: one master, a worker for each instance with the process `slave`.

A cluster's folder holds Spark's configuration, the logs, each worker's folder and scratch space. The plugin's public
face is `plugin`'s, how a daemon starts is `daemons`', jobs are `saharaclient.local.engines.runs`'.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from typing import TYPE_CHECKING

import psutil

from saharaclient.local.engines.base import GETTING_INSTANCES, SCRATCH, SHELL, Check, EngineError, InvalidCluster
from saharaclient.local.engines.java import quoted, temporary_files_in
from saharaclient.local.engines.processes import end
from saharaclient.local.engines.runs.engine import JobEngine, Target
from saharaclient.local.engines.runs.launch import SPARK_TYPES
from saharaclient.local.engines.runs.properties import read_properties, write_properties
from saharaclient.local.engines.runtime import RuntimeMissing, SparkRuntime
from saharaclient.local.engines.spark import connect, hdfs, plugin
from saharaclient.local.engines.spark.daemons import (
    Daemon,
    StartingDaemon,
    alive_workers,
    ask_master,
    start_master,
    start_worker,
)
from saharaclient.local.engines.spark.sizes import check_executor
from saharaclient.local.engines.spark.training import Training
from saharaclient.states import ClusterStatus, HealthStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from saharaclient.local.engines.base import (
        ClusterSpec,
        InstanceSpec,
        JobSpec,
        PluginDescription,
        Reporter,
        State,
        Step,
    )

KIND = "standalone"
LEAST_MEMORY_MIB = 512  # Spark refuses an executor with less than 450 MiB
DEFAULT_EXECUTOR_MIB = 1024  # Spark's own default
PATIENCE = 60.0  # seconds a daemon may take to be ready, and as many seconds for
MORE_PATIENCE = 10.0  # each further one that starts at the same time


class SparkEngine(JobEngine):
    """Clusters of the plugin `spark`, as processes of this machine.

    Args:
        tools: The folder of a ``java`` of our own, where there has to be one.
        conf: Spark properties that jobs start with on every cluster.
    """

    def __init__(self, tools: Path, conf: Mapping[str, str] | None = None) -> None:
        self.tools = tools
        self.conf = conf or {}
        self._training = Training()

    def close(self) -> None:
        """End the making of an archive of Spark's classes, if it is under way."""
        self._training.stop()

    def describe(self) -> PluginDescription:
        """The plugin; its version is the installed Spark's."""
        return plugin.describe("standalone, as processes of this machine", connect=True)

    def validate(self, cluster: ClusterSpec) -> None:
        """Refuse what is not one master and at least one slave, and everything while Spark or Java is missing."""
        try:
            runtime = SparkRuntime.find(self.tools)
        except RuntimeMissing as error:
            raise InvalidCluster(str(error), "PLUGIN_UNAVAILABLE") from error
        plugin.validate(cluster)
        if not plugin.running(cluster, plugin.CONNECT):
            return
        if not plugin.connect_shipped(runtime.home):
            raise InvalidCluster(
                f"Spark {runtime.version} ({runtime.home}) has no Spark Connect server, which comes with 4: leave "
                f"out the process {plugin.CONNECT}, or install that.",
                "INVALID_REFERENCE",
            )
        sizes = [(_memory(instance), _cores(instance)) for instance in plugin.running(cluster, plugin.SLAVE)]
        workers = [{"state": "ALIVE", "memory": memory, "cores": cores} for memory, cores in sizes]
        try:
            check_executor({**self.conf, **plugin.configured(cluster)}, {"workers": workers})
        except EngineError as error:
            raise InvalidCluster(f"Spark Connect would wait for ever. {error}", "INVALID_REFERENCE") from error

    def validate_scaling(self, cluster: ClusterSpec, wanted: ClusterSpec) -> None:
        """Refuse scaling that touches the master, or leaves no slave."""
        plugin.validate_scaling(cluster, wanted)

    def start(self, cluster: ClusterSpec, report: Reporter) -> State:
        """Start the master, then all else at once; done when the master calls every worker alive and Connect serves."""
        try:
            state = self._start(cluster, report)
        except OSError as error:
            end([], cluster.folder)
            raise EngineError(f"The cluster {cluster.name} cannot be started: {error}") from error
        except BaseException:
            end([], cluster.folder)
            raise
        self._train()
        return state

    def _train(self) -> None:
        """Have Spark's classes archived, as there is somebody who uses it."""
        with contextlib.suppress(RuntimeMissing):
            self._training.begin(SparkRuntime.find(self.tools))

    def _start(self, cluster: ClusterSpec, report: Reporter) -> State:
        report.enter(ClusterStatus.SPAWNING)
        step = report.step("Create folders of instances", len(cluster.instances))
        for folder in ("conf", "logs", SCRATCH):
            (cluster.folder / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        for instance in cluster.instances:
            (cluster.folder / instance.name).mkdir(mode=0o700, exist_ok=True)
            step.succeeded(instance.name)
        (master,) = plugin.running(cluster, plugin.MASTER)
        workers = plugin.running(cluster, plugin.SLAVE)

        report.enter(ClusterStatus.WAITING)
        report.enter(ClusterStatus.PREPARING)
        step = report.step("Find Spark and Java", 1)
        with _told(step, master.name):
            runtime = SparkRuntime.find(self.tools)

        report.enter(ClusterStatus.CONFIGURING)
        step = report.step("Write Spark configuration", 1)
        with _told(step, master.name):
            _configure(cluster, workers)

        report.enter(ClusterStatus.STARTING)
        step = report.step("Start Spark master", 1)
        with _told(step, master.name):
            starting = start_master(runtime, cluster.folder, master.name, suffix=cluster.id[:8])
            daemon = starting.wait(time.monotonic() + PATIENCE)
        state: State = {"kind": KIND, "master": daemon.dump(), "workers": {}}
        server = self._start_connect(cluster, state)
        state["workers"] = _start_workers(runtime, cluster, daemon, workers, report)
        return {**state, **_connected(server, report)}

    def scale(self, cluster: ClusterSpec, state: State, report: Reporter) -> State:
        """Stop workers of instances that are gone, start those of new ones, and again those that have died."""
        plugin.check_kind(state, KIND)
        slaves = plugin.running(cluster, plugin.SLAVE)
        workers = dict(state["workers"])
        if surplus := sorted(workers.keys() - {instance.name for instance in slaves}):
            report.enter(ClusterStatus.DECOMMISSIONING)
            step = report.step("Decommission Spark workers", len(surplus))
            for name in surplus:
                end([Daemon.load(workers.pop(name)).process], cluster.folder / name)
                shutil.rmtree(cluster.folder / name, ignore_errors=True)
                step.succeeded(name)
        smaller = self._with_connect(cluster, {**state, "workers": workers}, report)
        gone = _dead(smaller)
        if new := [instance for instance in slaves if instance.name not in workers or instance.name in gone]:
            for status in GETTING_INSTANCES:
                report.enter(status)
            report.enter(ClusterStatus.STARTING)
            try:
                started = _start_workers(
                    SparkRuntime.find(self.tools), cluster, Daemon.load(state["master"]), new, report
                )
            except EngineError as error:
                raise EngineError(str(error), state=smaller) from error
            return {**smaller, "workers": workers | started}
        return smaller

    def _start_connect(self, cluster: ClusterSpec, state: State) -> tuple[str, StartingDaemon] | None:
        """Start the Spark Connect server that a cluster asks for, if it does; the name of its instance with it."""
        wanted = plugin.running(cluster, plugin.CONNECT)
        if not wanted:
            return None
        name, cores = wanted[0].name, sum(map(_cores, plugin.running(cluster, plugin.SLAVE)))
        return name, connect.start(self.target(cluster, state), cluster.folder, name, cores)

    def _with_connect(self, cluster: ClusterSpec, state: State, report: Reporter) -> State:
        """The state with the Spark Connect server that the cluster asks for: one that lives stays."""
        if connect.instance(state) in {instance.name for instance in plugin.running(cluster, plugin.CONNECT)}:
            return state
        state = connect.without(state, cluster.folder)
        try:
            return {**state, **_connected(self._start_connect(cluster, state), report)}
        except BaseException as error:
            end([], cluster.folder / connect.KEY)
            if isinstance(error, EngineError):
                raise EngineError(str(error), state=state) from error
            raise

    def stop(self, cluster: ClusterSpec, state: State | None) -> None:
        """End every process of the cluster, recorded or not, and remove its folder."""
        end([daemon.process for daemon in _daemons(state)], cluster.folder)
        shutil.rmtree(cluster.folder, ignore_errors=True)

    def recover(self, cluster: ClusterSpec, state: State | None) -> State:
        """Take live daemons up again; start dead workers anew, and the whole cluster if its master is dead."""
        if state is not None:
            plugin.check_kind(state, KIND)
        if state is None or not Daemon.load(state["master"]).process.alive():
            # Workers of a dead master would look for it at a port that may be another's by now.
            end([daemon.process for daemon in _daemons(state)], cluster.folder)
            return self.start(cluster, _Silent())
        alive = {name: stored for name, stored in state["workers"].items() if Daemon.load(stored).process.alive()}
        kept = {SHELL, *alive, *(instance.name for instance in plugin.running(cluster, plugin.MASTER))}
        if connect.instance(state):
            kept.add(connect.KEY)
        for folder in cluster.folder.iterdir():
            if folder.name not in kept:  # workers that an interrupted scaling has started are in no state
                end([], folder)
        self._train()
        return self.scale(cluster, {**state, "workers": alive}, _Silent())

    def verify(self, cluster: ClusterSpec, state: State) -> Sequence[Check]:
        """Ask the master for itself and for each worker, and the Spark Connect server whether it is there."""
        plugin.check_kind(state, KIND)
        master = Daemon.load(state["master"])
        try:
            told = ask_master(master)
        except EngineError as error:
            return [Check("Spark master", HealthStatus.RED, str(error))]
        status = str(told.get("status"))
        light = HealthStatus.GREEN if status == "ALIVE" else HealthStatus.RED
        checks = [Check("Spark master", light, f"Master {master.url} reports {status}.")]
        alive = alive_workers(told)
        # The master believes in a worker for a minute after its last word.
        dead = sorted(
            _dead(state) | {name for name, stored in state["workers"].items() if Daemon.load(stored).url not in alive}
        )
        total = len(plugin.running(cluster, plugin.SLAVE))
        light = HealthStatus.GREEN
        if dead:
            light = HealthStatus.YELLOW if len(dead) < total else HealthStatus.RED
        missing = f" Not alive: {', '.join(dead)}." if dead else ""
        text = f"The master reports {total - len(dead)} of {total} workers alive.{missing}"
        return [*checks, Check("Spark workers", light, text), *connect.check(state)]

    def dead(self, cluster: ClusterSpec, state: State) -> Collection[str]:  # noqa: ARG002
        """The instances whose worker or Spark Connect server has ended."""
        gone = {state[connect.KEY]["instance"]} if connect.KEY in state and connect.instance(state) is None else set()
        return _dead(state) | gone

    def info(self, cluster: ClusterSpec, state: State) -> Mapping[str, Mapping[str, str]]:
        """URL and web page of the master and of Spark Connect, and where the instances' folders and the logs are."""
        master = Daemon.load(state["master"])
        shown = {"Master": master.url, "Web UI": master.web, "Folder": str(cluster.folder)}
        return {"Spark": shown | connect.info(state), **hdfs.info(cluster)}

    def addresses(self, cluster: ClusterSpec, state: State | None) -> Mapping[str, str]:  # noqa: ARG002
        """All on the loopback interface; ports tell them apart."""
        return {instance.name: "127.0.0.1" for instance in cluster.instances}

    def submit(self, job: JobSpec) -> State:
        """Launch a run, unless no worker is large enough for its executors: Spark would wait for one for ever."""
        if job.type in SPARK_TYPES:
            check_executor(
                {**self.target(job.cluster, job.cluster_state).properties, **job.configs},
                ask_master(Daemon.load(job.cluster_state["master"])),
            )
        return super().submit(job)

    def target(self, cluster: ClusterSpec, state: State) -> Target:
        """Where jobs of a cluster go."""
        plugin.check_kind(state, KIND)
        scratch = cluster.folder / SCRATCH
        of_executors = {
            "spark.executor.defaultJavaOptions": quoted(temporary_files_in(scratch)),
            "spark.hadoop.hadoop.tmp.dir": str(scratch),
        }
        return Target(
            runtime=SparkRuntime.find(self.tools),
            master=Daemon.load(state["master"]).url,
            properties={
                **of_executors,
                **self.conf,
                **read_properties(cluster.folder / "conf" / "spark-defaults.conf"),
            },
            warehouse=cluster.folder / "warehouse",
        )


def _configure(cluster: ClusterSpec, workers: Sequence[InstanceSpec]) -> None:
    smallest = min(_memory(instance) for instance in workers)
    properties = {
        # Other users of the machine reach the ports, and whoever can submit a job runs code as this user.
        "spark.authenticate": "true",
        "spark.authenticate.secret": secrets.token_urlsafe(32),
        "spark.ui.killEnabled": "false",
        "spark.executor.memory": f"{min(smallest, DEFAULT_EXECUTOR_MIB)}m",
        # A worker keeps its executors' files, copies of jars among them, for a week otherwise.
        "spark.worker.cleanup.enabled": "true",
        "spark.worker.cleanup.interval": "300",
        "spark.worker.cleanup.appDataTtl": "1800",
    }
    write_properties(cluster.folder / "conf" / "spark-defaults.conf", properties | plugin.configured(cluster))


def _cores(instance: InstanceSpec) -> int:
    """A worker's cores: the flavor's, within what the machine has."""
    return max(1, min(instance.vcpus, os.cpu_count() or 1))


def _memory(instance: InstanceSpec) -> int:
    """A worker's memory in MiB: the flavor's, within what the machine has and Spark needs."""
    machine = int(psutil.virtual_memory().total) // 2**20
    return max(LEAST_MEMORY_MIB, min(instance.ram_mib, machine))


def _start_workers(
    runtime: SparkRuntime, cluster: ClusterSpec, master: Daemon, instances: Sequence[InstanceSpec], report: Reporter
) -> State:
    """Start workers of instances at once and wait until the master calls them alive; none is left if one fails."""
    deadline = time.monotonic() + PATIENCE + MORE_PATIENCE * len(instances)
    step = report.step("Start Spark workers", len(instances))
    starting = []
    try:
        for instance in instances:
            (cluster.folder / instance.name).mkdir(mode=0o700, exist_ok=True)
            size = {"cores": _cores(instance), "memory_mib": _memory(instance)}
            with _told(step, instance.name, success=False):
                starting.append((instance.name, start_worker(runtime, cluster.folder, instance.name, master, **size)))
        workers = {}
        for name, worker in starting:
            with _told(step, name):
                workers[name] = worker.wait(deadline)
        step = report.step("Wait until the Spark master reports workers alive", len(workers))
        for name, daemon in workers.items():
            with _told(step, name):
                while daemon.url not in alive_workers(ask_master(master)):
                    if time.monotonic() > deadline:
                        raise EngineError(f"The Spark master does not report the worker on {name} alive.")
                    time.sleep(0.1)
    except BaseException:
        for name, worker in starting:
            end([worker.process], cluster.folder / name)
        raise
    return {name: daemon.dump() for name, daemon in workers.items()}


def _connected(server: tuple[str, StartingDaemon] | None, report: Reporter) -> State:
    """The part of the state that a Spark Connect server is, once it serves; nothing where none was started."""
    if server is None:
        return {}
    name, starting = server
    report.enter(ClusterStatus.STARTING)
    with _told(report.step("Start Spark Connect", 1), name):
        return {connect.KEY: {"instance": name, **connect.serving(starting).dump()}}


def _dead(state: State) -> set[str]:
    return {name for name, stored in state.get("workers", {}).items() if not Daemon.load(stored).process.alive()}


def _daemons(state: State | None) -> list[Daemon]:
    stored = [state["master"], *state["workers"].values()] if state and "workers" in state else []
    further = [state[connect.KEY]] if state and connect.KEY in state else []
    return [Daemon.load(daemon) for daemon in [*stored, *further]]


class _told:  # noqa: N801  (a context manager that reads as a clause)
    """Reports one instance's part of a step by how the block ends."""

    def __init__(self, step: Step, instance: str, *, success: bool = True) -> None:
        self.step, self.instance, self.success = step, instance, success

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self.step.failed(self.instance, str(error))
        elif self.success:
            self.step.succeeded(self.instance)


class _Silent:
    """A reporter for work that no user asked for; its own step as well."""

    def enter(self, status: str) -> None:
        pass

    def step(self, name: str, total: int) -> Step:  # noqa: ARG002
        return self

    def succeeded(self, instance: str) -> None:
        pass

    def failed(self, instance: str, reason: str) -> None:
        pass
