"""The libraries of OpenStack over what is offered of its services, with the instances of a cluster as servers."""

import pytest

LOG_IN = """
from keystoneauth1 import loading
from keystoneauth1.session import Session
import os

names = ("auth_url", "username", "password", "project_name", "user_domain_id", "project_domain_id")
auth = loading.get_plugin_loader("password").load_from_options(**{n: os.environ["OS_" + n.upper()] for n in names})
session = Session(auth=auth)
"""

NOVA = """
from novaclient import client, exceptions

nova = client.Client("2.61", session=session, region_name="RegionOne")
servers = nova.servers.list()
assert {server.name for server in servers} >= {"seen-worker-0", "seen-worker-1"}, servers
server = nova.servers.get(servers[0].id)
assert server.status == "ACTIVE" and server.addresses, server.to_dict()
try:
    nova.servers.create("own", image=None, flavor=nova.flavors.list()[0], nics="none")
except exceptions.ClientException as error:
    assert error.code == 501 and "Sahara" in str(error), error
else:
    raise SystemExit("a server was made")
small = nova.flavors.find(name="m1.small")
assert small.ram == 2048
made = nova.flavors.create("own", 512, 1, 1, description="of a test")
made.set_keys({"hw:cpu_policy": "shared"})
assert nova.flavors.get(made.id).get_keys() == {"hw:cpu_policy": "shared"}
made.delete()
assert "own" not in {flavor.name for flavor in nova.flavors.list()}
key = nova.keypairs.create("own")
assert key.private_key and key.fingerprint in {pair.fingerprint for pair in nova.keypairs.list()}
key.delete()
limits = {limit.name: limit.value for limit in nova.limits.get().absolute}
assert limits["maxTotalInstances"] and limits["totalInstancesUsed"] >= 0, limits
assert [zone.zoneName for zone in nova.availability_zones.list()]
assert nova.quotas.get(session.get_project_id()).cores
for manager in (nova.hypervisors, nova.services, nova.server_groups):
    manager.list()
nova.hypervisor_stats.statistics()
import datetime
nova.usage.list(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1))
"""

NEUTRON = """
from neutronclient.common import exceptions
from neutronclient.v2_0 import client

neutron = client.Client(session=session, region_name="RegionOne")
networks = neutron.list_networks()["networks"]
outside, = [n for n in networks if n["router:external"]]
network = neutron.create_network({"network": {"name": "own"}})["network"]
subnet = neutron.create_subnet(
    {"subnet": {"network_id": network["id"], "cidr": "10.9.0.0/24", "ip_version": 4}}
)["subnet"]
assert neutron.show_network(network["id"])["network"]["subnets"] == [subnet["id"]]
assert neutron.list_subnets(network_id=network["id"])["subnets"] == [subnet]
address = neutron.create_floatingip({"floatingip": {"floating_network_id": outside["id"]}})["floatingip"]
ports = neutron.list_ports()["ports"]
attached = neutron.update_floatingip(address["id"], {"floatingip": {"port_id": ports[0]["id"]}})["floatingip"]
assert attached["fixed_ip_address"], attached
neutron.delete_floatingip(address["id"])
group = neutron.create_security_group({"security_group": {"name": "own"}})["security_group"]
rules = [{"security_group_id": group["id"], "direction": "ingress", "protocol": "tcp",
          "port_range_min": port, "port_range_max": port} for port in (22, 80)]
made = neutron.create_security_group_rule({"security_group_rules": rules})["security_group_rules"]
assert len(neutron.list_security_group_rules(security_group_id=group["id"])["security_group_rules"]) >= 2
neutron.delete_security_group_rule(made[0]["id"])
neutron.delete_security_group(group["id"])
neutron.delete_subnet(subnet["id"])
neutron.delete_network(network["id"])
try:
    neutron.show_network(network["id"])
except exceptions.NotFound as error:
    assert network["id"] in str(error)
neutron.list_agents(), neutron.list_extensions(), neutron.list_routers()
neutron.show_quota(session.get_project_id())
"""

SDK = """
import openstack

cloud = openstack.connect(region_name="RegionOne")
assert cloud.identity.find_user(os.environ["OS_USERNAME"]), "user"
user = cloud.current_user_id
credential = cloud.identity.create_application_credential(user, name="own")
assert credential.secret and [c.name for c in cloud.identity.application_credentials(user)] == ["own"]
by_it = openstack.connection.Connection(
    auth_type="v3applicationcredential", region_name="RegionOne",
    auth={"auth_url": os.environ["OS_AUTH_URL"], "application_credential_id": credential.id,
          "application_credential_secret": credential.secret},
)
assert by_it.current_project_id == cloud.current_project_id
cloud.identity.delete_application_credential(user, credential)
assert {s.name for s in cloud.compute.servers()} >= {"seen-worker-0", "seen-worker-1"}
assert cloud.compute.find_flavor("m1.small").vcpus
assert cloud.image.find_image("local-spark").tags is not None
image = cloud.image.create_image("own", data=b"bytes", disk_format="raw", container_format="bare", wait=True)
assert cloud.image.find_image("own").size == 5
cloud.image.delete_image(image)
assert cloud.network.find_network("private", ignore_missing=False)
cloud.object_store.create_container(name="own")
cloud.object_store.upload_object(container="own", name="words", data=b"words")
assert cloud.object_store.download_object("words", container="own") == b"words"
assert [o.name for o in cloud.object_store.objects("own")] == ["words"]
cloud.object_store.delete_object("words", container="own")
cloud.object_store.delete_container("own")
assert cloud.search_networks() and cloud.list_flavors() and cloud.list_images() and cloud.list_servers()
"""

LIBRARIES = ("python-novaclient==18.13.1", "python-neutronclient==14.0.0", "openstacksdk==4.22.0")
CLUSTER = {"name": "seen", "plugin_name": "fake", "plugin_version": "0.1"}


@pytest.fixture(scope="module")
def cluster(local_sahara):
    """A cluster whose instances are seen as servers."""
    sahara = local_sahara.client("2")
    group = {"name": "worker", "count": 2, "flavor_id": local_sahara.flavor(), "node_processes": ["namenode"]}
    made = sahara.clusters.create(
        **CLUSTER,
        node_groups=[group],
        default_image_id=local_sahara.image("fake"),
        net_id=local_sahara.network(),
    )
    yield sahara.clusters.wait(made.id, timeout=120)
    sahara.clusters.delete(made.id)
    sahara.clusters.wait_deleted(made.id, timeout=120)


@pytest.mark.parametrize(
    "script",
    [
        NOVA,
        NEUTRON,
        SDK,
    ],
    ids=["novaclient", "neutronclient", "openstacksdk"],
)
def test_twice(installed, cluster, tmp_path, script):
    (tmp_path / "script.py").write_text(LOG_IN + script)
    libraries = installed("libraries", *LIBRARIES)
    for _ in range(2):
        libraries("python", "-W", "ignore", "script.py", folder=tmp_path)
