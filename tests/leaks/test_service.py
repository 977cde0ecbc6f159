"""The service: what it writes down, and what the processes that it starts for jobs can see."""

import io
import re
import stat
import time

import psutil
import pytest

from tests.local.sahara.conftest import World

KEPT = ("secret", "access key", "job secret")  # users' credentials for their data: the service must be able to use them
NODES = [
    {"name": "m", "count": 1, "flavor_id": "1", "node_processes": ["master"]},
    {"name": "w", "count": 1, "flavor_id": "1", "node_processes": ["slave"]},
]
SCRIPT = b"#!/bin/sh\nenv\nexec sleep 300\n"


@pytest.fixture(scope="module")
def used(service, marks):
    """The service after it was used with a token, a password and users' credentials."""
    session = service.session()
    marks.know("own token", session.get_token())
    sahara = service.client("2")
    sahara.data_sources.create("kept", "", "swift", "swift://c/o", "u", marks["secret"])
    sahara.job_binaries.create("kept", "swift://c/o", extra={"user": "u", "password": marks["secret"]})
    session.get(f"{service.url}/identity/v3/nowhere", raise_exc=False)
    return service


@pytest.fixture(scope="module")
def job(used, marks):
    """A job that runs on a cluster of Spark, and the processes of both."""
    world = World(used, "1.1")
    sahara, session = world.client, used.session()
    sahara.images.update_tags(world.image, ["spark", "3.5", "fake", "0.1"])
    version = next(p for p in sahara.plugins.list() if p.name == "spark").versions[0]
    sahara.images.update_tags(world.image, ["spark", version])
    cluster = sahara.clusters.create(
        "leaks", "spark", version, default_image_id=world.image, net_id=world.network, node_groups=NODES
    )
    sahara.clusters.wait(cluster.id, timeout=180)
    stored = sahara.job_binary_internals.upload("script", io.BytesIO(SCRIPT))
    binary = sahara.job_binaries.create("script", f"internal-db://{stored.id}")
    template = sahara.jobs.create("script", "Shell", mains=[binary.id])
    run = sahara.job_executions.create(template.id, cluster.id, configs={"params": {"PASSWORD": marks["job secret"]}})
    yield run
    sahara.job_executions.cancel(run.id)
    sahara.clusters.delete(cluster.id)
    sahara.clusters.wait_deleted(cluster.id, timeout=60)
    session.session.close()


def test_the_log(used, marks):
    log = used.service.settings.log
    assert re.search(r"POST \S+/data-sources ", log.read_text())
    assert marks.found_in(log.read_text()) == []


def test_the_state_folder(used, marks):
    """Passwords and tokens are hashed, but for the service's own password, in its file."""
    state = used.service.settings.state
    found = marks.found_in_files(state, *KEPT)
    assert found == {"password": ["user password"]}
    kept = marks.found_in_files(state)
    assert any("secret" in names for names in kept.values())  # the detector sees what must be there
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_processes_know_nothing_of_the_service(job, used, marks):
    folder = used.service.settings.jobs / job.id
    for _ in range(200):
        processes = psutil.Process().children(recursive=True)
        running = [p for p in processes if p.name() == "sleep"]
        if running:
            break
        time.sleep(0.1)
    assert running
    assert len(processes) >= 4  # a master, a worker, a supervisor, the job
    assert marks.found_in_processes(processes, "job secret") == {}
    # what the user gives a job it has
    assert marks.found_in((folder / "stdout").read_bytes()) == ["job secret"]
