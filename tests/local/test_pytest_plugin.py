"""The package's own fixtures, as programs use them."""

import pytest


def test_fixture_gives_a_client(sahara_client):
    assert "fake" in [plugin.name for plugin in sahara_client.plugins.list()]


def test_both_versions(local_sahara):
    for version in ("1.1", "2"):
        plugins = local_sahara.client(version).plugins.list()
        assert {plugin.name for plugin in plugins} == {"fake", "spark"}


def test_what_a_cluster_needs_can_be_asked_for_again_and_again(local_sahara, sahara_client):
    for _ in range(2):
        image = sahara_client.images.get(local_sahara.image("fake"))
        assert image.username
        assert {"fake", "0.1"} <= set(image.tags)
    spark = sahara_client.images.get(local_sahara.image("spark"))
    assert {"fake", "0.1", "spark", *sahara_client.plugins.get("spark").versions[:1]} <= set(spark.tags)
    node = sahara_client.node_group_templates.create(
        "asked-for", "fake", "0.1", local_sahara.flavor("m1.large"), node_processes=["namenode"]
    )
    group = {"name": "nodes", "count": 1, "node_group_template_id": node.id}
    cluster = sahara_client.clusters.create(
        "asked-for",
        "fake",
        "0.1",
        default_image_id=image.id,
        net_id=local_sahara.network("public"),
        node_groups=[group],
    )
    assert sahara_client.clusters.wait(cluster.id, timeout=30).status == "Active"
    sahara_client.clusters.delete(cluster.id)
    sahara_client.clusters.wait_deleted(cluster.id, timeout=30)
    sahara_client.node_group_templates.delete(node.id)


def test_what_is_not_there_is_named(local_sahara):
    with pytest.raises(LookupError, match=r"no 'm1.huge', only .*m1\.small"):
        local_sahara.flavor("m1.huge")
    with pytest.raises(LookupError, match="no 'nowhere', only private, public"):
        local_sahara.network("nowhere")
