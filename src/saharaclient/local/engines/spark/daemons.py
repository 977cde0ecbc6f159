"""Spark's daemons on this machine, master and worker among them: started on ports of the system's choice.

Which daemons make a cluster is `spark`'s; how a process is kept track of is `processes`'.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import requests

from saharaclient.local.engines.base import SCRATCH, EngineError
from saharaclient.local.engines.java import quoted, temporary_files_in
from saharaclient.local.engines.processes import ProcessRecord, environment, spawn
from saharaclient.local.engines.runs.logs import failure_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from saharaclient.local.engines.runtime import SparkRuntime

# Compiling less and collecting plainly lets a daemon that only keeps the books start sooner, in little memory.
# Spark 4 would take jobs by HTTP too, at a fixed port and from anybody: it asks for no secret there.
_DAEMON_OPTIONS = {
    "SPARK_DAEMON_MEMORY": "256m",
    "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dspark.master.rest.enabled=false",
}
# What executors were sent, a job's jars among it, would stay in their worker's folder, with their logs.
CLEANUP = {"enabled": "true", "interval": "600", "appDataTtl": "3600"}  # seconds; of applications that have ended
_URL = re.compile(r"Starting Spark (?:master at|worker) (\S+)")
WEB = re.compile(r"Bound (?:\w+WebUI|HistoryServer) to .+ started at \w+://\S+:(\d+)")
"""How a daemon's log tells its web page's port."""
_READY = re.compile(r"New state: ALIVE|Successfully registered with master")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running master or worker.

    Args:
        process: Which process it is.
        url: Where it speaks with the others: ``spark://host:port`` of a master, ``host:port`` of a worker.
        web: Its web page's URL.
    """

    process: ProcessRecord
    url: str
    web: str

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """The daemon that `dump` wrote."""
        return cls(ProcessRecord.load(stored["process"]), stored["url"], stored["web"])

    def dump(self) -> dict[str, Any]:
        """JSON-able."""
        return {"process": self.process.dump(), "url": self.url, "web": self.web}


@dataclass(frozen=True, slots=True)
class StartingDaemon:
    """A daemon that was started and has not said yet that it is ready."""

    name: str
    process: ProcessRecord
    log: Path
    log_start: int

    def wait(self, deadline: float) -> Daemon:
        """The master or worker, once it is ready; arguments and errors are those of `hear`."""
        _, url, web = self.hear(deadline, _READY, _URL, WEB)
        return Daemon(self.process, url[1], f"http://127.0.0.1:{web[1]}")

    def hear(self, deadline: float, *words: re.Pattern[str]) -> list[re.Match[str]]:
        """What a daemon says once it is ready.

        Args:
            deadline: Until when, on the monotonic clock.
            words: All that its log then holds.

        Raises:
            EngineError: It ended, or is not ready by then; with the reason from its log.
        """
        while True:
            # Asked before its log is read, so that the last words of one that ends are read too.
            alive = self.process.alive()
            with self.log.open("rb") as log:
                log.seek(self.log_start)
                text = log.read().decode(errors="replace")
            heard = [found for word in words if (found := word.search(text))]
            if alive and len(heard) == len(words):
                return heard
            if not alive:
                raise EngineError(f"{self.name} ended at its start: {failure_in(text)}")
            if time.monotonic() > deadline:
                raise EngineError(f"{self.name} did not become ready in time: {failure_in(text)}")
            time.sleep(0.05)


def start_master(runtime: SparkRuntime, folder: Path, instance: str, suffix: str) -> StartingDaemon:
    """Start a cluster's master on free ports.

    Args:
        runtime: Spark and Java.
        folder: The cluster's folder.
        instance: The name of the master's instance.
        suffix: What ends the ids of its applications: two masters would give the same id within a second.

    Raises:
        EngineError: It cannot be started.
    """
    return _start(runtime, folder, instance, "master.Master", [], f"-Dspark.deploy.appIdPattern=app-%s-%04d-{suffix}")


