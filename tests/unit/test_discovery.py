"""Where the service is: no path without its version, and no resource gone because the way to it was."""

import pytest
import requests
from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

from saharaclient import client
from saharaclient.api import base
from tests.support import FakeClock

KEYSTONE = "http://keystone.test/v3"
ROOT = "http://sahara.test:8386/"
VERSIONS = {
    "versions": [
        {"id": f"v{v}", "status": "CURRENT", "links": [{"rel": "self", "href": f"{ROOT}v{v}/"}]} for v in ("1.1", "2")
    ]
}
CLUSTER = {"json": {"cluster": {"id": "x", "status": "Deleting"}}}
GONE = {"status_code": 404, "json": {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "no cluster x"}}
UNKNOWN_PATH = {"status_code": 404, "json": {"error": 404, "error_message": "The requested URL was not found"}}


@pytest.fixture
def sahara(requests_mock):
    return make(requests_mock, ROOT)


def make(wire, endpoint, version="2", **options):
    service = {"type": "data-processing", "endpoints": [{"interface": "public", "url": endpoint, "region_id": "r"}]}
    token = {
        "catalog": [service],
        "expires_at": "2999-01-01T00:00:00Z",
        "project": {"id": "p"},
        "methods": ["password"],
    }
    wire.get(KEYSTONE, json={"version": {"id": "v3", "status": "stable", "links": []}})
    wire.post(f"{KEYSTONE}/auth/tokens", json={"token": token}, headers={"X-Subject-Token": "t"})
    wire.get("http://sahara.test:8386/clusters/x", **UNKNOWN_PATH)
    auth = v3.Password(KEYSTONE, username="u", password="p", project_id="p")
    made = client.Client(version, session=session.Session(auth=auth), **options)
    made.clusters.api.clock = FakeClock()
    return made


FAULTS = [{"status_code": 503}, {"text": "<html>hello</html>"}, {"exc": requests.exceptions.ConnectionError("reset")}]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wait_outlives_a_failed_discovery(fault, sahara, requests_mock):
    requests_mock.get(ROOT, [fault, {"json": VERSIONS}])
    requests_mock.get(f"{ROOT}v2/clusters/x", [CLUSTER, GONE])
    sahara.clusters.wait_deleted("x")
    assert [r.path for r in requests_mock.request_history if "clusters" in r.path] == ["/v2/clusters/x"] * 2


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("endpoint", [ROOT, f"{ROOT}v1.1/p"])
def test_no_path_without_the_version_is_ever_sent(endpoint, fault, requests_mock):
    sahara = make(requests_mock, endpoint)
    requests_mock.get(ROOT, [fault])
    requests_mock.get(f"{ROOT}v1.1/p", status_code=404)
    with pytest.raises(exceptions.ConnectFailure, match=f"{ROOT}"):
        sahara.clusters.get("x")
    assert not [r for r in requests_mock.request_history if "clusters" in r.path]


def test_a_discovery_that_failed_once_is_tried_again_for_a_creation_too(sahara, requests_mock):
    requests_mock.get(ROOT, [{"status_code": 503}, {"json": VERSIONS}])
    requests_mock.post(f"{ROOT}v2/clusters", json={"cluster": {"id": "x"}})
    assert sahara.clusters.create("n", "p", "1").id == "x"


def test_a_server_without_discovery_is_an_error_at_once(sahara, requests_mock):
    requests_mock.get(ROOT, status_code=404)
    with pytest.raises(exceptions.ClientException, match="version") as caught:
        sahara.clusters.wait("x")
    assert not isinstance(caught.value, exceptions.ConnectionError)
    assert not [r for r in requests_mock.request_history if "clusters" in r.path]


def test_an_endpoint_that_has_its_version_needs_no_discovery(requests_mock):
    sahara = make(requests_mock, f"{ROOT}v2")
    requests_mock.get(ROOT, status_code=503)
    requests_mock.get(f"{ROOT}v2", status_code=503)
    requests_mock.get(f"{ROOT}v2/clusters/x", **CLUSTER)
    assert sahara.clusters.get("x").status == "Deleting"


def test_a_discovered_endpoint_may_be_called_anything(sahara, requests_mock):
    version = {"id": "v2", "status": "CURRENT", "links": [{"rel": "self", "href": f"{ROOT}odd"}]}
    requests_mock.get(ROOT, json={"versions": [version]})
    requests_mock.get(f"{ROOT}odd/clusters/x", **CLUSTER)
    assert sahara.clusters.get("x").status == "Deleting"


def test_a_server_that_has_not_the_version_says_so_at_once(sahara, requests_mock):
    requests_mock.get(ROOT, json={"versions": VERSIONS["versions"][:1]})
    with pytest.raises(exceptions.EndpointNotFound):
        sahara.clusters.get("x")


@pytest.mark.parametrize("reply", [UNKNOWN_PATH, {"status_code": 404, "text": "<html>404</html>"}])
def test_only_the_servers_own_word_means_gone(reply, sahara, requests_mock):
    requests_mock.get(ROOT, json=VERSIONS)
    requests_mock.get(f"{ROOT}v2/clusters/x", [CLUSTER, reply])
    requests_mock.get(f"{ROOT}v2/jobs/x", [{"json": {"job": {"id": "x", "info": {"status": "RUNNING"}}}}, reply])
    requests_mock.delete(f"{ROOT}v2/clusters/x", [{"exc": requests.exceptions.ReadTimeout("slow")}, reply])
    for call in (sahara.clusters.wait_deleted, sahara.jobs.wait_deleted, sahara.clusters.delete):
        with pytest.raises(base.NotFound):
            call("x")
