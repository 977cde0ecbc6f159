"""`sahara-local status`, `stop` and `reset`: what is there, and its end, whatever the service is doing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from saharaclient.local import LocalSahara
from saharaclient.local.engines.processes import environment, running, spawn
from saharaclient.local.server import upkeep

COMMAND = Path(sys.executable).with_name("sahara-local")


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def service(state):
    """A service in a process of its own."""
    with subprocess.Popen(
        [COMMAND, "serve", "--state", state, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout.readline().startswith("Sahara runs at")
        yield process
        process.kill()


def run(*words, status=0):
    done = subprocess.run(
        [COMMAND, *words], capture_output=True, text=True, timeout=600, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def started_for(state, *owner):
    """A process as the service starts it for a cluster or a job."""
    folder = state.resolve().joinpath(*owner)
    folder.mkdir(parents=True, exist_ok=True)
    return spawn(["sleep", "300"], environment=environment(folder, {}), folder=folder, log=folder / "log")


def test_prepare_says_what_there_is_and_why_there_is_nothing(tmp_path):
    run("prepare")  # `make archive` has made it in most cases
    told = run("prepare")
    assert told.endswith(".jsa is there.\n")
    assert os.environ["SAHARA_LOCAL_CACHE"] in told
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(tmp_path))
        assert "holds no Spark" in run("prepare", status=1)
    with pytest.MonkeyPatch.context() as patch:
        (tmp_path / "file").touch()
        patch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path / "file"))
        assert "was not made" in run("prepare", status=1)
        (tmp_path / "open").mkdir()
        (tmp_path / "open").chmod(0o777)
        patch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path / "open"))
        assert "a cache that nobody else can write" in run("prepare", status=1)


@pytest.mark.parametrize("words", [["env", "--wait"], ["prepare"]])
def test_an_interrupted_command_leaves_no_traceback(state, tmp_path, monkeypatch, words):
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path / "cache"))
    folder = ["--state", state] if words[0] == "env" else []
    with subprocess.Popen(
        [COMMAND, *words, *folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as it:
        time.sleep(5)
        it.send_signal(signal.SIGINT)
        told, _ = it.communicate(timeout=60)
    assert (it.returncode, told) == (130, "")
    assert running(tmp_path) == 0


def test_stop_ends_the_service_and_with_clusters_what_it_started(state, service):
    process = started_for(state, "clusters", "1")
    told = run("stop", "--state", state)
    assert f"(process {service.pid}) has stopped" in told
    assert "1 processes of clusters and jobs run on" in told
    assert service.wait(10) == 0
    assert process.alive()
    told = run("stop", "--state", state, "--clusters")
    assert "No service runs" in told
    assert "have ended" in told
    assert not process.alive()
    assert "No service runs" in run("stop", "--state", state, "--clusters")


def test_a_service_that_hangs_is_killed(state, service, monkeypatch):
    service.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(upkeep, "STOP_SECONDS", 1.0)
    assert "has stopped" in upkeep.stop(state, clusters=False)
    assert service.wait(10) == -signal.SIGKILL


def test_reset_leaves_nothing(state, service):
    process = started_for(state, "clusters", "1")
    assert "give --yes" in run("reset", "--state", state, status=2)
    assert service.poll() is None
    assert f"{state} is gone" in run("reset", "--state", state, "--yes")
    assert not process.alive()
    assert not state.exists()
    assert "is not there" in run("reset", "--state", state, "--yes")


def test_reset_of_what_is_not_the_services_is_refused(tmp_path):
    (tmp_path / "mine").write_text("precious")
    assert "not this service's" in run("reset", "--state", tmp_path, "--yes", status=1)
    assert (tmp_path / "mine").exists()


def test_status_before_while_and_after(state):
    assert f"{state} is not there" in run("status", "--state", state)
    with LocalSahara(state=state) as sahara:
        client = sahara.client("2")
        image, flavor, network = sahara.image("fake"), sahara.flavor("m1.small"), sahara.network("private")
        groups = [
            {"name": "m", "count": 1, "flavor_id": flavor, "node_processes": ["namenode", "jobtracker"]},
            {"name": "w", "count": 1, "flavor_id": flavor, "node_processes": ["datanode", "tasktracker"]},
        ]
        made = client.clusters.create("mine", "fake", "0.1", default_image_id=image, net_id=network, node_groups=groups)
        client.clusters.wait(made.id, timeout=60)
        process = started_for(state, "jobs", "some-run")
        told = run("status", "--state", state)
        for expected in (
            sahara.url,
            f"process {os.getpid()}",
            "mine (fake 0.1, Active)",
            "1 of jobs/some-run",
            "Memory:",
        ):
            assert expected in told
    told = run("status", "--state", state)
    assert "does not run" in told
    assert "mine (fake 0.1, Active)" in told
    upkeep.stop(state.resolve(), clusters=True)
    assert not process.alive()


def test_what_nobody_knows_is_ended_at_the_start(state):
    """The folder was removed while something ran for it."""
    with LocalSahara(state=state):
        pass
    orphans = [
        started_for(state, "clusters", "gone", "worker"),
        started_for(state, "jobs", "gone"),
        started_for(state, "history"),
    ]
    shutil.rmtree(state)
    other = started_for(state.parent / "other", "clusters", "1")
    with LocalSahara(state=state):
        deadline = time.monotonic() + 10
        while any(orphan.alive() for orphan in orphans):
            assert time.monotonic() < deadline
        assert other.alive()
    upkeep.stop((state.parent / "other").resolve(), clusters=True)
    assert running(state.parent) == 0


def test_a_shell_on_what_there_is_not_says_so(state):
    assert "no service's database" in run("shell", "any", "--state", state, status=1)
    with LocalSahara(state=state):
        pass
    for command in ("shell", "connect"):
        assert "There is no Spark cluster 'any'; there is none." in run(command, "any", "--state", state, status=1)
