"""Heat's resources of Sahara: a stack of each of them, with trusts, made, changed and deleted."""

import sqlite3
from pathlib import Path

import openstack
import pytest

from tests.consumers.conftest import free_port, listens, until

# The last release in which its resources of Sahara do anything, with the libraries of its time.
HEAT = (
    "openstack-heat==22.0.1",
    "eventlet==0.36.1",
    "oslo.db==15.0.0",
    "oslo.messaging==14.7.2",
    "oslo.service==3.4.1",
    "sqlalchemy==1.4.54",
)
TEMPLATE = (Path(__file__).with_name("heat") / "stack.yaml").read_text()
# Engine and API in one process need no message broker.
CONFIGURATION = """
[DEFAULT]
transport_url = fake://
convergence_engine = false
num_engine_workers = 1
[heat_all]
enabled_services = engine,api
[heat_api]
bind_host = 127.0.0.1
bind_port = {port}
workers = 1
[database]
connection = sqlite:///{folder}/heat.db
[paste_deploy]
api_paste_config = {program.path}/etc/heat/api-paste.ini
[clients_keystone]
auth_uri = {url}
[keystone_authtoken]
www_authenticate_uri = {url}
project_name = stack-services
project_domain_id = default
{user}
[trustee]
{user}
"""
USER = """
auth_type = password
auth_url = {url}
username = stack-heat
password = stack-secret
user_domain_id = default
"""
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")  # the SDK's


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def cloud(local_sahara, port):
    """The cloud as its administrator sees it, who has also made a user for Heat, and knows where Heat is."""
    options = {"orchestration_endpoint_override": f"http://127.0.0.1:{port}/v1/%(project_id)s"}
    with openstack.connect(**local_sahara.cloud, **options) as connection:
        project = connection.identity.create_project(name="stack-services")
        user = connection.identity.create_user(name="stack-heat", password="stack-secret")
        connection.identity.assign_project_role_to_user(project, user, connection.identity.find_role("admin"))
        yield connection
        connection.identity.delete_user(user)
        connection.identity.delete_project(project)


@pytest.fixture(scope="module")
def heat(installed, cloud, port, tmp_path_factory):
    program, folder = installed("heat", *HEAT), tmp_path_factory.mktemp("heat")
    url = cloud.config.auth["auth_url"]
    told = CONFIGURATION.format(port=port, folder=folder, program=program, url=url, user=USER.format(url=url))
    (folder / "heat.conf").write_text(told)
    program("heat-manage", "--config-file", "heat.conf", "db_sync", folder=folder)
    with sqlite3.connect(folder / "heat.db") as database:
        database.execute("PRAGMA journal_mode = WAL")  # else whoever looks at a stack stops the engine
    with (folder / "log").open("w") as log:
        process = program.start("heat-all", "--config-file", "heat.conf", folder=folder, output=log)
    try:
        until(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, (folder / "log").read_text()
        yield cloud.orchestration
    finally:
        process.kill()  # asked to end, it takes half a minute
        process.wait()


@pytest.fixture
def image(cloud):
    made = cloud.image.create_image("of-a-stack", data=b"content", disk_format="raw", container_format="bare")
    yield made.name
    cloud.image.delete_image(made)


def test_a_stack_of_all_of_them(heat, cloud, image, local_sahara):
    sahara = local_sahara.client("1.1")

    def wait(status, *failures):
        return heat.wait_for_status(heat.get_stack(stack.id), status, failures, interval=0.5, wait=120)

    def clusters():
        found = {cluster.name: cluster for cluster in sahara.clusters.list()}
        return {name: cluster for name, cluster in found.items() if name.startswith("stack-")}

    def sizes(cluster):
        return {group["name"]: group["count"] for group in cluster.node_groups}

    given = {"image_name": image}
    stack = heat.create_stack(name="stack", template=TEMPLATE, parameters=given)
    assert wait("CREATE_COMPLETE", "CREATE_FAILED").outputs[0]["output_value"] == "Active"
    cluster = clusters()["stack-cluster"]
    assert sizes(cluster) == {"master": 1, "worker": 1}
    trusts = cloud.identity.get("/OS-TRUST/trusts").json()["trusts"]
    assert [trust["impersonation"] for trust in trusts] == [True]  # what it does later is done as the stack's owner
    (registered,) = [one for one in sahara.images.list() if one.name == image]
    assert set(registered.tags) == {"fake", "0.1"}

    # A job that is signalled runs on the stack's cluster.
    heat.post(f"/stacks/{stack.name}/{stack.id}/resources/job/signal")
    (run,) = until(lambda: [run for run in sahara.job_executions.list() if run.cluster_id == cluster.id])

    # A template in use is not changed, as on any Sahara; Heat says so.
    given |= {"workers": 2, "cluster_name": "stack-larger"}
    heat.update_stack(stack.id, template=TEMPLATE, parameters=given)
    assert "referenced by at least one cluster" in wait("UPDATE_FAILED", "UPDATE_COMPLETE").status_reason

    # So another template takes its place, and a cluster of its size that of the first one.
    larger = TEMPLATE.replace("  template:\n", "  larger:\n").replace(
        "{get_resource: template}", "{get_resource: larger}"
    )
    heat.update_stack(stack.id, template=larger, parameters=given)
    wait("UPDATE_COMPLETE")
    (cluster,) = clusters().values()
    assert (cluster.name, sizes(cluster)) == ("stack-larger", {"master": 1, "worker": 2})

    sahara.job_executions.delete(run.id)  # no resource of the stack, and a job that has any is not deleted
    heat.delete_stack(stack)
    heat.wait_for_delete(heat.get_stack(stack.id), interval=0.5, wait=60)
    assert not clusters()
    assert not [one for one in sahara.data_sources.list() if one.name == "stack-input"]
    assert image not in [one.name for one in sahara.images.list()]
