"""Mistakes: each line that ends in "refused" is one, and a checker must refuse that line and no other."""

from keystoneauth1.session import Session

import saharaclient
from saharaclient.api.client import Client as ClientV1
from saharaclient.api.client import ClientV2
from saharaclient.client import Client


def factories(session: Session) -> None:
    Client("2", session=session, tiemout=5)  # refused
    Client("2", session=session, timeout="5")  # refused
    ClientV2(session, regoin_name="RegionOne")  # refused
    one: ClientV1 = Client("2", session=session)  # refused
    two: ClientV2 = saharaclient.connect(version="1.1")  # refused
    print(one, two)


def another_versions_managers(one: ClientV1, two: ClientV2) -> None:
    one.job_templates.list()  # refused
    two.job_executions.list()  # refused
    two.job_binary_internals.list()  # refused
    one.jobs.cancel("id")  # refused
    one.clusters.force_delete("id")  # refused
    two.plugins.convert_to_cluster_template("spark", "4.0", "t", b"")  # refused
    one.clusters.create("c", "spark", plugin_version="4.0")  # refused
    two.clusters.create("c", "spark", hadoop_version="4.0")  # refused
    two.jobs.create(job_id="id", cluster_id="id")  # refused


def misspelt_attributes(two: ClientV2) -> None:
    print(two.clusters.get("id").stauts)  # refused
    print(two.clusters.list()[0].naem)  # refused
    print(two.clustres)  # refused
    print(two.jobs.list().nxt)  # refused
    print(two.images.update_tags("id", []).tags)  # refused
    print(two.clusters.update("id", name="c").status)  # refused
    print(two.clusters.delete("id").status)  # refused


def misspelt_keys(two: ClientV2) -> None:
    two.clusters.create("c", "spark", "4.0", node_groups=[{"name": "a", "cuont": 1}])  # refused
    two.clusters.create("c", "spark", "4.0", node_groups=[{"name": "a"}])  # refused
    two.clusters.create("c", "spark", "4.0", shares=[{"id": "s", "access_level": "rx"}])  # refused
    two.clusters.scale("id", {"resize_node_group": [{"name": "a", "count": 1}]})  # refused
    two.clusters.scale("id", {"resize_node_groups": [{"name": "a", "size": 1}]})  # refused
    two.jobs.create("t", "c", configs={"arguments": []})  # refused
    two.clusters.verification_update("id", "STRAT")  # refused
    two.plugins.update("spark", {"labels": {}})  # refused
    two.data_sources.create("d", "", "s3", "u", s3_credentials={"access_key": "a"})  # refused
    print(two.clusters.get("id").node_groups[0]["cuont"])  # refused
    print(two.clusters.get("id").provision_progress[0]["name"])  # refused
    print(two.clusters.get("id").verification["state"])  # refused
    # the server refuses its own members, such as a node group's id, in what is to be created
    two.clusters.create("c", "spark", "4.0", node_groups=two.clusters.get("id").node_groups)  # refused


def wrong_arguments(two: ClientV2) -> None:
    two.clusters.get(5)  # refused
    two.clusters.update("id", nmae="c")  # refused
    two.clusters.iterate(pagesize=5)  # refused
    two.node_group_templates.create("n", "spark", "4.0", "2", node_processes="slave")  # refused
    two.clusters.wait("id", timeout="60")  # refused
