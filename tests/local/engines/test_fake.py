"""Clusters that end in Error and jobs that fail, asked for by configs of the plugin `fake`."""

import time
import uuid

import pytest

from saharaclient.api import base


@pytest.fixture(scope="module", params=["1.1", "2"])
def version(request):
    return request.param


@pytest.fixture(scope="module")
def sahara(local_sahara, version):
    return local_sahara.client(version)


@pytest.fixture
def make_cluster(local_sahara, admin, sahara, version):
    """Makes a cluster of the fake plugin with general configs, and removes it after the test."""
    plugin_version = {"hadoop_version" if version == "1.1" else "plugin_version": "0.1"}
    [image] = admin.get(f"{local_sahara.url}/image/v2/images?name=local-spark").json()["images"]
    sahara.images.update_image(image["id"], "root")
    sahara.images.update_tags(image["id"], ["fake", "0.1"])
    [network] = admin.get(f"{local_sahara.url}/network/v2.0/networks?name=private").json()["networks"]
    made = []

    def make(**configs):
        groups = [
            {"name": "m", "count": 1, "flavor_id": "1", "node_processes": ["namenode", "jobtracker"]},
            {"name": "w", "count": 1, "flavor_id": "1", "node_processes": ["datanode", "tasktracker"]},
        ]
        made.append(
            sahara.clusters.create(
                f"f{uuid.uuid4().hex[:8]}",
                "fake",
                node_groups=groups,
                default_image_id=image["id"],
                net_id=network["id"],
                cluster_configs={"general": {name.replace("_", " "): value for name, value in configs.items()}},
                **plugin_version,
            )
        )
        return made[-1]

    yield make
    for cluster in made:
        sahara.clusters.delete(cluster.id)
        sahara.clusters.wait_deleted(cluster.id, timeout=30)


@pytest.mark.parametrize("state", ["Spawning", "Waiting", "Preparing", "Configuring", "Starting"])
def test_a_cluster_fails_where_it_was_asked_to(sahara, make_cluster, state):
    with pytest.raises(base.OperationFailed, match=f"fail at {state}"):
        sahara.clusters.wait(make_cluster(Fail_at=state).id, timeout=30)
    failed = sahara.clusters.find(status="Error")[0]
    assert f"fail at {state}" in failed.status_description
    steps = sahara.clusters.get(failed.id, show_progress=True).provision_progress
    assert [step["successful"] for step in steps][-1:] == ([False] if state in ("Spawning", "Waiting", "Preparing")
                                                           else [True])  # fmt: skip


def test_a_failed_scaling_keeps_what_there_was(sahara, make_cluster):
    cluster = sahara.clusters.wait(make_cluster(Fail_at="Scaling").id, timeout=30)
    sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 3}]})
    with pytest.raises(base.OperationFailed, match="fail at Scaling"):
        sahara.clusters.wait(cluster.id, timeout=30)
    after = sahara.clusters.get(cluster.id)
    assert after.status == "Active"
    assert {group["name"]: group["count"] for group in after.node_groups} == {"m": 1, "w": 1}


def run_shell(sahara, cluster):
    templates, runs = (
        (sahara.jobs, sahara.job_executions)
        if hasattr(sahara, "job_executions")
        else (sahara.job_templates, sahara.jobs)
    )
    name = f"f{uuid.uuid4().hex[:8]}"
    extra = {"user": "demo", "password": "demo"}
    binary = sahara.job_binaries.create(name, f"swift://{name}.sahara/script.sh", extra=extra)
    return runs, runs.create(templates.create(name, "Shell", mains=[binary.id]).id, cluster.id)


def test_a_job_fails(sahara, make_cluster):
    cluster = sahara.clusters.wait(make_cluster(Fail_jobs=True).id, timeout=30)
    runs, run = run_shell(sahara, cluster)
    with pytest.raises(base.OperationFailed, match="asked to fail"):
        runs.wait(run.id, timeout=30)
    assert runs.get(run.id).info["status"] == "FAILED"


def test_states_last(sahara, make_cluster):
    start = time.monotonic()
    cluster = sahara.clusters.wait(make_cluster(State_delay="0.1").id, timeout=30)
    assert time.monotonic() - start >= 0.5
    runs, run = run_shell(sahara, cluster)
    assert runs.wait(run.id, timeout=30).info["status"] == "SUCCEEDED"
