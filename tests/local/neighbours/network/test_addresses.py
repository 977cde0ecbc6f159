"""Networks, subnets and floating IPs, made, associated and deleted, with openstacksdk."""

import pytest
from openstack import exceptions

from tests.local.neighbours.machines import cluster_of_two

# openstacksdk's, on itself
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")


@pytest.fixture
def network(sdk):
    made = sdk.network.create_network(name="made", is_router_external=True)
    yield made
    sdk.network.delete_network(made, ignore_missing=True)


@pytest.fixture(scope="module")
def cluster(local_sahara):
    with cluster_of_two(local_sahara, "addresses") as cluster:
        yield cluster


def test_a_network_is_made_with_subnets_and_goes_with_them(sdk, network):
    assert sdk.network.find_network("made").subnet_ids == []
    one = sdk.network.create_subnet(network_id=network.id, name="one", cidr="10.9.0.0/24", ip_version=4)
    six = sdk.network.create_subnet(network_id=network.id, name="six", cidr="fd00::/120", ip_version=6)
    assert (one.gateway_ip, one.allocation_pools) == ("10.9.0.1", [{"start": "10.9.0.2", "end": "10.9.0.254"}])
    assert sdk.network.get_subnet(six.id).ip_version == 6
    assert {*sdk.network.get_network(network.id).subnet_ids} == {one.id, six.id}
    sdk.network.delete_subnet(six)
    assert sdk.network.get_network(network.id).subnet_ids == [one.id]
    sdk.network.delete_network(network)
    assert sdk.network.find_network("made") is None
    assert sdk.network.find_subnet("one") is None


@pytest.mark.parametrize("cidr", ["", "x", "10.0.0.1/24", "10.0.0.0/30", "10.0.0.0/8", "fd00::/64"])
def test_a_subnet_that_cannot_be_is_refused(sdk, network, cidr):
    with pytest.raises(exceptions.BadRequestException, match="cidr"):
        sdk.network.create_subnet(network_id=network.id, cidr=cidr, ip_version=4)


def test_a_network_of_a_cluster_stays(sdk, cluster):
    with pytest.raises(exceptions.ConflictException, match="it has ports of addresses-w-0, addresses-w-1"):
        sdk.network.delete_network(cluster.neutron_management_network)
    assert sdk.network.find_network("private")


def test_other_projects_networks_and_what_there_is_not(demo, sdk, network):
    for path in (f"networks/{network.id}", "networks/no-such", "subnets/no-such", "floatingips/no-such"):
        answer = demo.delete(
            f"/v2.0/{path}", endpoint_filter={"service_type": "network", "interface": "public"}, raise_exc=False
        )
        assert (answer.status_code, answer.json()["NeutronError"]["type"][-8:]) == (404, "NotFound")
    assert sdk.network.find_network("made")


def test_a_floating_ip_is_allocated_associated_and_released(sdk, network, cluster):
    sdk.network.create_subnet(network_id=network.id, name="outside", cidr="192.0.2.0/29", ip_version=4)
    made = [sdk.network.create_ip(floating_network_id=network.id) for _ in range(5)]
    try:
        assert [one.floating_ip_address for one in made] == [f"192.0.2.{n}" for n in range(2, 7)]
        assert "leads nowhere" in made[0].description
        with pytest.raises(exceptions.ConflictException, match=r"it has ports of 192.0.2.2, "):
            sdk.network.delete_network(network)
        with pytest.raises(exceptions.ConflictException, match="No more IP addresses"):
            sdk.network.create_ip(floating_network_id=network.id)
        instance = cluster.node_groups[0]["instances"][0]
        [port] = sdk.network.ports(device_id=instance["instance_id"])
        at = sdk.network.update_ip(made[0], port_id=port.id)
        assert (at.status, at.fixed_ip_address) == ("ACTIVE", instance["management_ip"])
        free = sdk.network.update_ip(made[0], port_id=None)
        assert (free.status, free.port_id) == ("DOWN", None)
        with pytest.raises(exceptions.NotFoundException, match="Port no-such could not be found"):
            sdk.network.update_ip(made[0], port_id="no-such")
        listed = {one.floating_ip_address for one in sdk.network.ips()}
        assert listed >= {one.floating_ip_address for one in made}
    finally:
        for one in made:
            sdk.network.delete_ip(one)
    assert sdk.network.find_ip(made[0].floating_ip_address) is None


def test_a_floating_ip_needs_an_external_network(sdk):
    private = sdk.network.find_network("private")
    with pytest.raises(exceptions.BadRequestException, match="not external"):
        sdk.network.create_ip(floating_network_id=private.id)
    with pytest.raises(exceptions.NotFoundException, match="could not be found"):
        sdk.network.create_ip(floating_network_id="no-such")
