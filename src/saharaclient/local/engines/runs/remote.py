"""Submits a job whose driver is elsewhere, in a pod of Kubernetes or a container of YARN; a program of its own.

``python remote.py submit JAVA PROPERTIES COMMAND…`` runs a spark-submit, brings here what the driver prints while it
runs, and ends as the driver did; ``python remote.py kill JAVA PROPERTIES`` ends that driver. How a cluster is reached
is known to its own clients, which come with Spark: they read ``KUBECONFIG`` and ``HADOOP_CONF_DIR``.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway  # type: ignore[import-untyped]
from py4j.protocol import Py4JError  # type: ignore[import-untyped]

from saharaclient.local.engines.runs.drivers import PLACE, Container, Driver, Gone, Pod
from saharaclient.local.engines.runs.logs import failure_in
from saharaclient.local.engines.runs.properties import read_properties
from saharaclient.local.engines.runs.supervisor import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAUSE = 1.0  # seconds between looks at what the driver prints
SHARE, LONGEST = 3, 15.0  # a look that takes long is followed by a pause so many times as long, and at most so long
PATIENCE = 30.0  # seconds in which the end of what it printed must be had, once it has ended
T = TypeVar("T")
_TROUBLE = (Py4JError, OSError)


def main(what: str, java: str, file: str, *command: str) -> int:
    """Submit a job or kill its driver; the exit status."""
    properties = Path(file)
    conf = read_properties(properties)
    kind = Container if conf["spark.master"] == "yarn" else Pod
    if what == "kill":
        with _jvm(java) as jvm:
            kind(jvm, conf).kill()
        return 0
    with subprocess.Popen(command) as submission, _jvm(java) as jvm:  # noqa: S603 - the service wrote it
        return _follow(submission, kind(jvm, conf), properties.parent)


def _follow(submission: subprocess.Popen[bytes], driver: Driver, folder: Path) -> int:
    """Bring what the driver prints until it has ended; its exit status."""
    taken = Counter[str]()
    while not _ended(submission, PAUSE):
        began = time.monotonic()
        with contextlib.suppress(Gone, *_TROUBLE):  # there is none yet, or the cluster does not answer just now
            _bring(driver, folder, taken)
        if _ended(submission, min((time.monotonic() - began) * SHARE, LONGEST)):
            break
    said, why = _patiently(lambda: _bring(driver, folder, taken))
    if said is None:
        sys.stderr.write(f"WARN: The end of what the driver printed is not to be had: {why}\n")
    if submission.returncode:
        code: int | None = submission.returncode
    else:
        code, why = _patiently(driver.exit_status)
    if code != 0:  # spark-submit has said that it failed, and not why
        sys.stderr.write(f"Error: {failure_in(said) if said else why}\n")
    return 1 if code is None else code


def _patiently(call: Callable[[], T]) -> tuple[T | None, str]:
    """What a call returns, as soon as the cluster answers; None, and the reason, if it does not in time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call(), ""
        except Gone as error:
            return None, str(error)
        except _TROUBLE as error:
            exception = getattr(error, "java_exception", None)
            why = str(exception.toString() if exception is not None else error)
        if time.monotonic() > deadline:
            return None, why
        time.sleep(PAUSE)


def _bring(driver: Driver, folder: Path, taken: Counter[str]) -> str:
    """Write what is new of the driver's output to that of this program; the whole of it."""
    if not (folder / PLACE).exists() and (place := driver.place()):
        write(folder / PLACE, place)
    printed = driver.output()
    for stream, content in printed.items():
        log = f"{driver.attempt} {stream}"
        if len(content) < taken[log]:  # it was rotated: it begins anew
            taken[log] = 0
        file = getattr(sys, stream).buffer
        file.write(content[taken[log] :])
        file.flush()
        taken[log] = len(content)
    return "\n".join(printed[stream].decode(errors="replace") for stream in sorted(printed, reverse=True))


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    return process.returncode is not None


@contextlib.contextmanager
def _jvm(java: str) -> Iterator[Any]:
    """The clients of clusters that come with Spark."""
    folders = [os.environ[name] for name in ("HADOOP_CONF_DIR", "YARN_CONF_DIR") if name in os.environ]
    port, token = launch_gateway(
        classpath=os.pathsep.join([*folders, f"{os.environ['SPARK_HOME']}/jars/*"]),
        java_path=java,
        javaopts=["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
        die_on_exit=True,
        enable_auth=True,
    )
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token, auto_convert=True))
    try:
        yield gateway.jvm
    finally:
        gateway.shutdown()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
