"""The plugin `spark` as users see it: what it offers, which clusters it takes. Which Spark it is, is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.engines.base import (
    ConfigOption,
    EngineError,
    InvalidCluster,
    PluginDescription,
    VersionDescription,
)
from saharaclient.local.engines.runs.launch import JOB_TYPES
from saharaclient.local.engines.runtime import RuntimeMissing, find_spark
from saharaclient.local.engines.spark import hdfs

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.engines.base import ClusterSpec, InstanceSpec, State

MASTER, SLAVE, CONNECT = "master", "slave", "connect"
SERVICE = "Spark"
LATEST = "4"  # stands for the version that the extra would bring

CONFIGS = (
    ConfigOption(
        "spark.executor.memory",
        "Memory of an executor, as Spark writes it (1g). By default 1g, or what the smallest worker has.",
        "",
    ),
    ConfigOption("spark.executor.cores", "Cores of an executor. By default all that its worker has.", ""),
    ConfigOption("spark.cores.max", "Most cores that one job takes in the whole cluster. By default all.", ""),
    ConfigOption("spark.default.parallelism", "Partitions of an RDD where a job names no number.", ""),
    ConfigOption("spark.sql.shuffle.partitions", "Partitions of a shuffle in Spark SQL.", "200"),
)


def describe(where: str, *, connect: bool) -> PluginDescription:
    """The plugin; its version is the installed Spark's, and where none is, it says so.

    Args:
        where: A clause that ends "runs Spark …".
        connect: Whether a cluster can have a Spark Connect server where that Spark has one.
    """
    processes: tuple[str, ...] = (MASTER, SLAVE)
    try:
        home, version = find_spark()
        missing = ""
        if connect and connect_shipped(home):
            processes = (*processes, CONNECT)
    except RuntimeMissing as error:
        version, missing = LATEST, f" No cluster can start yet. {error}"
    return PluginDescription(
        name="spark",
        title="Apache Spark",
        description=f"The Apache Spark plugin runs Spark {version} {where}.{missing}",
        versions=(
            VersionDescription(
                version=version,
                node_processes={SERVICE: processes, hdfs.SERVICE: hdfs.PROCESSES},
                configs=[
                    ConfigOption(option.name, option.description, option.default, target=SERVICE, priority=1)
                    for option in CONFIGS
                ]
                + [*hdfs.CONFIGS],
                job_types=JOB_TYPES,
                required_image_tags=("spark", version),
            ),
        ),
    )


def configured(cluster: ClusterSpec) -> dict[str, str]:
    """The Spark properties that a cluster sets."""
    chosen = cluster.configs.get(SERVICE, {})
    known = {option.name for option in CONFIGS}
    return {name: str(value) for name, value in chosen.items() if name in known and value not in (None, "")}


def check_kind(state: State, kind: str, master: str | None = None) -> None:
    """Refuse a cluster that was made when the service ran Spark elsewhere than it does now.

    Args:
        state: The cluster's.
        kind: ``standalone`` or ``existing``: where it runs Spark now.
        master: The existing master.

    Raises:
        EngineError: With both places.
    """
    was = state.get("kind") or ("standalone" if "workers" in state else "existing")  # which 5.0.0 did not write down
    stored = state.get("master")
    if was == kind and (kind == "standalone" or stored == master):
        return
    made = "as processes of this machine" if was == "standalone" else f"on the existing master {stored}"
    now = "starts Spark on this machine itself" if master is None else f"uses the existing master {master}"
    before = "without --spark-master" if was == "standalone" else f"with --spark-master {stored}"
    raise EngineError(f"The cluster was made {made}, and the service {now}: delete it, or start the service {before}")


def connect_shipped(home: Path) -> bool:
    """Whether a Spark has the Spark Connect server; that of 3.5 from PyPI has not."""
    return any((home / "jars").glob("spark-connect_*.jar"))


def running(cluster: ClusterSpec, process: str) -> list[InstanceSpec]:
    """The instances that have a process."""
    return [instance for instance in cluster.instances if process in instance.processes]


def validate(cluster: ClusterSpec) -> None:
    """Refuse a cluster that is not one master and at least one slave, with one Spark Connect server at most.

    Raises:
        InvalidCluster: With what is wrong.
    """
    masters, slaves = len(running(cluster, MASTER)), len(running(cluster, SLAVE))
    if masters != 1:
        raise InvalidCluster(_count("spark master", "1", masters))
    if slaves < 1:
        raise InvalidCluster(_count("spark slave", "1 or more", slaves))
    if (servers := len(running(cluster, CONNECT))) > 1:
        raise InvalidCluster(_count("spark connect", "0 or 1", servers))
    for instance in cluster.instances:
        for name, value in instance.configs.get(SERVICE, {}).items():
            default = next((option.default for option in CONFIGS if option.name == name), None)
            if str(value) not in ("", "None", str(default), str(cluster.configs.get(SERVICE, {}).get(name))):
                raise InvalidCluster(
                    f"Node group {instance.node_group} sets {name}, which holds for a whole cluster: "
                    "set it in cluster_configs.",
                    "INVALID_REFERENCE",
                )


def validate_scaling(cluster: ClusterSpec, wanted: ClusterSpec) -> None:
    """Refuse scaling that touches the master, or leaves no slave.

    Raises:
        InvalidCluster: With what is wrong.
    """
    before = {instance.name for instance in running(cluster, MASTER)}
    after = running(wanted, MASTER)
    if group := next((instance.node_group for instance in after if instance.name not in before), None):
        raise InvalidCluster(
            f"Chosen node group {group} cannot be scaled : "
            f"Spark plugin cannot scale nodegroup with processes: {MASTER}",
            "NODE_GROUP_CANNOT_BE_SCALED",
        )
    validate(wanted)


def _count(component: str, expected: str, count: int) -> str:
    return f"Hadoop cluster should contain {expected} {component} component(s). Actual {component} count is {count}"
