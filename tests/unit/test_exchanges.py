"""What holds for every exchange: where redirects may lead, how long and large replies get, what a failure tells."""

import contextlib
import io
import time
import tracemalloc

import pytest
import requests
from keystoneauth1 import exceptions, plugin, session, token_endpoint
from keystoneauth1.identity import v3

from saharaclient import client
from saharaclient._core import wire
from saharaclient.api import base
from tests.support import URL, make_client
from tests.unit.servers import HEAD, dripping
from tests.unit.test_files import Zeros
from tests.unit.test_retry import REFUSED, RESET

KEYSTONE = "http://keystone.test/v3"
OTHER = "http://other.test/clusters/1"


@pytest.mark.parametrize(
    ("method", "status", "location", "followed"),
    [
        ("GET", 301, "/else", "http://h:1/else"),
        ("GET", 302, "http://h:1/else", "http://h:1/else"),
        ("GET", 303, "else", "http://h:1/a/else"),
        ("POST", 307, "/else", "http://h:1/else"),
        ("POST", 308, "https://h/a/b", "https://h/a/b"),
        ("POST", 303, "/else", None),
        ("DELETE", 303, "/else", None),
        ("GET", 302, "http://other:1/", None),
        ("GET", 302, "//other:1/", None),
        ("GET", 302, "http://h:2/", None),
        ("GET", 302, "http://h.other:1/", None),
        ("GET", 302, "http://h:1@other/", None),
        ("GET", 302, "http://h:port/", None),
        ("GET", 302, "ftp://h:1/", None),
        ("GET", 302, None, None),
        ("GET", 300, "/else", None),
    ],
)
def test_where_a_redirect_may_lead(method, status, location, followed):
    response = requests.Response()
    response.status_code, response.url = status, "http://h:1/a/b"
    response.headers.update({} if location is None else {"Location": location})
    assert wire.redirected(method, response) == followed


def test_tls_is_never_given_up():
    response = requests.Response()
    response.status_code, response.url, response.headers["Location"] = 302, "https://h/a", "http://h/a"
    assert wire.redirected("GET", response) is None


@pytest.mark.parametrize("call", [lambda c: c.clusters.get("1"), lambda c: c.clusters.update("1", name="n")])
def test_another_host_gets_nothing(call, requests_mock):
    requests_mock.register_uri("GET", f"{URL}/clusters/1", status_code=302, headers={"Location": OTHER})
    requests_mock.register_uri("PATCH", f"{URL}/clusters/1", status_code=307, headers={"Location": OTHER})
    other = requests_mock.register_uri("GET", OTHER)
    with pytest.raises(base.APIException, match="redirects to http://other.test/clusters/1.*same host") as caught:
        call(make_client())
    assert caught.value.url.startswith(f"{URL}/clusters/1")
    assert not other.called


def test_a_change_stays_a_change_on_its_way(requests_mock):
    requests_mock.post(f"{URL}/data-sources", status_code=301, headers={"Location": f"{URL}/moved"})
    moved = requests_mock.post(f"{URL}/moved", json={"data_source": {"id": "1"}})
    assert make_client().data_sources.create("n", "", "hdfs", "/x").id == "1"
    assert moved.last_request.json()["name"] == "n"


def test_a_session_that_follows_no_redirect_follows_none(requests_mock):
    requests_mock.get(f"{URL}/plugins", status_code=302, headers={"Location": f"{URL}/moved"})
    made = make_client()
    made.plugins.api.session.redirect = False
    with pytest.raises(base.APIException, match="redirects"):
        made.plugins.list()
    assert requests_mock.call_count == 1


