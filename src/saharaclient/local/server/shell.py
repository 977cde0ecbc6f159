"""Ways into a cluster: Spark's shells, with its address, secret and tables; the user's there; Spark Connect."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

import psutil
from sqlalchemy import or_, select

from saharaclient.local.engines.base import SHELL, ClusterSpec
from saharaclient.local.engines.processes import environment
from saharaclient.local.engines.runs.launch import GIVES_WAY, in_scratch, own_properties, tables, turn_at
from saharaclient.local.engines.runs.properties import write_properties
from saharaclient.local.engines.spark import connect
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.server.state_folder import StateError, check
from saharaclient.local.store.database import Database
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from saharaclient.local.engines.runs.launch import Target

_NEEDS_TABLES = "spark-sql"


def prepared(
    state: Path, name: str, program: str, arguments: Sequence[str], tell: Callable[[str], object]
) -> tuple[list[str], dict[str, str]]:
    """The command that is a shell on a cluster, and its environment; it takes the place of this process.

    Args:
        state: The service's state folder.
        name: The cluster's name or id.
        program: A program of Spark's, such as ``pyspark``.
        arguments: Further ones for it.
        tell: Is told what is not as usual.

    Raises:
        StateError: there is no such cluster, it is not Active, or its tables are in use and the program needs them.
        EngineError: Spark or Java is missing.
    """
    cluster = _find(state, name)
    folder = state / "clusters" / cluster.id
    target = _target(state, cluster, folder)
    own = _own_folder(folder / SHELL)
    for part in ("conf", "scratch"):
        (own / part).mkdir(mode=0o700)
    catalog = tables(target)
    if not _take_turn(turn_at(target)):
        used = f"The tables of the cluster {cluster.name} are in use by a Hive job or another shell"
        if program == _NEEDS_TABLES:
            raise StateError(f"{used}: end that first, or open pyspark, which can do without them.")
        tell(f"{used}: this one has tables of its own, which end with it.")
        catalog = {"spark.sql.catalogImplementation": "in-memory", "spark.sql.warehouse.dir": str(own / "warehouse")}
    defaults = {"spark.app.name": f"{program} of sahara-local", "spark.ui.port": "0", "spark.ui.killEnabled": "false"}
    defaults |= in_scratch(own / "scratch")  # not to the folder that it is started in
    if target.local:
        # Jobs have the workers while nobody types; the first line need not wait for an executor.
        idle = {**GIVES_WAY, "spark.dynamicAllocation.initialExecutors": "1"}
        defaults |= {"spark.hadoop.fs.defaultFS": "file:///", **idle}
    properties = own / "spark.conf"
    write_properties(properties, {**defaults, **target.properties, **catalog, **own_properties(target)})
    settings = {
        **target.runtime.environment(),
        **target.environment,
        "SPARK_CONF_DIR": str(own / "conf"),
        "SPARK_LOCAL_DIRS": str(own / "scratch"),
        "TERM": os.environ.get("TERM", "dumb"),
    }
    command = [str(target.runtime.home / "bin" / program), "--properties-file", str(properties), *arguments]
    return command, environment(own, settings)  # its mark: with the cluster the shell ends


def _own_folder(shells: Path) -> Path:
    """A folder for the shell that this process becomes; those of shells that have ended go."""
    shells.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in shells.iterdir():
        if other.name == str(os.getpid()) or not (other.name.isdecimal() and psutil.pid_exists(int(other.name))):
            shutil.rmtree(other, ignore_errors=True)
    own = shells / str(os.getpid())
    own.mkdir(mode=0o700)
    return own


def _take_turn(file: Path) -> bool:
    """Whether the tables are this process' until it ends, whatever program it is by then."""
    turn = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(turn)
        return False
    os.set_inheritable(turn, True)  # noqa: FBT003 - which has no name
    return True


def in_instance(state: Path, name: str, instance: str, words: Sequence[str]) -> tuple[list[str], dict[str, str], Path]:
    """The command that is a shell in an instance's folder with its environment, or runs words there, as ssh would.

    Args:
        state: The service's state folder.
        name: The cluster's name or id.
        instance: The instance's name.
        words: What to run; none for a shell to type into.

    Returns:
        The command, its environment and its folder.

    Raises:
        StateError: there is no such cluster or instance here, or the cluster is not Active.
        EngineError: Spark or Java is missing.
    """
    check(state)
    cluster = _find(state, name)
    folder = state / "clusters" / cluster.id
    known = sorted(found.instance_name for group in cluster.node_groups for found in group.instances)
    if instance not in known or not (folder / instance).is_dir():
        raise StateError(
            f"The cluster {cluster.name} has no instance '{instance}' here; there are: {', '.join(known)}."
        )
    target = _target(state, cluster, folder)
    settings = {
        **target.runtime.environment(),
        **target.environment,
        "PATH": f"{target.runtime.home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "TERM": os.environ.get("TERM", "dumb"),
    }
    shell = os.environ.get("SHELL") or "/bin/sh"
    command = [shell, "-c", " ".join(words)] if words else [shell]
    return command, environment(folder / instance, settings), folder / instance


def remote(state: Path, name: str) -> dict[str, str]:
    """The variables that make Spark's plain client use a cluster's Spark Connect server; its token is among them.

    Args:
        state: The service's state folder.
        name: The cluster's name or id.

    Raises:
        StateError: there is no such cluster, it is not Active, or it has no such server.
    """
    check(state)
    cluster = _find(state, name)
    known = cluster.engine_state or {}
    if connect.KEY in known and connect.instance(known) is None:
        raise StateError(f"The Spark Connect server of the cluster {cluster.name} has ended: {connect.AGAIN}.")
    if connect.KEY not in known:
        raise StateError(
            f"The cluster {cluster.name} has no Spark Connect server: give a node group the process connect."
        )
    return connect.variables(known, state / "clusters" / cluster.id)


def _find(state: Path, name: str) -> Cluster:
    file = state / "sahara.db"
    if not file.exists():
        raise StateError(f"There is no service's database in {state}.")
    database = Database(f"sqlite:///{file}")
    try:
        with database.session(read_only=True) as session:
            named = select(Cluster).where(or_(Cluster.name == name, Cluster.id == name))
            found = session.scalars(named.where(Cluster.plugin_name == "spark")).first()
            known = sorted(session.scalars(select(Cluster.name).where(Cluster.plugin_name == "spark")))
    finally:
        database.close()
    if found is None:
        raise StateError(f"There is no Spark cluster '{name}'; there is {', '.join(known) or 'none'}.")
    if found.status != ClusterStatus.ACTIVE:
        raise StateError(f"The cluster {found.name} is {found.status}: this needs an Active one.")
    return found


def _target(state: Path, cluster: Cluster, folder: Path) -> Target:
    spec = ClusterSpec(cluster.id, cluster.name, cluster.plugin_version, (), folder, cluster.cluster_configs)
    known, tools = cluster.engine_state or {}, state / "java"
    if isinstance(known.get("master"), str):
        return ExternalSparkEngine(known["master"], tools).target(spec, known)
    return SparkEngine(tools).target(spec, known)
