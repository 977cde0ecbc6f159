"""Clusters of the fake plugin through the client: created, scaled, deleted, and what goes wrong on the way."""

import time

import pytest

from saharaclient.api import base
from saharaclient.local.sahara.records.clusters import Cluster
from tests.local.sahara.conftest import SOON


def test_a_cluster_lives(world):
    seen = []
    cluster = world.start()
    cluster = world.client.clusters.wait(cluster.id, timeout=SOON, on_progress=lambda c: seen.append(c.status))
    assert seen[-1] == "Active"
    assert all(step["successful"] for step in cluster.provision_progress)
    assert world.client.clusters.wait_verified(cluster.id, timeout=SOON).verification["status"] == "GREEN"
    world.client.clusters.delete(cluster.id)
    world.client.clusters.wait_deleted(cluster.id, timeout=SOON)
    with pytest.raises(base.NotFound):
        world.client.clusters.get(cluster.id)


def test_scaling_up_down_and_by_name(world):
    cluster = world.cluster(workers=2)
    added = {"name": "x", "count": 1, "flavor_id": "1", "node_processes": ["datanode"]}
    world.client.clusters.scale(
        cluster.id, {"resize_node_groups": [{"name": "w", "count": 3}], "add_node_groups": [added]}
    )
    world.client.clusters.wait(cluster.id, timeout=SOON)
    assert world.sizes(cluster) == {"m": (1, 1), "w": (3, 3), "x": (1, 1)}
    workers = world.client.clusters.get(cluster.id).node_groups[1]["instances"]
    first = workers[0]["instance_name"]
    shrink = {"name": "w", "count": 2}
    if world.version == "2":
        shrink["instances"] = [first]
    world.client.clusters.scale(cluster.id, {"resize_node_groups": [shrink]})
    world.client.clusters.wait(cluster.id, timeout=SOON)
    assert world.sizes(cluster)["w"] == (2, 2)
    left = [one["instance_name"] for one in world.client.clusters.get(cluster.id).node_groups[1]["instances"]]
    assert (first in left) == (world.version == "1.1")
    world.client.clusters.delete(cluster.id)


@pytest.mark.parametrize("count", [0, 3])
def test_failed_scaling_leaves_the_cluster_as_it_was(world, count):
    cluster = world.cluster(workers=2, general={"Fail at": "Scaling"})
    added = {"name": "x", "count": 1, "flavor_id": "1", "node_processes": ["datanode"]}
    world.client.clusters.scale(
        cluster.id, {"resize_node_groups": [{"name": "w", "count": count}], "add_node_groups": [added]}
    )
    with pytest.raises(base.OperationFailed, match="asked to fail at Scaling"):
        world.client.clusters.wait(cluster.id, timeout=SOON)
    after = world.client.clusters.get(cluster.id)
    assert after.status == "Active"
    assert after.status_description.startswith("Scaling cluster failed for the following reason(s): ")
    assert world.sizes(cluster) == {"m": (1, 1), "w": (2, 2)}
    assert [one["instance_name"] for group in after.node_groups for one in group["instances"]] == [
        one["instance_name"] for group in cluster.node_groups for one in group["instances"]
    ]


def test_scaling_after_a_failed_one_clears_the_reason(world2):
    cluster = world2.cluster()
    with world2.sahara.service.database.session() as session:
        session.get_one(Cluster, cluster.id).status_description = "an old failure"
    world2.client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 2}]})
    assert world2.client.clusters.wait(cluster.id, timeout=SOON).status_description == ""


@pytest.mark.parametrize("state", ["Spawning", "Preparing", "Starting"])
def test_failed_creation_ends_in_error_with_the_reason(world, state):
    cluster = world.start(general={"Fail at": state})
    waiting = world.run(cluster)
    with pytest.raises(base.OperationFailed, match=f"Creating cluster failed .*fail at {state}"):
        world.client.clusters.wait(cluster.id, timeout=SOON)
    with pytest.raises(base.OperationFailed, match="is in Error: Creating cluster failed"):
        world.runs.wait(waiting.id, timeout=SOON)
    if state != "Starting":
        steps = world.client.clusters.get(cluster.id, show_progress=True).provision_progress
        assert steps[-1]["successful"] is False
        assert "Asked to fail" in steps[-1]["events"][-1]["event_info"]
    world.client.clusters.delete(cluster.id)
    world.client.clusters.wait_deleted(cluster.id, timeout=SOON)


def test_deleting_does_not_wait_for_a_slow_start(world2):
    cluster = world2.start(general={"State delay": "600"})
    world2.client.clusters.wait(cluster.id, until="Spawning", timeout=SOON)
    began = time.monotonic()
    world2.client.clusters.delete(cluster.id)
    world2.client.clusters.wait_deleted(cluster.id, timeout=SOON)
    assert time.monotonic() - began < SOON / 2


def test_many_slow_clusters_do_not_keep_others_waiting(world2):
    slow = [world2.start(general={"State delay": "600"}) for _ in range(8)]
    for cluster in slow:  # tasks that wait for their cluster's turn hold no thread
        world2.client.clusters.delete(cluster.id)
    assert world2.cluster().status == "Active"
    for cluster in slow:
        world2.client.clusters.wait_deleted(cluster.id, timeout=SOON)


def test_transient_cluster_goes_after_its_last_job(world):
    cluster = world.start(is_transient=True, general={"State delay": "0.05"})
    runs = [world.run(cluster) for _ in range(2)]  # they wait for the cluster
    for run in runs:
        assert world.runs.wait(run.id, timeout=SOON).info["status"] == "SUCCEEDED"
    world.client.clusters.wait_deleted(cluster.id, timeout=SOON)
    for run in runs:
        assert world.runs.get(run.id).cluster_id is None


def test_transient_cluster_goes_when_its_last_job_is_deleted(world2):
    cluster = world2.cluster(is_transient=True)
    world2.slow_jobs(cluster)
    world2.runs.delete(world2.run(cluster).id)
    world2.client.clusters.wait_deleted(cluster.id, timeout=SOON)


def test_verification_is_done_anew(world):
    cluster = world.cluster()
    before = world.client.clusters.wait_verified(cluster.id, timeout=SOON).verification
    world.client.clusters.verification_update(cluster.id, "START")
    after = world.client.clusters.wait_verified(cluster.id, timeout=SOON).verification
    assert after["status"] == "GREEN"
    assert after["id"] != before["id"]
