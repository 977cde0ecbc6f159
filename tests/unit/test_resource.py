"""Resources: attributes, copies, and any JSON that a server could send."""

import copy
import gc
import json
import pickle
import sys
import threading
import tracemalloc

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


def test_its_text_is_its_kind_and_its_members(cluster):
    assert str(cluster) == f"Cluster {INFO}"
    secret = type(cluster)(None, {"url": "swift://me:hidden@c/o", "credentials": {"user": "me"}})
    assert str(secret) == "Cluster {'url': 'swift://me:***@c/o', 'credentials': '***'}"


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
    assert vars(resource)["id"] == 5


def test_defaults_and_derived_members():
    assert images.Image(None, {"id": "1"}).description == ""
    assert images.Image(None, {"id": "1", "description": "d"}).description == "d"
    assert plugins.Plugin(None, {"name": "spark"}).id == "spark"
    assert repr(job_executions.JobExecution(None, {"id": "1", "info": {"status": "RUNNING"}})).endswith("'RUNNING'>")
    assert repr(base.Resource(None, {})) == "<Resource>"


@pytest.mark.parametrize("kind", ["eager", "lazy"])
def test_fields_can_be_deleted(kind, requests_mock):
    cluster = eager() if kind == "eager" else lazy(requests_mock)
    del cluster.status
    assert not hasattr(cluster, "status")
    assert cluster.name == "c"
    assert cluster.to_dict()["status"] == "Active"
    with pytest.raises(AttributeError):
        del cluster.status


def test_its_members_are_not_the_callers_dictionary():
    info = dict(INFO)
    cluster = clusters.Cluster(None, info)
    info["name"] = "changed"
    assert cluster.to_dict()["name"] == cluster.name == "c"


@pytest.fixture
def hurried_threads():
    """Threads that take turns hundreds of times as often as they do by default."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried_threads")
@pytest.mark.parametrize("look", ["name", "info", "_info", "dict", "set", "copy"])
def test_threads_can_look_into_one_list_at_once(look, requests_mock):
    """All threads take the resources in the same order, so that they meet at each while it is decoded."""
    body = {**INFO, "more": {str(n): n for n in range(50)}}
    requests_mock.get(f"{URL}/clusters", json={"clusters": [body] * 300})
    page = make_client().clusters.list()
    wrong, start = [], threading.Barrier(8)

    def read(number):
        start.wait()
        for cluster in page:
            try:
                if look == "dict":
                    assert vars(cluster)["more"]["7"] == 7
                    assert "_undecoded" not in vars(cluster)
                elif look == "copy":
                    assert copy.copy(cluster).to_dict() == body
                elif look == "set" and number == 0:
                    cluster.name = "mine"
                    assert cluster.name == "mine"
                else:
                    assert getattr(cluster, "status" if look == "set" else look) is not None
                assert cluster.info == {"a": {"b": 1}}
                assert cluster.plugin_version == "0.1"
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(cluster.to_dict() == body for cluster in page)
    if look == "set":
        assert {cluster.name for cluster in page} == {"mine"}


def test_what_is_kept_of_a_list_keeps_no_more_than_its_own_bytes(requests_mock):
    body = {"clusters": [{**INFO, "id": str(n), "text": "x" * 1000} for n in range(5000)]}
    requests_mock.get(f"{URL}/clusters", text=json.dumps(body))
    client = make_client()
    kept = client.clusters.list()[:4]  # whatever is made once, such as decoders
    requests_mock.reset_mock()
    tracemalloc.start()
    try:
        kept = [cluster for cluster in client.clusters.list() if cluster.id in ("1", "7", "4000", "4999")]
        requests_mock.reset_mock()  # it remembers requests with their replies
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [cluster.text for cluster in kept] == ["x" * 1000] * 4
    assert held < 200_000, held


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("NaN", r"NaN is no number of JSON \(byte \d+\)"),
        ("Infinity", "Infinity is no number"),
        ("-Infinity", "-Infinity is no number"),
        (r'"\ud800"', r"\\ud800 is half of a surrogate pair, and no character \(byte \d+\)"),
        (r'"a\uDC00b"', r"\\uDC00 is half of a surrogate pair"),
        (r'"\ud800\u0041"', r"\\ud800 is half of a surrogate pair"),
        ("1e999", "out of range"),
    ],
)
def test_what_is_no_json_is_told_in_words(value, reason, requests_mock):
    requests_mock.get(f"{URL}/clusters/1", text=f'{{"cluster": {{"id": "1", "a": {value}}}}}')
    requests_mock.get(f"{URL}/clusters", text=f'{{"clusters": [{{"id": "1", "a": {value}}}]}}')
    with pytest.raises(base.MalformedResponse, match=reason):
        make_client().clusters.get("1")
    with pytest.raises(base.MalformedResponse, match=reason):
        _ = make_client().clusters.list()[0].a


def test_a_whole_surrogate_pair_is_a_character(requests_mock):
    requests_mock.get(f"{URL}/clusters", text=r'{"clusters": [{"id": "1", "name": "\ud83d\ude00"}]}')
    assert make_client().clusters.list()[0].name == "\N{GRINNING FACE}"
