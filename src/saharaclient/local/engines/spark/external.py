"""Clusters that stand for an existing Spark, YARN or Kubernetes master: nothing is started, jobs go there."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from saharaclient.local.engines.base import Check, EngineError, InvalidCluster
from saharaclient.local.engines.processes import end
from saharaclient.local.engines.runs.engine import JobEngine, Target
from saharaclient.local.engines.runtime import RuntimeMissing, SparkRuntime
from saharaclient.local.engines.spark import hdfs, plugin
from saharaclient.states import ClusterStatus, HealthStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from saharaclient.local.engines.base import ClusterSpec, PluginDescription, Reporter, State

KIND = "existing"
_TIMEOUT = 10.0


class UnknownMaster(ValueError):
    """What was given names no master that jobs can be sent to."""


class ExternalSparkEngine(JobEngine):
    """Clusters of the plugin `spark` that all stand for one existing master.

    Args:
        master: ``spark://host:port``, ``yarn`` (whose configuration ``HADOOP_CONF_DIR`` or ``YARN_CONF_DIR`` names)
            or ``k8s://https://host:port``.
        tools: The folder of a ``java`` of our own, where there has to be one.
        conf: Spark properties that every job starts with; Kubernetes wants at least an image here.

    Raises:
        UnknownMaster: The URL is of no such kind.
    """

    def __init__(self, master: str, tools: Path, conf: Mapping[str, str] | None = None) -> None:
        self.master = master
        self.tools = tools
        self.conf = conf or {}
        self._address = _address(master)

    def describe(self) -> PluginDescription:
        """The plugin; its version is that of the Spark that submits."""
        return plugin.describe(f"of the existing master {self.master}", connect=False)

    def validate(self, cluster: ClusterSpec) -> None:
        """Refuse what is no Spark cluster, and everything while there is no Spark to submit with."""
        try:
            SparkRuntime.find(self.tools)
        except RuntimeMissing as error:
            raise InvalidCluster(str(error), "PLUGIN_UNAVAILABLE") from error
        plugin.validate(cluster)
        if plugin.running(cluster, plugin.CONNECT):
            raise InvalidCluster(
                f"A cluster that stands for {self.master} has no Spark Connect server of this service's: leave out the "
                f"process {plugin.CONNECT}.",
                "INVALID_REFERENCE",
            )

    def validate_scaling(self, cluster: ClusterSpec, wanted: ClusterSpec) -> None:  # noqa: ARG002
        """Refuse: the size of an existing cluster is not this service's."""
        raise InvalidCluster(f"A cluster that stands for {self.master} cannot be scaled from here.", "CANNOT_SCALE")

    def start(self, cluster: ClusterSpec, report: Reporter) -> State:
        """Make sure that the master is there."""
        for status in (
            ClusterStatus.SPAWNING,
            ClusterStatus.WAITING,
            ClusterStatus.PREPARING,
            ClusterStatus.CONFIGURING,
            ClusterStatus.STARTING,
        ):
            report.enter(status)
        step = report.step("Reach the existing master", len(cluster.instances))
        try:
            self._reach()
        except EngineError as error:
            step.failed(cluster.instances[0].name, str(error))
            raise
        for instance in cluster.instances:
            step.succeeded(instance.name)
        cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"kind": KIND, "master": self.master}

    def scale(self, cluster: ClusterSpec, state: State, report: Reporter) -> State:  # noqa: ARG002
        """Refuse: see `validate_scaling`."""
        raise EngineError(f"A cluster that stands for {self.master} cannot be scaled from here.")

    def stop(self, cluster: ClusterSpec, state: State | None) -> None:  # noqa: ARG002
        """Forget the cluster; the master stays as it is. One that was made as processes of this machine ends here."""
        end([], cluster.folder)
        shutil.rmtree(cluster.folder, ignore_errors=True)

    def recover(self, cluster: ClusterSpec, state: State | None) -> State:
        """Make sure that it is the master of the cluster, and still there."""
        if state is not None:
            try:
                self._check(state)
            except EngineError:
                end([], cluster.folder)
                raise
        self._reach()
        cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"kind": KIND, "master": self.master}

    def _check(self, state: State) -> None:
        plugin.check_kind(state, KIND, self.master)

    def verify(self, cluster: ClusterSpec, state: State) -> Sequence[Check]:  # noqa: ARG002
        """Whether the master can be reached."""
        self._check(state)
        try:
            self._reach()
        except EngineError as error:
            return [Check("Existing master", HealthStatus.RED, str(error))]
        return [Check("Existing master", HealthStatus.GREEN, f"{self.master} can be reached.")]

    def dead(self, cluster: ClusterSpec, state: State) -> Collection[str]:  # noqa: ARG002
        """Not known here."""
        return ()

    def info(self, cluster: ClusterSpec, state: State) -> Mapping[str, Mapping[str, str]]:  # noqa: ARG002
        """The master's URL."""
        return {plugin.SERVICE: {"Master": self.master}, **hdfs.info(cluster)}

    def addresses(self, cluster: ClusterSpec, state: State | None) -> Mapping[str, str]:  # noqa: ARG002
        """The master's host, for every instance: which others there are is not known here."""
        host = self._address[0] if self._address else "127.0.0.1"
        return {instance.name: host for instance in cluster.instances}

    def data_url(self, cluster: ClusterSpec, url: str) -> str | None:
        """Files are those of the cluster's default filesystem; objects only reach a master on this machine."""
        if self._local:
            return super().data_url(cluster, url)
        if urlsplit(url).scheme == "swift":
            raise EngineError(f"Jobs on {self.master} cannot read {url}: they run on machines without its file.")
        return url

    def target(self, cluster: ClusterSpec, state: State) -> Target:
        """The existing master."""
        self._check(state)
        passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
        return Target(
            runtime=SparkRuntime.find(self.tools),
            master=self.master,
            warehouse=cluster.folder / "warehouse",
            properties={**self.conf, **plugin.configured(cluster)},
            local=self._local,
            environment=passed,
        )

    @property
    def _local(self) -> bool:
        """Whether the master, and so its executors, are on this machine."""
        return self._address is not None and self.master.startswith("spark://") and _is_here(*self._address)

    def _reach(self) -> None:
        if self._address is None:
            folders = [Path(os.environ[name]) for name in _CONF_DIRS if os.environ.get(name)]
            if not any((folder / "yarn-site.xml").exists() for folder in folders):
                raise EngineError(
                    "Spark on YARN needs HADOOP_CONF_DIR or YARN_CONF_DIR to name a folder with yarn-site.xml."
                )
            return
        try:
            socket.create_connection(self._address, timeout=_TIMEOUT).close()
        except OSError as error:
            raise EngineError(f"The Spark master {self.master} cannot be reached: {error}") from error


