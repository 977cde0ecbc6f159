"""`sahara-local run`: a program of one's own on a Spark of this machine, with all that it needs brought up first.

The service runs on by itself, and its cluster with it, so that the next run begins at once.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keystoneauth1.exceptions import ClientException

from saharaclient.api import base
from saharaclient.client import Client
from saharaclient.local import needs
from saharaclient.local.login import cloud, environment, session_of
from saharaclient.local.server import state_folder
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_START_SECONDS = 60.0  # for the service to answer
_CLUSTER_SECONDS = 300.0  # for the cluster to be Active
_LOOK_SECONDS = 2.0  # between two looks whether the service is there
_AWAY_SECONDS = 60.0  # for it to come back
_TOLD_SECONDS = 1.0  # for the command to end that was interrupted with this one
_GROUPS = [{"name": "node", "count": 1, "node_processes": ["master", "slave"]}]
_ENDING = (ClusterStatus.ERROR, ClusterStatus.DELETING)
_FAILED = 3  # the exit status where a job or its cluster failed
_FLAVOR, _NETWORK = "m1.medium", "private"
_SERVE = "import sys; from saharaclient.local import main; sys.exit(main())"
_JOB = "import sys; from saharaclient.osc.program import main; sys.exit(main())"


@dataclass(frozen=True)
class Program:
    """What shall run.

    Args:
        file: The program: a `.py` file, an archive or a script, as `job run` takes it.
        arguments: Its arguments.
        options: Further options of `job run`.
    """

    file: str
    arguments: Sequence[str]
    options: Sequence[str] = ()


def run(state: Path, cluster: str, program: Program, *, keep: bool = True) -> int:
    """Brings up what a program needs, and runs it.

    Args:
        state: The state folder; a service is started on it where none runs.
        cluster: Name of the cluster; it is made where there is none.
        program: What shall run.
        keep: Whether service and cluster, if they were made for this, stay for the next run.

    Returns:
        The exit status of `job run`: 0 where the program succeeded, 3 where it failed.

    Raises:
        StateError: if the service does not start.
    """
    if importlib.util.find_spec("osc_lib") is None:
        _tell("sahara-local run needs the commands: pip install 'python-saharaclient[cli,local]>=5'")
        return 1
    if not Path(program.file).is_file():
        _tell(f"{program.file}: there is no such file")
        return 1
    started = _start(state)
    running, password = state_folder.find_running(state)
    sahara = Client("2", session=session_of(cloud(running, password)))
    made, there = False, True
    try:
        made = _bring_up(sahara, cluster)
        status = _run_job(cluster, program, environment(running, password), _Presence(state, running.url))
        if status == _FAILED:
            _tell_of_paths(program)
    except (state_folder.StateError, ClientException) as error:
        _tell(str(error))
        status, there = 1, False
    except base.APIException as error:
        _tell(f"the cluster {cluster}: {error}")
        status = _FAILED if isinstance(error, base.OperationFailed) else 1
    except KeyboardInterrupt:
        status = 130
    finally:
        if there and not keep:
            _take_down(sahara, cluster if made else None, started)
    if there and keep:
        _tell(f"Service and cluster {cluster!r} stay for the next run; `sahara-local stop --clusters` ends them.")
    return status


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command's own output


def _start(state: Path) -> subprocess.Popen[bytes] | None:
    """A service that outlives this command, where none runs yet."""
    try:
        state_folder.find_running(state)
        return None
    except state_folder.StateError:
        pass
    _tell("Starting the service …")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, and no shell
            [sys.executable, "-c", _SERVE, "serve", "--port", "0", "--state", str(state)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            ended = process.poll() is not None
            try:
                state_folder.find_running(state)
                return None if ended else process
            except state_folder.StateError:
                beaten = ended and state_folder.holder(state)  # another one was faster, and will tell where it is
                if (ended and not beaten) or time.monotonic() > deadline:
                    process.kill()
                    errors.seek(0)
                    reason = errors.read().decode(errors="replace").strip() or f"no answer in {_START_SECONDS:.0f} s"
                    raise state_folder.StateError(f"the service does not start: {reason}") from None
            time.sleep(0.1)


def _bring_up(sahara: Any, name: str) -> bool:
    """A cluster that jobs can run on; whether it was made for that."""
    version = sahara.plugins.get("spark").versions[0]
    found = sahara.clusters.find(name=name)
    if found and (found[0].status in _ENDING or found[0].plugin_version != version):
        _tell(f"The cluster {name!r} cannot run jobs any more, it is made anew …")
        _delete(sahara, found[0])
        found = []
    if not found:
        _tell(f"Making the cluster {name!r}: Spark {version} …")
        _create(sahara, name, version)
    cluster = sahara.clusters.find_unique(name=name)
    sahara.clusters.wait(cluster.id, timeout=_CLUSTER_SECONDS)
    return not found


def _create(sahara: Any, name: str, version: str) -> None:
    session = sahara.clusters.api.session
    flavor = needs.flavor(session, _FLAVOR)
    try:
        sahara.clusters.create(
            name,
            "spark",
            version,
            default_image_id=needs.image(session, "spark", version),
            net_id=needs.network(session, _NETWORK),
            node_groups=[{**group, "flavor_id": flavor} for group in _GROUPS],
        )
    except base.NameAlreadyExists:
        return  # another run was faster, and has made it


class _Presence:
    """Whether the service is still where a command looks for it, which would go on looking for an hour."""

    def __init__(self, state: Path, url: str) -> None:
        self._state, self._url, self._seen = state, url, time.monotonic()

    def check(self) -> None:
        """Looks.

        Raises:
            StateError: it has been away for too long to come back, or is elsewhere.
        """
        try:
            running, _ = state_folder.find_running(self._state)
        except state_folder.StateError:
            if time.monotonic() - self._seen > _AWAY_SECONDS:
                raise state_folder.StateError(
                    "The service has ended. The job goes on, and the next start of the service takes it up again."
                ) from None
            return
        if running.url != self._url:
            raise state_folder.StateError(
                "The service was started again, at another address. The job goes on: `sahara-local status`."
            )
        self._seen = time.monotonic()


def _run_job(cluster: str, program: Program, variables: Mapping[str, str], service: _Presence) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".json", prefix="sahara-run-") as body:
        json.dump({"configs": {}, "args": list(program.arguments)}, body)
        body.flush()
        command = ["job", "run", program.file, "--cluster", cluster, "--config-json", body.name, *program.options]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        with subprocess.Popen([sys.executable, "-c", _JOB, *command], env={**inherited, **variables}) as process:  # noqa: S603
            try:
                return _wait(process, service)
            except state_folder.StateError:
                process.terminate()
                raise


def _tell_of_paths(program: Program) -> None:
    """Files that the program was given as they are called here may be why it failed."""
    for argument in program.arguments:
        if argument and not Path(argument).is_absolute() and Path(argument).exists():
            _tell(f"{argument!r} is here, not in the folder that the program runs in: give {Path.cwd() / argument}")


def _wait(process: subprocess.Popen[bytes], service: _Presence) -> int:
    """The exit status of a command that decides itself what an interruption means: it may ask about the job."""
    while True:
        try:
            return process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            service.check()
        except KeyboardInterrupt:  # which a terminal tells the command too; others may have told this process alone
            if not sys.stdin.isatty():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.wait(_TOLD_SECONDS)
                process.send_signal(signal.SIGINT)


def _take_down(sahara: Any, cluster: str | None, service: subprocess.Popen[bytes] | None) -> None:
    if cluster:
        for found in sahara.clusters.find(name=cluster):
            _delete(sahara, found)
    if service:
        service.terminate()
        service.wait()


def _delete(sahara: Any, cluster: Any) -> None:
    """Deletes a cluster, which somebody else may do at the same moment; returns once it is gone."""
    with contextlib.suppress(base.NotFound):
        sahara.clusters.delete(cluster.id)
    sahara.clusters.wait_deleted(cluster.id, timeout=_CLUSTER_SECONDS)
