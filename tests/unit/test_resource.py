"""Resources: attributes, copies, and any JSON that a server could send."""

import copy
import json
import pickle

import pytest

from saharaclient.api import base, clusters, images, job_executions, plugins
from tests.support import URL, make_client

INFO = {"id": "1", "name": "c", "status": "Active", "plugin_version": "0.1", "info": {"a": {"b": 1}}, "odd key": 2}


def eager():
    return clusters.Cluster(clusters.ClusterManager(None), INFO)


def lazy(requests_mock):
    requests_mock.get(f"{URL}/clusters", json={"clusters": [INFO]})
    return make_client().clusters.list()[0]


@pytest.fixture(params=["eager", "lazy"])
def cluster(request, requests_mock):
    return eager() if request.param == "eager" else lazy(requests_mock)


def test_members_are_attributes(cluster):
    assert cluster.name == "c"
    assert cluster.plugin_version == "0.1"
    assert not hasattr(cluster, "hadoop_version")
    assert getattr(cluster, "nothing", None) is None
    with pytest.raises(AttributeError, match="'Cluster' object has no attribute 'nothing'"):
        _ = cluster.nothing


def test_vars_dir_and_info(cluster):
    assert vars(cluster)["status"] == "Active"
    assert vars(cluster)["odd key"] == 2
    assert "plugin_version" in dir(cluster)
    assert cluster._info == INFO
    json.dumps(cluster._info)


def test_to_dict_is_a_copy(cluster):
    cluster.to_dict()["info"]["a"]["b"] = 2
    assert cluster.info == {"a": {"b": 1}}


def test_repr_is_short(cluster):
    assert repr(cluster) == "<Cluster name='c' id='1' status='Active'>"
    assert str(cluster) == repr(cluster)


def test_copies(cluster):
    shallow, deep, pickled = copy.copy(cluster), copy.deepcopy(cluster), pickle.loads(pickle.dumps(cluster))
    for other in (shallow, deep, pickled):
        assert other.to_dict() == INFO
        assert type(other) is clusters.Cluster
    assert shallow.manager is cluster.manager
    assert deep.manager is cluster.manager
    assert pickled.manager is None
    assert shallow.info is cluster.info
    assert deep.info is not cluster.info


def test_attributes_can_be_set_before_and_after_they_are_read(requests_mock):
    before = lazy(requests_mock)
    before.name, before.mine = "set", 1
    assert (before.name, before.mine, before.status) == ("set", 1, "Active")
    assert before.to_dict()["name"] == "c"
    before.status = "Error"
    assert before.status == "Error"


@pytest.mark.parametrize("name", ["x", None, 5, ["a"], {"b": 1}, ""])
def test_the_first_attribute_is_what_it_is_when_all_are_known(name, requests_mock):
    requests_mock.get(f"{URL}/clusters", json={"clusters": [{**INFO, "name": name}]})
    cluster = make_client().clusters.list()[0]
    assert cluster.name == name
    assert cluster.name == cluster.to_dict()["name"]
    assert cluster.status == "Active"
    assert vars(cluster)["name"] == name


def test_a_body_that_cannot_be_decoded_is_a_typed_error(requests_mock):
    requests_mock.get(f"{URL}/clusters", content=b'{"clusters": [{"a": 1e999}]}')
    [cluster] = make_client().clusters.list()
    with pytest.raises(base.MalformedResponse, match="A Cluster can't be read"):
        _ = cluster.a
    assert "unreadable" in repr(cluster)


def test_a_list_that_is_no_utf_8_is_an_error_at_once(requests_mock):
    requests_mock.get(f"{URL}/clusters", content=b'{"clusters": [{"a": "\xff"}]}')
    with pytest.raises(base.MalformedResponse, match="utf-8") as caught:
        make_client().clusters.list()
    assert (caught.value.method, caught.value.url) == ("GET", f"{URL}/clusters")


def test_members_do_not_hide_the_classes_own():
    resource = base.Resource("manager", {"to_dict": 1, "manager": 2, "_info": 3, "__class__": 4, "id": 5})
    assert resource.manager == "manager"
    assert resource.to_dict() == {"to_dict": 1, "manager": 2, "_info": 3, "__class__": 4, "id": 5}
    assert resource.id == 5


def test_defaults_and_derived_members():
    assert images.Image(None, {"id": "1"}).description == ""
    assert images.Image(None, {"id": "1", "description": "d"}).description == "d"
    assert plugins.Plugin(None, {"name": "spark"}).id == "spark"
    assert repr(job_executions.JobExecution(None, {"id": "1", "info": {"status": "RUNNING"}})).endswith("'RUNNING'>")
    assert repr(base.Resource(None, {})) == "<Resource>"
