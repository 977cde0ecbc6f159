"""The main job on a real Sahara: templates, a cluster, a job, scaling, and everything away again."""

import io

import pytest

from saharaclient.api import base
from tests.services import IMAGE, NETWORK

MINUTES = 180.0  # seconds that a cluster may take here; the machine may be busy


@pytest.fixture(scope="module")
def names(version):
    return {"version_field": "hadoop_version" if version == "1.1" else "plugin_version"}


@pytest.fixture(scope="module")
def templates(sahara, version, names):
    """A registered image, two node group templates and a cluster template; removed at the end."""
    tag = f"life{version.replace('.', '')}"
    plugin = {"plugin_name": "fake", names["version_field"]: "0.1"}
    sahara.images.update_image(IMAGE, "root", "for the life cycle")
    sahara.images.update_tags(IMAGE, ["fake", "0.1"])
    assert sorted(sahara.images.get(IMAGE).tags) == ["0.1", "fake"]
    master = sahara.node_group_templates.create(
        f"{tag}-m", flavor_id="1", node_processes=["namenode", "jobtracker"], **plugin
    )
    worker = sahara.node_group_templates.create(
        f"{tag}-w", flavor_id="1", node_processes=["datanode", "tasktracker"], description="workers", **plugin
    )
    worker = sahara.node_group_templates.update(worker.id, description=None)
    assert worker.description is None
    template = sahara.cluster_templates.create(
        f"{tag}-t",
        node_groups=[
            {"name": "m", "count": 1, "node_group_template_id": master.id},
            {"name": "w", "count": 1, "node_group_template_id": worker.id},
        ],
        net_id=NETWORK,
        **plugin,
    )
    assert sahara.cluster_templates.find_unique(name=f"{tag}-t").id == template.id
    assert sahara.cluster_templates.export(template.id).cluster_template["name"] == f"{tag}-t"
    yield template, worker
    sahara.cluster_templates.delete(template.id)
    for group in (master, worker):
        sahara.node_group_templates.delete(group.id)
    sahara.images.unregister_image(IMAGE)


@pytest.fixture(scope="module")
def cluster(sahara, version, names, templates):
    template, _ = templates
    name = f"life{version.replace('.', '')}"
    created = sahara.clusters.create(
        name, "fake", cluster_template_id=template.id, default_image_id=IMAGE, **{names["version_field"]: "0.1"}
    )
    seen = []
    active = sahara.clusters.wait(created.id, timeout=MINUTES, on_progress=lambda c: seen.append(c.status))
    assert active.status == "Active"
    assert active.provision_progress
    assert seen[-1] == "Active"
    assert len(set(seen)) > 2
    yield active
    sahara.clusters.delete(active.id)
    sahara.clusters.wait_deleted(active.id, timeout=MINUTES)
    with pytest.raises(base.NotFound):
        sahara.clusters.get(active.id)


def test_the_cluster_is_found_by_name_and_verified(sahara, cluster):
    assert sahara.clusters.find_unique(name=cluster.name).id == cluster.id
    checked = sahara.clusters.wait_verified(cluster.id, timeout=MINUTES)
    assert checked.verification["status"] == "GREEN"
    sahara.clusters.verification_update(cluster.id, "START")
    assert sahara.clusters.wait_verified(cluster.id, timeout=MINUTES).verification["status"] == "GREEN"


def test_a_job_runs_to_its_end(sahara, version, cluster, unique):
    if version == "1.1":
        stored = sahara.job_binary_internals.upload(unique, io.BytesIO(b"echo hello\n"))
        assert sahara.job_binary_internals.get_file(stored.id) == b"echo hello\n"
        binary = sahara.job_binaries.create(unique, f"internal-db://{stored.id}")
        assert sahara.job_binaries.get_file(binary.id) == b"echo hello\n"
        job_templates, runs = sahara.jobs, sahara.job_executions
    else:
        extra = {"user": "demo", "password": "demo"}
        binary = sahara.job_binaries.create(unique, "swift://demo.sahara/script.sh", extra=extra)
        job_templates, runs = sahara.job_templates, sahara.jobs
    template = job_templates.create(unique, "Shell", mains=[binary.id])
    run = runs.create(template.id, cluster.id, configs={"args": ["a"]})
    ended = runs.wait(run.id, timeout=MINUTES)
    assert ended.info["status"] == "SUCCEEDED"
    assert repr(ended).endswith("status='SUCCEEDED'>")
    runs.cancel(run.id)
    runs.delete(run.id)
    runs.wait_deleted(run.id, timeout=MINUTES)
    job_templates.delete(template.id)
    sahara.job_binaries.delete(binary.id)
    if version == "1.1":
        sahara.job_binary_internals.delete(stored.id)


def test_scaling_adds_instances(sahara, cluster, templates):
    sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 2}]})
    with pytest.raises(base.InvalidState):
        sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 3}]})
    scaled = sahara.clusters.wait(cluster.id, timeout=MINUTES)
    assert {g["name"]: len(g["instances"]) for g in scaled.node_groups} == {"m": 1, "w": 2}


def test_a_template_in_use_stays(sahara, cluster, templates):
    with pytest.raises(base.InUse, match="in use by"):
        sahara.cluster_templates.delete(templates[0].id)


def test_waiting_for_what_does_not_come_times_out_with_the_last_state(sahara, cluster):
    with pytest.raises(base.OperationTimedOut, match="not within") as caught:
        sahara.clusters.wait(cluster.id, until="Decommissioning", timeout=5.0)
    assert caught.value.resource.id == cluster.id