def _is_here(host: str, port: int) -> bool:
    """Whether a host is this machine: a loopback address, or one that it has itself, by any of their names."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    own = {address.address.partition("%")[0] for card in psutil.net_if_addrs().values() for address in card}
    addresses = {str(entry[4][0]).partition("%")[0] for entry in found}
    return all(address in own or ipaddress.ip_address(address).is_loopback for address in addresses)


_CONF_DIRS = ("HADOOP_CONF_DIR", "YARN_CONF_DIR")
_PASSED = (*_CONF_DIRS, "KUBECONFIG")


def _address(master: str) -> tuple[str, int] | None:
    """Host and port of a master; None for YARN, whose configuration has them."""
    if master == "yarn":
        return None
    wrong = UnknownMaster(f"{master!r} names no Spark master: give spark://host:port, yarn or k8s://https://host:port.")
    scheme, _, rest = master.partition("://")
    if scheme not in ("spark", "k8s"):
        raise wrong
    try:
        parts = urlsplit(master if scheme == "spark" else rest if "://" in rest else f"https://{rest}")
        port = parts.port
    except ValueError:
        raise wrong from None
    if not parts.hostname:
        raise wrong
    usual = 7077 if scheme == "spark" else 443 if parts.scheme == "https" else 80
    return parts.hostname, port or usual
