"""What a real Sahara would refuse of a project is told beforehand; the server itself is asked who is right."""

import json
import os
from pathlib import Path

import pytest

from saharaclient import project
from saharaclient.api import base
from tests.services import NETWORK

IMAGE = "11111111-0000-4000-8000-000000000003"
TEXT = """
data_sources:
  TAG-d: {type: hdfs, url: "hdfs://demo/d"}
clusters:
  TAG-c:
    plugin_name: fake
    plugin_version: '0.1'
    image: centos-vanilla
    network: private
    node_groups:
      m: {count: 1, flavor: m1.small, node_processes: [namenode, jobtracker]}
      w: {count: 2, flavor: m1.medium, node_processes: [datanode, tasktracker]}
"""
NEEDED = {"instances": 3, "cores": 5, "ram": 2048 + 2 * 4096}
NAMES = {"instances": "instances", "cores": "cores", "ram": "MiB of memory"}


@pytest.fixture
def wanted(sahara, unique):
    sahara.images.update_image(IMAGE, "root")
    sahara.images.update_tags(IMAGE, ["fake", "0.1"])
    yield project.Project.parse(TEXT.replace("TAG", unique))
    sahara.images.unregister_image(IMAGE)  # as it was: others register it


@pytest.fixture
def quota(session):
    """Sets compute's quota."""

    def put(**limits):
        body = {"quota_set": {**dict.fromkeys(NEEDED, -1), **limits}}
        session.put("/os-quota-sets/any", json=body, endpoint_filter={"service_type": "compute"})

    yield put
    put()


@pytest.fixture
def forbidden():
    """Forbids by name what Sahara's policy knows."""
    path = Path(os.environ["REAL_POLICY"])
    before = path.read_text()
    yield lambda *rules: path.write_text(json.dumps({f"data-processing:{rule}": "!" for rule in rules}))
    path.write_text(before)


def told(sahara, wanted):
    with pytest.raises(project.ProjectError) as caught:
        project.plan(sahara, wanted, environment={})
    return str(caught.value)


def test_a_quota_is_told_where_sahara_finds_it_too_small_and_only_there(sahara, wanted, quota, unique, version):
    quota(**NEEDED)
    assert len(project.plan(sahara, wanted, environment={}).actions) == 2
    quota(**{name: number - 1 for name, number in NEEDED.items()})
    said = told(sahara, wanted)
    for name, number in NEEDED.items():
        assert (
            f"5:3: the cluster {unique}-c needs {number} more {NAMES[name]}, and the quota leaves {number - 1}" in said
        )
    assert not sahara.data_sources.find(name=f"{unique}-d")
    groups = [
        {"name": "m", "count": 1, "flavor_id": "2", "node_processes": ["namenode", "jobtracker"]},
        {"name": "w", "count": 2, "flavor_id": "3", "node_processes": ["datanode", "tasktracker"]},
    ]
    plugin = {"hadoop_version" if version == "1.1" else "plugin_version": "0.1"}
    with pytest.raises(base.QuotaExceeded, match=r"Requested (\d+), but available (?!\1)\d+"):
        sahara.clusters.create(
            f"{unique}-c", "fake", node_groups=groups, default_image_id=IMAGE, net_id=NETWORK, **plugin
        )
    for left in sahara.clusters.find(name=f"{unique}-c"):
        sahara.clusters.delete(left.id)
        sahara.clusters.wait_deleted(left.id)


def test_what_the_policy_forbids_is_told_before_anything_is_made(sahara, wanted, forbidden, unique, version):
    plan = project.plan(sahara, wanted, environment={})
    resource = "clusters" if version == "1.1" else "cluster"
    forbidden(f"{resource}:create")
    with pytest.raises(project.ProjectError, match=rf"^5:3: clusters {unique}-c: this login may not make it"):
        project.apply(sahara, plan, environment={})
    assert not sahara.data_sources.find(name=f"{unique}-d")
    listing = {"1.1": ("clusters:get_all", "data-sources:get_all"), "2": ("cluster:list", "data-source:list")}
    forbidden(*listing[version])
    said = told(sahara, wanted).splitlines()
    assert [line.partition(":")[0] for line in said] == ["2", "4"]
    assert "this login may not list data sources" in said[0]
    assert "this login may not list clusters" in said[1]


def test_what_is_protected_is_changed_where_the_file_says_so(sahara, unique):
    def source(**fields):
        return project.Project.parse(json.dumps({"data_sources": {f"{unique}-d": {"type": "hdfs", **fields}}}))

    def apply(wanted):
        project.apply(sahara, project.plan(sahara, wanted, environment={}), environment={})

    apply(source(url="hdfs://demo/a", is_protected=True))
    assert "is protected, and the file does not say so" in told(sahara, source(url="hdfs://demo/b"))
    apply(source(url="hdfs://demo/b", is_protected=True))
    there = sahara.data_sources.find_unique(name=f"{unique}-d")
    assert (there.url, there.is_protected) == ("hdfs://demo/b", True)
    apply(source(url="hdfs://demo/b", is_protected=False))
    sahara.data_sources.delete(there.id)