def catalog(requests_mock, endpoint):
    service = {"type": "data-processing", "endpoints": [{"interface": "public", "url": endpoint, "region_id": "r"}]}
    token = {
        "catalog": [service],
        "expires_at": "2999-01-01T00:00:00Z",
        "project": {"id": "p"},
        "methods": ["password"],
    }
    requests_mock.get(KEYSTONE, json={"version": {"id": "v3", "status": "stable", "links": []}})
    requests_mock.post(f"{KEYSTONE}/auth/tokens", json={"token": token}, headers={"X-Subject-Token": "t"})
    auth = v3.Password(KEYSTONE, username="u", password="p", project_id="p")
    return client.Client("2", session=session.Session(auth=auth), retry_deadline=0)


def test_the_discovery_of_the_endpoint_sends_no_token_elsewhere(requests_mock):
    made = catalog(requests_mock, "http://sahara.test:8386")
    requests_mock.get("http://sahara.test:8386/", status_code=302, headers={"Location": "http://other.test/"})
    requests_mock.get("http://sahara.test:8386/v2/plugins", json={"plugins": []})
    requests_mock.get("http://sahara.test:8386/plugins", json={"plugins": []})
    other = requests_mock.get("http://other.test/", json={"versions": []})
    with contextlib.suppress(exceptions.ClientException):
        made.plugins.list()
    assert not other.called


def test_a_discovery_that_makes_no_sense_is_a_typed_error_and_is_forgotten(requests_mock):
    made = catalog(requests_mock, "http://sahara.test:8386")
    right = {"versions": [{"id": "v2", "status": "CURRENT", "links": [{"rel": "self", "href": "/v2"}]}]}
    nonsense = {"versions": [{"id": "what", "status": "CURRENT", "links": [{"rel": "self", "href": "/v2"}]}]}
    requests_mock.get("http://sahara.test:8386/", [{"json": nonsense}, {"json": right}])
    requests_mock.get("http://sahara.test:8386/v2/plugins", json={"plugins": []})
    with pytest.raises(base.MalformedResponse, match=r"GET http://sahara.test:8386/?.* can't be understood") as caught:
        made.plugins.list()
    assert caught.value.method == "GET"
    assert made.plugins.list() == []


def test_a_creation_that_was_not_sent_is_not_told_as_one_that_may_have_been(requests_mock):
    made = catalog(requests_mock, URL)
    requests_mock.post(f"{KEYSTONE}/auth/tokens", exc=RESET)
    with pytest.raises(exceptions.ConnectFailure) as caught:
        made.data_sources.create("n", "", "hdfs", "/x")
    assert vars(caught.value).items() >= {"method": "POST", "url": f"{KEYSTONE}/auth/tokens"}.items()
    assert str(caught.value).startswith(f"POST {KEYSTONE}/auth/tokens failed: ")
    assert "carried it out" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "fault", "unknown"),
    [("POST", RESET, True), ("POST", REFUSED, False), ("DELETE", RESET, False), ("GET", RESET, False)],
)
def test_a_failed_connection_tells_what_failed_and_whether_it_may_be_done(method, fault, unknown, requests_mock):
    requests_mock.register_uri(method, f"{URL}/data-sources", exc=fault)
    requests_mock.register_uri(method, f"{URL}/data-sources/1", exc=fault)
    manager = make_client(retry_deadline=0).data_sources
    calls = {
        "POST": lambda: manager.create("n", "", "hdfs", "/x"),
        "DELETE": lambda: manager.delete("1"),
        "GET": lambda: manager.get("1"),
    }
    with pytest.raises(exceptions.ConnectFailure, match=f"{method} {URL}/data-sources.* failed") as caught:
        calls[method]()
    assert vars(caught.value)["method"] == method
    assert ("may have carried it out" in str(caught.value)) == unknown
    assert str(caught.value) == caught.value.message


def test_a_reply_may_have_a_largest_size(requests_mock):
    requests_mock.get(f"{URL}/plugins", json={"plugins": []}, headers={"x-openstack-request-id": "req-1"})
    assert make_client(max_reply_bytes=15).plugins.list() == []
    with pytest.raises(base.MalformedResponse, match="larger than 14 bytes.*max_reply_bytes") as caught:
        make_client(max_reply_bytes=14).plugins.list()
    assert (caught.value.method, caught.value.request_id) == ("GET", "req-1")
    assert make_client(max_reply_bytes=None).plugins.list() == []


