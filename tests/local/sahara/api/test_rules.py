"""Who may see, change and delete what: projects, public and protected resources, resources in use, limits."""

import io

import pytest

from saharaclient.api import base
from saharaclient.local import LocalSahara
from tests.local.sahara.conftest import SOON, World


@pytest.fixture(scope="module")
def other(world, local_sahara):
    """The same world as the user `demo` sees it, who has another project."""
    return World(local_sahara, world.version, local_sahara.session(username="demo"))


def made(world, is_public):
    """One resource of each kind, with its manager's name."""
    client, plugin, flags = world.client, world.plugin, {"is_public": is_public}
    node = client.node_group_templates.create(
        world.name("n"), **plugin, flavor_id="1", node_processes=["datanode"], **flags
    )
    group = {"name": "g", "count": 1, "node_group_template_id": node.id}
    cluster = world.cluster(is_public=is_public)
    template = world.template(**flags)
    runs = "job_executions" if world.version == "1.1" else "jobs"
    return {
        "node_group_templates": node,
        "cluster_templates": client.cluster_templates.create(world.name("t"), **plugin, node_groups=[group], **flags),
        "clusters": cluster,
        "data_sources": client.data_sources.create(world.name("s"), "", "hdfs", "/data/x", **flags),
        "job_binaries": world.binary(**flags),
        "jobs" if world.version == "1.1" else "job_templates": template,
        runs: world.runs.create(template.id, cluster.id, **flags),
    }


def test_private_resources_are_hidden_from_other_projects(world, other):
    for kind, resource in made(world, is_public=False).items():
        manager = getattr(other.client, kind)
        assert resource.id not in [one.id for one in manager.list()], kind
        with pytest.raises(base.NotFound):
            manager.get(resource.id)
        with pytest.raises(base.NotFound):
            manager.delete(resource.id)


def test_public_resources_are_shown_and_stay_their_owners(world, other):
    for kind, resource in made(world, is_public=True).items():
        manager = getattr(other.client, kind)
        assert resource.id in [one.id for one in manager.list()], kind
        assert manager.get(resource.id).id == resource.id
        with pytest.raises(base.InUse, match=r"wasn't created in this tenant|in use by"):
            manager.delete(resource.id)
        assert getattr(world.client, kind).get(resource.id).id == resource.id


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/jobs/{id}/execute"),
        ("PATCH", "/job-binary-internals/{id}"),
        ("PATCH", "/jobs/{id}"),
        ("PUT", "/clusters/{id}"),
    ],
)
def test_what_is_not_there_is_told_before_what_is_wrong_with_the_request(local_sahara, admin, method, path):
    url = f"{local_sahara.url}/v1.1/{admin.get_project_id()}{path.format(id='no-such')}"
    reply = admin.request(url, method, json={"colour": "red"}, raise_exc=False)
    assert reply.status_code == 404, reply.text


def protect(kind, manager, resource, flag):
    if kind in ("data_sources", "job_binaries"):
        manager.update(resource.id, {"is_protected": flag})
    else:
        manager.update(resource.id, is_protected=flag)


def test_protected_resources_stay_until_the_flag_is_lifted(world):
    created = made(world, is_public=False)
    for kind, resource in reversed(created.items()):
        manager = getattr(world.client, kind)
        if hasattr(manager, "wait") and kind != "clusters":
            manager.wait(resource.id, timeout=SOON)
        protect(kind, manager, resource, True)
        with pytest.raises(base.InUse, match="marked as protected"):
            manager.delete(resource.id)
        protect(kind, manager, resource, False)
        manager.delete(resource.id)


def test_what_is_in_use_stays(world):
    created = made(world, is_public=False)
    uses = ["node_group_templates", "job_binaries", "jobs" if world.version == "1.1" else "job_templates"]
    binary = created[uses[2]].mains[0]["id"]
    for kind, id_ in zip(uses, (created[uses[0]].id, binary, created[uses[2]].id), strict=True):
        with pytest.raises(base.APIException) as refused:
            getattr(world.client, kind).delete(id_)
        assert isinstance(refused.value, base.InUse), kind


def test_names_are_unique_in_a_project(world, other):
    name = world.name("s")
    world.client.data_sources.create(name, "", "hdfs", "/x")
    with pytest.raises(base.NameAlreadyExists):
        world.client.data_sources.create(name, "", "hdfs", "/x")
    assert other.client.data_sources.create(name, "", "hdfs", "/x").name == name


def test_a_job_of_another_project_on_a_public_cluster(world, other):
    cluster = world.cluster(is_public=True)
    run = other.run(cluster)
    assert other.runs.wait(run.id, timeout=SOON).info["status"] == "SUCCEEDED"
    with pytest.raises(base.NotFound):
        world.runs.get(run.id)


def test_the_largest_internal_binary_is_a_setting():
    with LocalSahara(max_binary_bytes=1000) as sahara:
        internals = World(sahara, "1.1").client.job_binary_internals
        assert internals.upload("fits", io.BytesIO(b"x" * 1000)).datasize == 1000
        with pytest.raises(base.OverLimit, match="greater than the maximum"):
            internals.upload("too-large", io.BytesIO(b"x" * 1001))
        assert len(list((sahara.service.settings.state / "binaries").iterdir())) == 1