def start_worker(
    runtime: SparkRuntime, folder: Path, instance: str, master: Daemon, *, cores: int, memory_mib: int
) -> StartingDaemon:
    """Start a worker on free ports.

    Raises:
        EngineError: It cannot be started.
    """
    size = ["--cores", str(cores), "--memory", f"{memory_mib}M", "--work-dir", str(folder / instance)]
    cleanup = " ".join(f"-Dspark.worker.cleanup.{name}={value}" for name, value in CLEANUP.items())
    return _start(runtime, folder, instance, "worker.Worker", [*size, master.url], cleanup)


def start_history(runtime: SparkRuntime, folder: Path, properties: Path) -> StartingDaemon:
    """Start a history server.

    Args:
        runtime: Spark and Java.
        folder: Its folder, and its mark.
        properties: A file of its Spark properties.

    Raises:
        EngineError: It cannot be started.
    """
    arguments = ["history.HistoryServer", "--properties-file", str(properties)]
    return _spawn(runtime, folder, folder, "Spark history server", folder / "history.log", arguments)


def start_connect(
    runtime: SparkRuntime, folder: Path, owner: Path, instance: str, properties: Path, variables: Mapping[str, str]
) -> StartingDaemon:
    """Start a Spark Connect server.

    Args:
        runtime: Spark and Java.
        folder: The cluster's folder.
        owner: The server's own, and its mark.
        instance: The name of its instance.
        properties: A file of its Spark properties.
        variables: Its environment's, with its secret: a command line can be read by every user of the machine.

    Raises:
        EngineError: It cannot be started.
    """
    program = Path(__file__).with_name("connect_server.py")
    arguments = ["SparkSubmit", "--properties-file", str(properties), str(program)]
    log = folder / "logs" / f"{instance}-connect.log"
    return _spawn(runtime, folder, owner, f"Spark Connect on {instance}", log, arguments, variables=variables)


def _start(
    runtime: SparkRuntime, folder: Path, instance: str, kind: str, arguments: list[str], options: str = ""
) -> StartingDaemon:
    role = kind.partition(".")[0]
    command = [kind, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", *arguments]
    log = folder / "logs" / f"{instance}-{role}.log"
    return _spawn(runtime, folder, folder / instance, f"Spark {role} on {instance}", log, command, options)


def _spawn(
    runtime: SparkRuntime,
    folder: Path,
    owner: Path,
    name: str,
    log: Path,
    command: list[str],
    options: str = "",
    variables: Mapping[str, str] | None = None,
) -> StartingDaemon:
    scratch = folder / SCRATCH
    settings = {**runtime.environment(), **_DAEMON_OPTIONS, **(variables or {})}
    settings |= {"SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_DIRS": str(scratch)}
    kind, *arguments = command
    try:
        scratch.mkdir(mode=0o700, exist_ok=True)
        settings["SPARK_DAEMON_JAVA_OPTS"] += f" {quoted(temporary_files_in(scratch))} {options}"
        log_start = log.stat().st_size if log.exists() else 0
        process = spawn(
            [str(runtime.home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", *arguments],
            environment=environment(owner, settings),
            folder=folder,
            log=log,
        )
    except OSError as error:
        raise EngineError(f"{name} cannot be started: {error}") from error
    return StartingDaemon(name, process, log, log_start)


def ask_master(master: Daemon, *, timeout: float = 5.0) -> dict[str, Any]:
    """What the master says of itself and its workers.

    Args:
        master: The master.
        timeout: Seconds to wait for its answer.

    Raises:
        EngineError: It doesn't answer.
    """
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the environment has no business on the loopback interface
            reply = session.get(f"{master.web}/json/", timeout=timeout)
            reply.raise_for_status()
            told: dict[str, Any] = reply.json()
    except (requests.RequestException, ValueError) as error:
        raise EngineError(f"The Spark master {master.url} does not answer: {error}") from error
    return told


def alive_workers(told: Mapping[str, Any]) -> set[str]:
    """``host:port`` of the workers that the master calls alive."""
    return {f"{worker['host']}:{worker['port']}" for worker in told.get("workers", ()) if worker["state"] == "ALIVE"}