@pytest.mark.parametrize("status", [200, 500])
def test_a_larger_one_takes_no_memory(status, requests_mock):
    requests_mock.get(f"{URL}/plugins", body=Zeros(2**40), status_code=status)
    requests_mock.get(f"{URL}/job-binaries/1/data", body=Zeros(2**40), status_code=500)
    made = make_client(max_reply_bytes=2**20)
    tracemalloc.start()
    try:
        with pytest.raises(base.MalformedResponse):
            made.plugins.list()
        with pytest.raises(base.MalformedResponse):
            made.job_binaries.download("1", io.BytesIO())
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


class Renewing(plugin.BaseAuthPlugin):
    """Authentication whose token another thread renews at the moment that the server refuses it."""

    tokens: tuple[str, ...] = ("old", "new")

    def get_token(self, session, **kwargs):
        token, self.tokens = self.tokens[0], self.tokens[1:] or self.tokens
        return token

    def get_endpoint(self, session, **kwargs):
        return URL

    def invalidate(self):
        return False  # there is nothing to invalidate: the other thread has done it


def test_a_token_that_another_thread_renews_is_used(requests_mock):
    requests_mock.get(f"{URL}/plugins", status_code=401)
    requests_mock.get(f"{URL}/plugins", request_headers={"X-Auth-Token": "new"}, json={"plugins": []})
    assert client.Client("2", session=session.Session(auth=Renewing())).plugins.list() == []
    stubborn = client.Client("2", session=session.Session(auth=Renewing())).plugins.api
    assert stubborn.request("/plugins", "GET", allow_reauth=False).status_code == 401


def test_a_token_that_cannot_be_renewed_is_tried_once(requests_mock):
    requests_mock.get(f"{URL}/plugins", status_code=401)
    with pytest.raises(base.Unauthorized):
        make_client().plugins.list()
    assert requests_mock.call_count == 1


def patient(url, **options):
    auth = token_endpoint.Token(url, "t")
    return client.Client("2", session=session.Session(auth=auth), sahara_url=url, retry_deadline=0, **options)


@pytest.mark.parametrize("parts", [(b"", HEAD), (HEAD, bytes(1000))])
def test_a_reply_that_drips_ends(parts):
    with dripping(*parts) as url, pytest.raises(exceptions.ConnectionError, match=f"GET {url}"):
        patient(url, timeout=5, reply_timeout=0.3).clusters.get("1")


@pytest.mark.parametrize("parts", [(b"", HEAD), (HEAD, bytes(1000))])
def test_a_reply_that_drips_through_a_proxy_ends(parts, monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with dripping(*parts) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        with pytest.raises(exceptions.ConnectionError, match="GET http://sahara.test"):
            patient("http://sahara.test", timeout=5, reply_timeout=0.3).clusters.get("1")


@pytest.mark.parametrize("parts", [(b"", HEAD), (HEAD, bytes(1000))])
def test_a_wait_ends_at_its_time_though_a_reply_drips(parts):
    with dripping(*parts) as url:
        began = time.monotonic()
        with pytest.raises(base.OperationTimedOut) as caught:
            patient(url, timeout=50, reply_timeout=50).clusters.wait("1", timeout=0.4)
        assert time.monotonic() - began < 5
    assert (caught.value.method, caught.value.url) == ("GET", f"{url}/clusters/1?show_progress=False")


def test_a_download_may_take_longer_than_a_reply():
    with dripping(HEAD, b"0123456789") as url:
        target = io.BytesIO()
        assert patient(url, timeout=5, reply_timeout=0.3).job_binaries.download("1", target) == 10
    assert target.getvalue() == b"0123456789"
