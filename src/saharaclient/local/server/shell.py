"""Spark's own shells on a cluster of the service, with everything set: where it is, its secret, its tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from saharaclient.local.engines.base import ClusterSpec
from saharaclient.local.engines.processes import environment
from saharaclient.local.engines.runs.launch import own_properties, tables
from saharaclient.local.engines.runs.properties import write_properties
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.server.state_folder import StateError
from saharaclient.local.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from saharaclient.local.engines.runs.launch import Target


def prepared(state: Path, name: str, program: str, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The command that is a shell on a cluster, and its environment.

    Args:
        state: The service's state folder.
        name: The cluster's name or id.
        program: A program of Spark's, such as ``pyspark``.
        arguments: Further ones for it.

    Raises:
        StateError: there is no such cluster, or it is not Active.
        EngineError: Spark or Java is missing.
    """
    cluster = _find(state, name)
    folder = state / "clusters" / cluster.id
    target = _target(state, cluster, folder)
    own = folder / "shell"
    for part in ("conf", "scratch"):
        (own / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    defaults = {"spark.app.name": f"{program} of sahara-local", "spark.ui.port": "0", "spark.ui.killEnabled": "false"}
    if target.local:
        defaults |= {"spark.hadoop.fs.defaultFS": "file:///"}
    properties = own / "spark.conf"
    write_properties(properties, {**defaults, **target.properties, **tables(target), **own_properties(target)})
    settings = {
        **target.runtime.environment(),
        **target.environment,
        "SPARK_CONF_DIR": str(own / "conf"),
        "SPARK_LOCAL_DIRS": str(own / "scratch"),
        "TERM": os.environ.get("TERM", "dumb"),
    }
    command = [str(target.runtime.home / "bin" / program), "--properties-file", str(properties), *arguments]
    return command, environment(own, settings)  # its mark: with the cluster the shell ends


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
    if found.status != "Active":
        raise StateError(f"The cluster {found.name} is {found.status}: a shell needs an Active one.")
    return found


def _target(state: Path, cluster: Cluster, folder: Path) -> Target:
    spec = ClusterSpec(cluster.id, cluster.name, cluster.plugin_version, (), folder, cluster.cluster_configs)
    known, tools = cluster.engine_state or {}, state / "java"
    if isinstance(known.get("master"), str):
        return ExternalSparkEngine(known["master"], tools).target(spec, known)
    return SparkEngine(tools).target(spec, known)
