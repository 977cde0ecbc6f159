"""What an engine is to the service: the protocol, and the plain values that go in and come out.

An engine makes clusters real and runs jobs on them. It knows no database and no HTTP: it is handed specifications,
answers with JSON-able state that the caller stores and hands back, and keeps everything else in the folder it is given.
Every call may block for seconds; callers run them in worker threads. Engines live in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003  (dataclass fields are resolved by those who inspect them)
from typing import Any, Literal, Protocol

from saharaclient.states import ClusterStatus, HealthStatus, JobStatus

State = dict[str, Any]
"""JSON-able: what an engine wants to be handed back next time."""

Configs = Mapping[str, Mapping[str, Any]]
"""Configuration values by target (service name, or ``general``), then by name."""

SCRATCH = "scratch"
"""The folder of what a run's program needs while it runs alone."""

SHELL = "shell"
"""The folder of the shells that are open on a cluster, within the cluster's."""

FILES = "files"
"""The folder of a run's own files within the run's folder, in which the run's program is started."""

GETTING_INSTANCES = (ClusterStatus.SPAWNING, ClusterStatus.WAITING, ClusterStatus.PREPARING)
GETTING_ACTIVE = (*GETTING_INSTANCES, ClusterStatus.CONFIGURING, ClusterStatus.STARTING)


class EngineError(Exception):
    """An engine could not do what was asked; the text names the thing, the reason and what to do.

    Args:
        message: The text the user sees.
        state: The cluster's state to store, where the failure changed it; None where it is as it was.
    """

    def __init__(self, message: str, *, state: State | None = None) -> None:
        super().__init__(message)
        self.state = state


class InvalidCluster(EngineError):
    """A cluster's layout or configuration is refused before anything is started.

    Args:
        message: The text the user sees.
        code: Sahara's ``error_name`` for it.
    """

    def __init__(self, message: str, code: str = "INVALID_COMPONENT_COUNT") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ConfigOption:
    """One configuration option of a plugin, as ``plugins.get_version_details`` shows it."""

    name: str
    description: str
    default: str | int | float | bool | None = None
    kind: Literal["string", "int", "bool", "enum"] = "string"
    target: str = "general"
    scope: Literal["cluster", "node"] = "cluster"
    choices: Sequence[str] = ()
    optional: bool = True
    priority: int = 2


@dataclass(frozen=True, slots=True)
class VersionDescription:
    """One version of a plugin: its services with their processes, its options, the job types it runs."""

    version: str
    node_processes: Mapping[str, Sequence[str]]
    configs: Sequence[ConfigOption] = ()
    job_types: Sequence[str] = ()
    required_image_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PluginDescription:
    """What the plugin API tells of an engine. Labels are the defaults: their changes are the store's."""

    name: str
    title: str
    description: str
    versions: Sequence[VersionDescription]
    hidden: bool = False

    def version(self, version: str) -> VersionDescription | None:
        """The named version, or None where the plugin has no such."""
        return next((known for known in self.versions if known.version == version), None)


@dataclass(frozen=True, slots=True)
class InstanceSpec:
    """One machine of a cluster: its name, node group, processes and the size its flavor gives it."""

    name: str
    node_group: str
    processes: tuple[str, ...]
    vcpus: int
    ram_mib: int
    configs: Configs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """A cluster as it shall be. ``folder`` is the engine's alone, made by it and gone after `Engine.stop`."""

    id: str
    name: str
    version: str
    instances: tuple[InstanceSpec, ...]
    folder: Path
    configs: Configs = field(default_factory=dict)


class Step(Protocol):
    """One provisioning step under way: it ends when every instance it counts has been reported."""

    def succeeded(self, instance: str) -> None:
        """The step is done on one instance (a name of `ClusterSpec.instances`)."""

    def failed(self, instance: str, reason: str) -> None:
        """The step failed on one instance; the engine raises `EngineError` after it."""


