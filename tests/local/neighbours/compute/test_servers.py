"""Instances of clusters as servers, flavors that are made, and what a cloud's overview asks for; with openstacksdk."""

import openstack
import pytest
from keystoneauth1 import exceptions
from openstack import exceptions as sdk_exceptions

from tests.local.neighbours.machines import cluster_of_two

# openstacksdk's, on itself
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")

COMPUTE = {"service_type": "compute", "interface": "public"}


@pytest.fixture(scope="module")
def cluster(local_sahara):
    with cluster_of_two(local_sahara, "servers") as cluster:
        yield cluster


def test_the_instances_of_clusters_are_servers(sdk, cluster):
    names = {instance["instance_name"]: instance["instance_id"] for instance in cluster.node_groups[0]["instances"]}
    assert len(names) == 2
    servers = [server for server in sdk.compute.servers() if server.name in names]
    assert {server.name: server.id for server in servers} == names
    for server in servers:
        assert server.status == "ACTIVE"
        assert server.metadata == {"cluster": cluster.id}
        assert server.addresses["private"][0]["addr"]
        assert sdk.compute.get_server(server.id).name == server.name
    [first] = sdk.compute.servers(details=False, name=f"^{next(iter(names))}$")
    assert first.id == names[next(iter(names))]


def test_servers_are_made_and_deleted_by_sahara_alone(sdk, admin, cluster):
    server = next(iter(sdk.compute.servers()))
    with pytest.raises(sdk_exceptions.HttpException, match="Sahara makes, scales and deletes them"):
        sdk.compute.delete_server(server)
    for method, path, status in (("POST", "", 501), ("GET", "/no-such", 404), ("GET", "?name=(", 400)):
        answer = admin.request(f"/servers{path}", method, json={}, endpoint_filter=COMPUTE, raise_exc=False)
        assert answer.status_code == status


@pytest.mark.parametrize(("microversion", "field"), [("2.46", "id"), ("2.47", "original_name")])
def test_a_servers_flavor_is_told_as_its_microversion_has_it(admin, cluster, microversion, field):
    headers = {"OpenStack-API-Version": f"compute {microversion}"}
    found = admin.get("/servers/detail", endpoint_filter=COMPUTE, headers=headers).json()["servers"]
    assert all(field in server["flavor"] for server in found)


def test_another_project_sees_none_of_them(local_sahara, cluster):
    with openstack.connect(**local_sahara.cloud) as admins, local_sahara.client() as client:
        ids = {instance["instance_id"] for instance in client.clusters.get(cluster.id).node_groups[0]["instances"]}
        assert ids <= {server.id for server in admins.compute.servers()}
    demo = local_sahara.session(username="demo")
    listed = demo.get("/servers", endpoint_filter=COMPUTE).json()["servers"]
    demo.session.close()
    assert not ids & {server["id"] for server in listed}


def test_a_flavor_is_made_used_and_deleted(sdk, local_sahara):
    made = sdk.compute.create_flavor(name="made", ram=1024, vcpus=3, disk=7)
    try:
        assert sdk.compute.find_flavor("made").id == made.id
        sdk.compute.create_flavor_extra_specs(made, {"hw:cpu_policy": "shared"})
        assert sdk.compute.fetch_flavor_extra_specs(made).extra_specs == {"hw:cpu_policy": "shared"}
        with pytest.raises(sdk_exceptions.ConflictException, match="already exists"):
            sdk.compute.create_flavor(name="made", ram=1024, vcpus=3, disk=7)
        groups = local_sahara.client("2").node_group_templates
        template = groups.create("on-made", "fake", "0.1", made.id, node_processes=["datanode"])
        groups.delete(template.id)
    finally:
        sdk.compute.delete_flavor(made)
    assert sdk.compute.find_flavor("made") is None


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", 5), ("ram", 0), ("ram", "x"), ("vcpus", True), ("disk", -1), ("id", "")]
)
def test_a_flavor_that_cannot_be_is_refused(admin, field, value):
    body = {"flavor": {"name": "bad", "ram": 1, "vcpus": 1, "disk": 0, field: value}}
    answer = admin.post("/flavors", json=body, endpoint_filter=COMPUTE, raise_exc=False)
    assert answer.status_code == 400
    assert f"flavor.{field}" in answer.json()["badRequest"]["message"]


def test_a_deletion_that_is_taken_has_no_body(admin):
    admin.post(
        "/flavors", json={"flavor": {"name": "x", "ram": 1, "vcpus": 1, "disk": 1, "id": "x"}}, endpoint_filter=COMPUTE
    )
    answer = admin.delete("/flavors/x", endpoint_filter=COMPUTE)
    assert (answer.status_code, answer.content) == (202, b"")


def test_flavors_are_an_administrators_matter(demo):
    for method, path in (("POST", "/flavors"), ("DELETE", "/flavors/1")):
        answer = demo.request(path, method, json={"flavor": {}}, endpoint_filter=COMPUTE, raise_exc=False)
        assert "admin" in answer.json()["forbidden"]["message"]


def test_what_means_nothing_on_one_machine_is_empty(sdk, admin):
    assert [*sdk.compute.hypervisors()] == [*sdk.compute.services()] == [*sdk.compute.server_groups()] == []
    assert sdk.compute.get_quota_set(sdk.current_project_id).cores == -1
    replies = {
        "/os-simple-tenant-usage?detailed=1": {"tenant_usages": []},
        "/os-simple-tenant-usage/x": {"tenant_usage": {}},
        "/os-aggregates": {"aggregates": []},
        "/extensions": {"extensions": []},
    }
    for path, reply in replies.items():
        assert admin.get(path, endpoint_filter=COMPUTE).json() == reply
    statistics = admin.get("/os-hypervisors/statistics", endpoint_filter=COMPUTE).json()["hypervisor_statistics"]
    assert {*statistics.values()} == {0}
    detail = admin.get("/os-quota-sets/x/detail", endpoint_filter=COMPUTE).json()["quota_set"]
    assert detail["cores"] == {"limit": -1, "in_use": 0, "reserved": 0}
    networks = admin.get("/os-networks", endpoint_filter=COMPUTE).json()["networks"]
    assert {one["id"]: one["label"] for one in networks} == {one.id: one.name for one in sdk.network.networks()}
    with pytest.raises(exceptions.NotFound):
        admin.get("/os-networks", endpoint_filter=COMPUTE, headers={"OpenStack-API-Version": "compute 2.36"})
