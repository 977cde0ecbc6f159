"""Runs on the fake plugin through the client: to their end, failing, cancelled, deleted."""

import threading
import time

import pytest

from saharaclient.api import base
from saharaclient.local import LocalSahara
from tests.local.sahara.conftest import SOON, World
from tests.local.sahara.engines import FullEngine, HeldEngine


@pytest.fixture(scope="module")
def quick(world):
    return world.cluster()


@pytest.fixture(scope="module")
def slow(world):
    """A cluster whose jobs take longer than any test."""
    cluster = world.cluster()
    world.slow_jobs(cluster)
    return cluster


def until_running(world, run):
    deadline = time.monotonic() + SOON
    while world.runs.get(run.id).info["status"] != "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_job_succeeds(world, quick):
    run = world.runs.wait(world.run(quick, configs={"args": ["a"]}).id, timeout=SOON)
    assert run.info["status"] == "SUCCEEDED"
    assert run.start_time <= run.end_time


def test_a_failing_job_tells_the_reason(world):
    cluster = world.cluster(general={"Fail jobs": "True"})
    with pytest.raises(base.OperationFailed, match="asked to fail"):
        world.runs.wait(world.run(cluster).id, timeout=SOON)


def test_cancel(world, slow):
    run = world.run(slow)
    until_running(world, run)
    world.runs.cancel(run.id)
    with pytest.raises(base.OperationFailed, match="KILLED"):
        world.runs.wait(run.id, timeout=SOON)
    world.runs.cancel(run.id)
    assert world.runs.get(run.id).info["status"] == "KILLED"


def test_cancel_at_once(world, slow):
    runs = [world.run(slow) for _ in range(5)]
    for run in runs:
        world.runs.cancel(run.id)
    for run in runs:
        with pytest.raises(base.OperationFailed, match="KILLED"):
            world.runs.wait(run.id, timeout=SOON)


def test_deleting_a_running_job_ends_it(world, slow):
    run = world.run(slow)
    until_running(world, run)
    folder = world.sahara.service.settings.jobs / run.id
    assert folder.is_dir()
    world.runs.delete(run.id)
    world.runs.wait_deleted(run.id, timeout=SOON)
    deadline = time.monotonic() + SOON
    while folder.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_deleting_an_ended_job(world, quick):
    run = world.run(quick)
    world.runs.wait(run.id, timeout=SOON)
    world.runs.delete(run.id)
    with pytest.raises(base.NotFound):
        world.runs.get(run.id)


def test_deleting_the_cluster_ends_its_jobs(world):
    cluster = world.cluster()
    world.slow_jobs(cluster)
    run = world.run(cluster)
    world.client.clusters.delete(cluster.id)
    world.client.clusters.wait_deleted(cluster.id, timeout=SOON)
    assert world.runs.get(run.id).info["status"] == "KILLED"


def test_more_jobs_run_at_once_than_there_are_threads(world2):
    cluster = world2.cluster()
    world2.slow_jobs(cluster, seconds=1)
    template = world2.template()
    followers = job_followers()  # other services of this process have theirs
    runs = [world2.runs.create(template.id, cluster.id) for _ in range(24)]
    began = time.monotonic()
    for run in runs:
        assert world2.runs.wait(run.id, timeout=SOON).info["status"] == "SUCCEEDED"
    assert time.monotonic() - began < 6
    assert job_followers() <= followers


def job_followers():
    return {thread for thread in threading.enumerate() if thread.name == "job-follower"}


def test_a_job_that_cannot_be_launched_tells_the_reason():
    with LocalSahara(engines={"fake": FullEngine()}) as sahara:
        world = World(sahara)
        with pytest.raises(base.OperationFailed, match="disk is full"):
            world.runs.wait(world.run(world.cluster()).id, timeout=SOON)


@pytest.mark.parametrize("call", ["submit", "cancel"])
def test_a_slow_engine_keeps_no_request_waiting(call):
    """Neither launching nor ending a run holds the database's write lock."""
    engine = HeldEngine(call, SOON)
    with LocalSahara(engines={"fake": engine}) as sahara:
        world = World(sahara)
        cluster = world.cluster()
        world.slow_jobs(cluster)
        run = world.run(cluster)
        if call == "cancel":
            until_running(world, run)
            world.runs.delete(run.id)
        assert engine.entered.wait(SOON)
        began = time.monotonic()
        world.template()
        assert time.monotonic() - began < 5
        engine.go.set()
        if call == "submit":
            world.runs.delete(run.id)
        world.runs.wait_deleted(run.id, timeout=SOON)
