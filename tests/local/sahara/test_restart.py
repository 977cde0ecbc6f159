"""What a restart of the service makes of work that was under way: on the same state, clusters and jobs go on."""

import contextlib
import io

import pytest

from saharaclient.api import base
from saharaclient.local.sahara.records.clusters import Cluster, new_id
from saharaclient.local.sahara.records.jobs import DELETING, JobExecution
from saharaclient.local.store.database import Database
from tests.local.sahara.conftest import SOON, World
from tests.local.sahara.engines import EndlessEngine


def change(world, table, id_, **values):
    """What a service that is killed would leave in the database."""
    with world.sahara.service.database.session() as session:
        record = session.get_one(table, id_)
        for name, value in values.items():
            setattr(record, name, value)


def test_creation_starts_anew(restartable):
    with restartable(fake_delay=0.3) as sahara:
        world = World(sahara)
        cluster = world.start()
        run = world.run(cluster)
        world.client.clusters.wait(cluster.id, until="Waiting", timeout=SOON)
    with restartable() as sahara:
        world = World(sahara)
        active = world.client.clusters.wait(cluster.id, timeout=SOON)
        assert world.sizes(cluster) == {"m": (1, 1), "w": (1, 1)}
        names = [step["step_name"] for step in active.provision_progress]
        assert len(names) == len(set(names))
        assert world.runs.wait(run.id, timeout=SOON).info["status"] == "SUCCEEDED"


@pytest.mark.parametrize("count", [0, 4])
def test_scaling_goes_on(restartable, count):
    with restartable(engines={"fake": EndlessEngine()}) as sahara:
        world = World(sahara)
        cluster = world.cluster(workers=2)
        world.client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": count}]})
        world.client.clusters.wait(cluster.id, until="Scaling: Spawning", timeout=SOON)
    with restartable() as sahara:
        world = World(sahara)
        world.client.clusters.wait(cluster.id, timeout=SOON)
        assert world.sizes(cluster) == {"m": (1, 1), "w": (count, count)}
        with sahara.service.database.session(read_only=True) as session:
            assert len(session.get_one(Cluster, cluster.id).engine_state["instances"]) == 1 + count


def test_scaling_that_had_only_been_asked_for(restartable):
    with restartable() as sahara:
        world = World(sahara)
        cluster = world.cluster()
        group = world.client.clusters.get(cluster.id).node_groups[1]["id"]
        wanted = {"counts": {group: 3}, "drop": {}, "groups": []}
        change(world, Cluster, cluster.id, status="Validating", wanted=wanted)
    with restartable() as sahara:
        world = World(sahara)
        world.client.clusters.wait(cluster.id, timeout=SOON)
        assert world.sizes(cluster)["w"] == (3, 3)


def test_deletion_goes_on(restartable):
    with restartable() as sahara:
        world = World(sahara)
        cluster = world.cluster()
        change(world, Cluster, cluster.id, status="Deleting")
    with restartable() as sahara:
        World(sahara).client.clusters.wait_deleted(cluster.id, timeout=SOON)


def test_transient_cluster_whose_last_job_had_ended(restartable):
    with restartable() as sahara:
        world = World(sahara)
        unused = world.cluster(is_transient=True)
        cluster = world.cluster()
        world.runs.wait(world.run(cluster).id, timeout=SOON)
        change(world, Cluster, cluster.id, is_transient=True)
    with restartable() as sahara:
        world = World(sahara)
        world.client.clusters.wait_deleted(cluster.id, timeout=SOON)
        assert world.client.clusters.get(unused.id).status == "Active"


def test_jobs_go_on(restartable):
    """Ended ones are as they were; others are launched, followed, killed or deleted, as their records say."""
    with restartable() as sahara:
        world, url = World(sahara), sahara.service.settings.database_url
        cluster = world.cluster()
        ended = world.runs.wait(world.run(cluster).id, timeout=SOON)
        world.slow_jobs(cluster, seconds=1)
        running, pending, killed, deleted, orphan = (world.run(cluster) for _ in range(5))
    with contextlib.closing(Database(url)) as database, database.session() as session:
        session.get_one(JobExecution, pending.id).engine_state = None
        session.get_one(JobExecution, pending.id).status = "PENDING"
        session.get_one(JobExecution, killed.id).status = "TOBEKILLED"
        session.get_one(JobExecution, deleted.id).status = DELETING
        session.get_one(JobExecution, orphan.id).cluster_id = None
    with restartable() as sahara:
        world = World(sahara)
        assert world.runs.get(ended.id).to_dict() == ended.to_dict()
        assert world.runs.wait(running.id, timeout=SOON).info["status"] == "SUCCEEDED"
        assert world.runs.wait(pending.id, timeout=SOON).info["status"] == "SUCCEEDED"
        with pytest.raises(base.OperationFailed, match="KILLED"):
            world.runs.wait(killed.id, timeout=SOON)
        world.runs.wait_deleted(deleted.id, timeout=SOON)
        with pytest.raises(base.OperationFailed, match="cluster is gone"):
            world.runs.wait(orphan.id, timeout=SOON)


def test_what_nobody_knows_is_removed(restartable):
    with restartable() as sahara:
        world = World(sahara, "1.1")
        binary = world.client.job_binary_internals.upload("kept", io.BytesIO(b"content"))
        stray = [sahara.service.settings.state / "binaries" / new_id(), sahara.service.settings.jobs / new_id() / "x"]
        for path in stray:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    with restartable() as sahara:
        world = World(sahara, "1.1")
        assert world.client.job_binary_internals.get_file(binary.id) == b"content"
    assert not stray[0].exists()
    assert not stray[1].parent.exists()
