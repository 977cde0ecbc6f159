"""Clusters of a version of their plugin that is gone, and clusters whose processes die."""

import time

import pytest

from saharaclient.api import base
from saharaclient.local.sahara.records.clusters import Cluster, NodeGroupTemplate
from tests.local.sahara.conftest import SOON, World
from tests.local.sahara.engines import MortalEngine


def make_old(sahara, *ids):
    """What an upgrade of Spark leaves: records of a version that is gone."""
    with sahara.service.database.session() as session:
        for id_ in ids:
            record = session.get(Cluster, id_) or session.get(NodeGroupTemplate, id_)
            record.plugin_version = "0.0.9"


@pytest.fixture
def old(restartable):
    """A cluster, its template and a job template, of an earlier version."""
    with restartable() as sahara:
        world = World(sahara)
        cluster, job = world.cluster(), world.template()
        group = world.client.node_group_templates.create(
            "group", "fake", "0.1", flavor_id="1", node_processes=["datanode"]
        )
        make_old(sahara, cluster.id, group.id)
    return cluster, group, job


def until(world, cluster, status):
    deadline = time.monotonic() + SOON
    while (found := world.client.clusters.get(cluster.id)).status != status:
        assert time.monotonic() < deadline, found.status
        time.sleep(0.05)
    return found


def test_a_cluster_of_another_version_says_so_and_can_be_deleted(restartable, old):
    cluster, _, job = old
    for _ in range(2):
        with restartable() as sahara:
            world = World(sahara)
            found = until(world, cluster, "Error")
            assert "was made with" in found.status_description
            assert "0.0.9, and here is 0.1 now: start the service with --upgrade-clusters" in found.status_description
            with pytest.raises(base.InvalidReference, match="version 0.0.9.*not here any more.*--upgrade-clusters"):
                world.runs.create(job.id, cluster.id)
    with restartable() as sahara:
        world = World(sahara)
        world.client.clusters.delete(cluster.id)
        world.client.clusters.wait_deleted(cluster.id, timeout=SOON)


@pytest.mark.parametrize("first_without", [False, True])
def test_a_cluster_is_brought_up_on_the_present_version(restartable, old, first_without):
    cluster, group, job = old
    if first_without:
        with restartable() as sahara:
            until(World(sahara), cluster, "Error")
    for upgrade in (True, False):
        with restartable(upgrade_clusters=upgrade) as sahara:
            world = World(sahara)
            found = until(world, cluster, "Active")
            assert (found.name, found.plugin_version, found.status_description) == (cluster.name, "0.1", "")
            assert [one["instances"][0]["instance_name"] for one in found.node_groups] == [
                one["instances"][0]["instance_name"] for one in cluster.node_groups
            ]
            assert world.client.node_group_templates.get(group.id).plugin_version == "0.1"
            world.runs.wait(world.runs.create(job.id, cluster.id).id, timeout=SOON)


@pytest.fixture
def mortal():
    return MortalEngine()


def test_a_cluster_is_looked_at_without_being_asked_for(restartable, mortal):
    with restartable(engines={"fake": mortal}, verify_every=0.2) as sahara:
        world = World(sahara)
        cluster = world.client.clusters.wait_verified(world.cluster().id, timeout=SOON)
        mortal.died |= {"first", "second"}
        deadline = time.monotonic() + SOON
        while (found := world.client.clusters.get(cluster.id)).verification["status"] != "RED":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert found.verification["checks"][0]["description"] == "All 2 have died"


def test_no_job_is_launched_on_a_dead_cluster(restartable, mortal):
    with restartable(engines={"fake": mortal}) as sahara:
        world = World(sahara)
        cluster = world.client.clusters.wait_verified(world.cluster().id, timeout=SOON)
        mortal.died |= {"first", "second"}
        with pytest.raises(base.OperationFailed, match="cannot run jobs: All 2 have died"):
            world.runs.wait(world.run(cluster).id, timeout=SOON)
        deadline = time.monotonic() + SOON
        while world.client.clusters.get(cluster.id).verification["status"] != "RED":
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_dead_go_before_the_living(restartable, mortal):
    with restartable(engines={"fake": mortal}) as sahara:
        world = World(sahara)
        cluster = world.cluster(workers=3)
        names = [one["instance_name"] for one in cluster.node_groups[1]["instances"]]
        mortal.died.add(names[0])
        world.client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 2}]})
        scaled = world.client.clusters.wait(cluster.id, timeout=SOON)
        assert [one["instance_name"] for one in scaled.node_groups[1]["instances"]] == names[1:]
