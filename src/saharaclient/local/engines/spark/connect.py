"""The Spark Connect server of a cluster: where programs work on it that have Spark's plain client alone.

It is a Spark application like a job, and so takes cores and memory of the workers: half of the cores at most, and none
while nobody asks it anything.
"""

from __future__ import annotations

import importlib.util
import re
import secrets
import shutil
import socket
import time
from typing import TYPE_CHECKING

from saharaclient.local.engines.base import SCRATCH, Check
from saharaclient.local.engines.processes import end
from saharaclient.local.engines.runs.launch import GIVES_WAY, in_scratch, own_properties
from saharaclient.local.engines.runs.properties import write_private, write_properties
from saharaclient.local.engines.spark.daemons import Daemon, StartingDaemon, start_connect
from saharaclient.states import HealthStatus

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.engines.base import State
    from saharaclient.local.engines.runs.launch import Target

KEY = "connect"
"""Of its part of a cluster's state; its folder in the cluster's has that name too."""
TOKEN = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # noqa: S105 - the variable's name, which is Spark's own
AGAIN = "scaling the cluster, or a restart of the service, starts it anew"
_PLUGIN = "org.apache.spark.sql.connect.SparkConnectPlugin"
_PATIENCE = 180.0  # seconds until it is ready
_SERVES = re.compile(r"Spark Connect serves at port (\d+), with its page at (\S+)")
_DEFAULTS = {
    "spark.app.name": "Spark Connect",
    "spark.ui.port": "0",
    "spark.ui.killEnabled": "false",
    "spark.hadoop.fs.defaultFS": "file:///",
    # It plans, and the workers work: compiling less lets it start in half the time, and keeps it small.
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    **GIVES_WAY,
}


def start(target: Target, folder: Path, instance: str, cores: int) -> StartingDaemon:
    """Start the server on free ports.

    Args:
        target: The cluster, as jobs see it.
        folder: The cluster's folder.
        instance: The name of the server's instance.
        cores: How many the workers have.

    Raises:
        EngineError: It cannot be started.
    """
    own = folder / KEY
    own.mkdir(mode=0o700, exist_ok=True)
    shutil.rmtree(own / "warehouse", ignore_errors=True)  # files of tables that no server knows any more
    plugins = [_PLUGIN, *filter(None, [target.properties.get("spark.plugins")])]
    properties = {
        **_DEFAULTS,
        **in_scratch(folder / SCRATCH),
        "spark.cores.max": str(max(1, cores // 2)),
        # A client has pyarrow, and takes the workers' Python to have it too, which runs its functions.
        "spark.sql.execution.pythonUDF.arrow.enabled": str(importlib.util.find_spec("pyarrow") is not None).lower(),
        # Not the tables of the cluster's Hive jobs, whose catalog only one process can open at a time.
        "spark.sql.warehouse.dir": str(own / "warehouse"),
        **target.properties,
        **own_properties(target),
        "spark.plugins": ",".join(plugins),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
    }
    write_properties(own / "spark.conf", properties)
    token = own / "token"
    if not token.exists():  # clients of one that has died go on with the one that takes its place
        write_private(token, secrets.token_urlsafe(32))
    # The folder of its program holds modules whose names could be others'.
    variables = {TOKEN: token.read_text(), "PYTHONSAFEPATH": "1"}
    return start_connect(target.runtime, folder, own, instance, own / "spark.conf", variables)


def serving(starting: StartingDaemon) -> Daemon:
    """The server, once it has answered a query.

    Raises:
        EngineError: It ended, or is not ready in time; with the reason from its log.
    """
    (found,) = starting.hear(time.monotonic() + _PATIENCE, _SERVES)
    # Without TLS clients send a token to a host of this name alone.
    return Daemon(starting.process, f"sc://localhost:{found[1]}", found[2])


def instance(state: State) -> str | None:
    """The name of the instance whose server lives; None where there is none."""
    stored = state.get(KEY)
    return str(stored["instance"]) if stored and Daemon.load(stored).process.alive() else None


def without(state: State, folder: Path) -> State:
    """The state without a server, which ends if there is one."""
    if KEY not in state:
        return state
    end([Daemon.load(state[KEY]).process], folder / KEY)
    return {name: value for name, value in state.items() if name != KEY}


def check(state: State) -> list[Check]:
    """Whether a cluster's server serves; jobs run without it."""
    if KEY not in state:
        return []
    url = Daemon.load(state[KEY]).url
    if instance(state) is None:
        return [Check("Spark Connect", HealthStatus.YELLOW, f"{url} has ended: {AGAIN}.")]
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5).close()
    except OSError as error:
        return [Check("Spark Connect", HealthStatus.YELLOW, f"{url} does not take connections: {error}")]
    return [Check("Spark Connect", HealthStatus.GREEN, f"{url} takes connections.")]


def info(state: State) -> dict[str, str]:
    """What a cluster tells of its server; nothing where it has none."""
    if KEY not in state:
        return {}
    daemon = Daemon.load(state[KEY])
    page = {"Connect UI": daemon.web} if daemon.web.startswith("http") else {}  # which `spark.ui.enabled` takes away
    return {"Connect": daemon.url, **page}


def variables(state: State, folder: Path) -> dict[str, str]:
    """What makes a client use the server that there is, its token among it."""
    return {"SPARK_REMOTE": Daemon.load(state[KEY]).url, TOKEN: (folder / KEY / "token").read_text()}