class Reporter(Protocol):
    """How an engine tells of its progress. Calls come from one thread."""

    def enter(self, status: str) -> None:
        """The cluster enters a state, by its name in a first start.

        One of `GETTING_ACTIVE`; while scaling also ``Decommissioning``. The caller adds ``Scaling: `` where Sahara
        does.
        """

    def step(self, name: str, total: int) -> Step:
        """A provisioning step begins in the current state.

        Args:
            name: What is done, as users read it (``Start Spark worker``).
            total: How many instances will be reported.
        """
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One verification check of a cluster."""

    name: str
    status: HealthStatus
    description: str


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One run of a job, with everything resolved that needs the store or the network.

    ``folder`` belongs to this run alone: the caller makes it, puts ``mains`` and ``libs`` into its folder `FILES` (each
    under its own name) and fetches the objects that are named; the engine adds launch command, stdout, stderr and
    result; the caller stores what the job changed of the objects, and keeps the folder as long as the run is known.

    How a data source is handed over is `Engine.data_url`'s answer, wherever it is named (input, output, in ``args``,
    ``params`` or ``configs`` by name or id). Where that answer is None, the data is an object store's and the job
    needs it as a file: the caller downloads the object (or all objects under the name) into the run's folder and
    passes that absolute path, which may not exist yet, in a folder that does, and stores what is there after success.

    Args:
        id: The run's id.
        type: Sahara's job type (``Spark``, ``Shell``, ``Java``, ``Hive``, ``MapReduce``).
        name: The job's name, for Spark's own pages.
        cluster: The cluster it runs on.
        cluster_state: That cluster's state.
        folder: The run's folder, absolute.
        mains: The main binaries' files.
        libs: The libraries' files.
        configs: ``job_configs.configs``, all values text.
        args: ``job_configs.args``.
        params: ``job_configs.params``.
        input: Where the job reads, for types that have an input.
        output: Where the job writes, likewise.
    """

    id: str
    type: str
    name: str
    cluster: ClusterSpec
    cluster_state: State
    folder: Path
    mains: tuple[Path, ...] = ()
    libs: tuple[Path, ...] = ()
    configs: Mapping[str, str] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    input: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class RunStatus:
    """How a run stands. ``PENDING``: nothing was launched yet, so `Engine.submit` may be called (again).

    Args:
        status: The state.
        reason: Why it failed, in the last words of the run's own log, or what keeps it waiting while it runs.
        started_at: When its process started, seconds since the epoch.
        finished_at: When it ended, likewise.
        info: What the job's ``info`` shows of it: ``spark-path`` (the run's folder), ``client``, ``result``.
    """

    status: JobStatus
    reason: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    info: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """Makes clusters real and runs jobs on them.

    Calls for different clusters and runs come at the same time from different threads; for one cluster, one after
    the other, except `submit`, `poll`, `cancel` and `verify`, which only read its state.

    Attributes:
        drivers_here: Whether each run is a process of this machine, which bears only so many at once.
    """

    drivers_here: bool

    def close(self) -> None:
        """The service stops: end what runs for the engine itself. Clusters and jobs go on."""

    def describe(self) -> PluginDescription:
        """The plugin as the API shows it. Quick, and never fails: what is missing shows when a cluster starts."""
        ...

    def validate(self, cluster: ClusterSpec) -> None:
        """Refuse a cluster that could never start.

        Raises:
            InvalidCluster: With the reason.
        """

    def validate_scaling(self, cluster: ClusterSpec, wanted: ClusterSpec) -> None:
        """Refuse a change of a cluster that could not be carried out.

        Raises:
            InvalidCluster: With the reason.
        """

    def start(self, cluster: ClusterSpec, report: Reporter) -> State:
        """Bring the cluster up; on return it is Active.

        Raises:
            EngineError: It did not come up; nothing is left running. The log stays in the folder until `stop`.
        """
        ...

    def scale(self, cluster: ClusterSpec, state: State, report: Reporter) -> State:
        """Make a running cluster what ``cluster`` says: start instances that are new, stop those not named.

        Raises:
            EngineError: The new instances did not come up; the cluster runs on without them, as the error's ``state``
                says, or else the given one.
        """
        ...

    def stop(self, cluster: ClusterSpec, state: State | None) -> None:
        """Take the cluster down: no process, port or file of it is left. Works from any condition, repeatedly.

        Args:
            cluster: The cluster.
            state: Its state; None where none is known (a start that was interrupted).
        """

    def recover(self, cluster: ClusterSpec, state: State | None) -> State:
        """After a restart of the service: take the cluster's live processes up again, start those that died.

        Raises:
            EngineError: It cannot be brought up again; nothing is left running.
        """
        ...

    def verify(self, cluster: ClusterSpec, state: State) -> Sequence[Check]:
        """Ask the cluster how it is."""
        ...

    def dead(self, cluster: ClusterSpec, state: State) -> Collection[str]:
        """The names of instances whose processes have ended by themselves: the first to go, or to be replaced."""
        ...

    def info(self, cluster: ClusterSpec, state: State) -> Mapping[str, Mapping[str, str]]:
        """The cluster's ``info``: by service, its URLs (``{"Spark": {"Master": …, "Web UI": …}}``)."""
        ...

    def addresses(self, cluster: ClusterSpec, state: State | None) -> Mapping[str, str]:
        """Where each instance is, by its name. With no state: where it will be."""
        ...

    def data_url(self, cluster: ClusterSpec, url: str) -> str | None:
        """What a job is given for the URL of a data source.

        Args:
            cluster: The cluster the job runs on.
            url: The URL as the data source has it, of any type.

        Returns:
            The path or URL to pass; None where the job needs the data as a local file (see `JobSpec`).

        Raises:
            EngineError: Jobs of this engine cannot reach such data.
        """
        ...

    def submit(self, job: JobSpec) -> State:
        """Launch a run; it goes on without the service. Returns soon; how it fares is `poll`'s.

        Raises:
            EngineError: It cannot be launched (a config is missing, no such class of file).
        """
        ...

    def poll(self, folder: Path, state: State | None) -> RunStatus:
        """How the run in a folder stands, also after a restart of the service, and with no state known."""
        ...

    def cancel(self, folder: Path, state: State | None) -> RunStatus:
        """End a run with all its processes, wait for their end and say how it stands then."""
        ...
