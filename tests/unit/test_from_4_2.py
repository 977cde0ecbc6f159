"""What programs written against 4.2.0 meet beyond its names and signatures: texts, arguments, helpers of managers."""

import copy
import importlib
import pickle

import pytest

import saharaclient
from saharaclient.api import base, clusters
from tests.support import URL, make_client

CLUSTER = {"id": "1", "name": "n"}


def test_errors_have_the_text_and_the_arguments_of_their_message():
    assert str(base.APIException()) == "None"
    assert base.APIException().args == (None,)
    error = base.NotFound(404, "NOT_FOUND", "no such cluster")
    assert str(error) == "no such cluster"
    assert error.args == ("no such cluster",)
    assert repr(error) == "NotFound('no such cluster')"


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize(
    "error", [base.NotFound(404, "NOT_FOUND", "m"), base.OperationFailed("m", clusters.Cluster(None, CLUSTER))]
)
def test_errors_can_be_copied(error, again):
    error.request_id = "req-1"
    other = again(error)
    assert type(other) is type(error)
    assert (str(other), other.args, other.error_code, other.error_name) == (
        "m",
        ("m",),
        error.error_code,
        error.error_name,
    )
    assert other.request_id == "req-1"
    assert repr(getattr(other, "resource", None)) == repr(getattr(error, "resource", None))


@pytest.mark.parametrize("kind", ["clusters", "images", "plugins", "job_types", "data_sources"])
def test_a_filter_that_is_none_is_sent(kind, requests_mock):
    """Left out, the list would be of everything, and a program may be about to delete what it lists."""
    client = make_client("1.1")
    manager = getattr(client, kind)
    requests_mock.get(f"{URL}{manager.path}", json={manager.list_key: []})
    manager.list({"name": None})
    list(manager.iterate({"name": None}))
    assert [r.qs["name"] for r in requests_mock.request_history] == [["none"], ["none"]]


def test_a_programs_own_list_comes_before_the_librarys():
    class Mine(clusters.ClusterManagerV1):
        def list(self):
            return [clusters.Cluster(self, {"id": "1", "name": "mine"}), clusters.Cluster(self, {"id": "2"})]

    assert [c.id for c in Mine(None).find(name="mine")] == ["1"]
    assert Mine(None).find_unique(name="mine").id == "1"
    with pytest.raises(base.NotFound, match=r"No matches found\."):
        Mine(None).find_unique(name="other")


def test_arguments_that_are_none_and_must_be_given_are_null(requests_mock):
    requests_mock.post(f"{URL}/jobs/None/execute", json={"job_execution": {"id": "1"}})
    requests_mock.post(f"{URL}/jobs/j/execute", json={"job_execution": {"id": "1"}})
    requests_mock.post(f"{URL}/jobs", json={"job": {"id": "1"}})
    make_client("1.1").job_executions.create(None, "c")
    assert requests_mock.last_request.json() == {"cluster_id": "c"}
    make_client("1.1").job_executions.create("j", None)
    assert requests_mock.last_request.json() == {"cluster_id": None}
    make_client("2").jobs.create(None, None)
    assert requests_mock.last_request.json() == {"cluster_id": None, "job_template_id": None}


def test_managers_of_programs_find_the_helpers(requests_mock):
    manager = clusters.ClusterManagerV1(make_client("1.1").clusters.api)
    for send, method in ((manager._update, "PUT"), (manager._patch, "PATCH"), (manager._post, "POST")):
        requests_mock.request(method, f"{URL}/x", json={"cluster": CLUSTER})
        assert send("/x", {"a": 1}, "cluster").name == "n"
        assert send("/x", {"a": 1}).to_dict()["cluster"] == CLUSTER
        assert send("/x", "raw", "cluster", dump_json=False).id == "1"
        assert requests_mock.last_request.text == "raw"
    requests_mock.get(f"{URL}/x", json={"clusters": [CLUSTER], "markers": {"next": "2"}})
    page = manager._page("/x", "clusters", 5)
    assert (type(page), page.next, page.limit, page[0].name) == (base.Page, "2", 5, "n")
    data = {}
    manager._copy_if_defined(data, a=1, b=None, c=0)
    manager._copy_if_updated(data, d=None, e=base.NotUpdated())
    assert data == {"a": 1, "c": 0, "d": None}


def test_a_reply_is_raised_as_its_error(requests_mock):
    client = make_client()
    requests_mock.get(
        f"{URL}/x", status_code=404, json={"error_code": 404, "error_name": "NOT_FOUND", "error_message": "m"}
    )
    with pytest.raises(base.NotFound, match="^m$"):
        client.clusters._raise_api_exception(client.clusters.api.get("/x"))


def test_modules_that_programs_import():
    version = importlib.import_module("saharaclient.version")
    assert version.version_info.version_string() == version.version_info.release_string() == saharaclient.__version__
    assert importlib.import_module("saharaclient._i18n")._("text") == "text"
