"""Making a client: versions, sessions, endpoints, the deprecated keywords, connect()."""

import json
import os
import sys
import warnings

import pytest
import requests
from keystoneauth1 import exceptions, session, token_endpoint
from keystoneauth1.identity import generic, v3

import saharaclient
from saharaclient import client
from saharaclient.api import base
from saharaclient.api import client as api_client
from tests.support import URL, make_client

KEYSTONE = "http://keystone.test/v3"


@pytest.fixture
def with_token():
    return session.Session(token_endpoint.Token(URL, "t"))


@pytest.mark.parametrize("version", ["1.0", "1.1", 1.0, 1.1, "2", 2, 2.0])
@pytest.mark.parametrize("by_name", [False, True])
def test_versions(version, by_name, with_token):
    made = client.Client(version=version, session=with_token) if by_name else client.Client(version, session=with_token)
    assert type(made) is (api_client.ClientV2 if str(version).startswith("2") else api_client.Client)


@pytest.mark.parametrize("version", ["3", 1, "", None, "1.2", "v2"])
def test_other_versions_are_refused_with_the_supported_ones(version):
    with pytest.raises(client.UnsupportedVersion, match=r"'1\.0', '1\.1', '2'"):
        client.Client(version)


def test_the_class_is_looked_up_when_called(monkeypatch):
    monkeypatch.setattr(api_client, "ClientV2", lambda *args, **kwargs: (args, kwargs))
    assert client.Client("2", 1, a=2) == ((1,), {"a": 2})


def test_unknown_keywords_are_named(with_token):
    with pytest.raises(TypeError, match="'colour', 'shape'"):
        client.Client("2", session=with_token, shape=1, colour=2)


def test_adapter_keywords_reach_the_adapter(with_token):
    made = client.Client("2", session=with_token, connect_retries=3, additional_headers={"X-A": "b"}, retry_deadline=5)
    api = made.clusters.api
    assert (api.connect_retries, api.additional_headers, api.timeout) == (3, {"X-A": "b"}, 60.0)
    assert (api.retry.connect_retries, api.retry.deadline) == (3, 5)


def test_every_request_has_a_timeout_that_can_be_changed(requests_mock):
    requests_mock.get(f"{URL}/plugins", json={"plugins": []})
    make_client().plugins.list()
    make_client(timeout=3.5).plugins.list()
    assert [r.timeout for r in requests_mock.request_history] == [60.0, 3.5]


@pytest.mark.parametrize("name", ["timeout", "reply_timeout", "max_reply_bytes", "retry_deadline"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_limits_that_make_no_sense_are_refused_at_once(name, value, with_token):
    if (name, value) != ("retry_deadline", 0):  # that turns retries off
        with pytest.raises(ValueError, match=name):
            client.Client("2", session=with_token, **{name: value})


def catalog_wire(wire, url, interface="public"):
    """A Keystone whose catalog has the service at `url`."""
    endpoint = {"interface": interface, "url": url, "region": "R", "region_id": "R", "id": "e"}
    token = {
        "methods": ["password"],
        "user": {"id": "u", "name": "u", "domain": {"id": "d", "name": "d"}},
        "project": {"id": "p", "name": "p", "domain": {"id": "d", "name": "d"}},
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": "2099-01-01T00:00:00.000000Z",
        "catalog": [{"type": "data-processing", "name": "sahara", "id": "s", "endpoints": [endpoint]}],
    }
    version = {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": KEYSTONE}]}
    wire.get(KEYSTONE, json={"version": version})
    wire.post(f"{KEYSTONE}/auth/tokens", json={"token": token}, headers={"X-Subject-Token": "t"})


def discovery(wire, root):
    wire.get(
        root,
        status_code=300,
        json={
            "versions": [
                {"id": f"v{v}", "status": s, "links": [{"rel": "self", "href": f"{root}v{v}/"}]}
                for v, s in (("1.0", "SUPPORTED"), ("1.1", "SUPPORTED"), ("2", "CURRENT"))
            ]
        },
    )


@pytest.mark.parametrize(("version", "prefix"), [("1.1", "v1.1"), ("2", "v2")])
def test_the_endpoint_comes_from_the_catalog_through_discovery(version, prefix, requests_mock):
    catalog_wire(requests_mock, "http://sahara.test:8386/")
    discovery(requests_mock, "http://sahara.test:8386/")
    requests_mock.get(f"http://sahara.test:8386/{prefix}/plugins", json={"plugins": []})
    auth = v3.Password(
        KEYSTONE, username="u", password="p", project_name="p", user_domain_id="d", project_domain_id="d"
    )
    made = client.Client(version, session=session.Session(auth), region_name="R")
    assert made.plugins.list() == []
    assert requests_mock.last_request.url == f"http://sahara.test:8386/{prefix}/plugins"


CREDENTIALS = {"auth_url": KEYSTONE, "username": "u", "password": "p", "project_name": "n"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"password": None, "api_key": "p"},
        {"project_name": None, "tenant_name": "n"},
        {"project_name": None, "project_id": "i"},
        {"project_name": None, "tenant_id": "i"},
        {"username": None, "password": None, "token": "t"},
        {"username": None, "password": None, "input_auth_token": "t"},
        {"user_domain_name": "D", "project_domain_id": "d", "insecure": True},
    ],
)
def test_credentials_in_place_of_a_session_warn_and_work(changes, requests_mock):
    catalog_wire(requests_mock, "http://sahara.test:8386/v1.1/p")
    requests_mock.get("http://sahara.test:8386/v1.1/p/plugins", json={"plugins": []})
    requests_mock.get("http://sahara.test:8386/v1.1/p", status_code=404)
    requests_mock.get("http://sahara.test:8386/v1.1/", status_code=404)
    requests_mock.get("http://sahara.test:8386/v1.1", status_code=404)
    requests_mock.get("http://sahara.test:8386/", status_code=404)
    requests_mock.get("http://sahara.test:8386", status_code=404)
    with pytest.warns(DeprecationWarning, match="saharaclient.connect") as caught:
        made = client.Client("1.1", **{**CREDENTIALS, **changes})
    assert caught[0].filename == __file__
    assert made.plugins.list() == []
    if changes.get("insecure"):
        assert requests_mock.last_request.verify is False


@pytest.mark.parametrize("missing", ["auth_url", "username", "password", "project_name"])
def test_what_is_missing_of_credentials_is_listed(missing):
    with pytest.raises(base.ConfigurationError, match=missing):
        client.Client("1.1", **{k: v for k, v in CREDENTIALS.items() if k != missing})


def test_no_session_and_no_credentials():
    with pytest.raises(RuntimeError, match=r"session.*saharaclient\.connect"):
        client.Client("1.1")


def test_a_token_and_an_endpoint_need_no_keystone(requests_mock):
    requests_mock.get(f"{URL}/plugins", json={"plugins": []})
    with pytest.warns(DeprecationWarning):
        made = client.Client("1.1", input_auth_token="t0", sahara_url=URL)
    made.plugins.list()
    assert requests_mock.last_request.headers["X-Auth-Token"] == "t0"


@pytest.fixture
def without_sdk(monkeypatch):
    monkeypatch.setitem(sys.modules, "openstack", None)
    for name in [n for n in os.environ if n.startswith("OS_")]:
        monkeypatch.delenv(name)
    return monkeypatch


def test_connect_reads_the_environment(without_sdk, requests_mock):
    for name, value in CREDENTIALS.items():
        without_sdk.setenv(f"OS_{name.upper()}", value)
    without_sdk.setenv("OS_USER_DOMAIN_ID", "default")
    without_sdk.setenv("OS_PROJECT_DOMAIN_ID", "default")
    catalog_wire(requests_mock, "http://sahara.test:8386/")
    discovery(requests_mock, "http://sahara.test:8386/")
    requests_mock.get("http://sahara.test:8386/v2/plugins", json={"plugins": []})
    made = saharaclient.connect(timeout=7, project_name="other")
    assert isinstance(made, api_client.ClientV2)
    assert made.plugins.list() == []
    sent = next(r for r in requests_mock.request_history if r.method == "POST").json()
    assert sent["auth"]["scope"]["project"]["name"] == "other"
    assert requests_mock.last_request.timeout == 7


def test_connect_says_what_is_needed(without_sdk):
    with pytest.raises(base.ConfigurationError, match="OS_AUTH_URL"):
        saharaclient.connect()
    with pytest.raises(base.ConfigurationError, match="'mine'.*pip install openstacksdk"):
        saharaclient.connect("mine")
    with pytest.raises(client.UnsupportedVersion):
        saharaclient.connect(version="7")


@pytest.fixture
def clouds_yaml(tmp_path, monkeypatch):
    """An empty folder to be in, an empty environment, and a clouds.yaml that OS_CLIENT_CONFIG_FILE names."""
    for name in [n for n in os.environ if n.startswith("OS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    auth = {**CREDENTIALS, "user_domain_id": "d", "project_domain_id": "d"}
    file = tmp_path / "clouds.yaml"
    file.write_text(json.dumps({"clouds": {"mine": {"region_name": "R", "interface": "internal", "auth": auth}}}))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
    return file


def test_connect_reads_clouds_yaml_where_openstacksdk_is(clouds_yaml, requests_mock):
    catalog_wire(requests_mock, "http://sahara.test:8386/", interface="internal")
    discovery(requests_mock, "http://sahara.test:8386/")
    requests_mock.get("http://sahara.test:8386/v1.1/plugins", json={"plugins": []})
    made = saharaclient.connect("mine", "1.1", username="somebody")
    assert made.plugins.list() == []
    assert made.plugins.api.region_name == "R"
    sent = next(r for r in requests_mock.request_history if r.method == "POST").json()
    assert sent["auth"]["identity"]["password"]["user"]["name"] == "somebody"


def test_connect_with_openstacksdk_says_what_is_missing(clouds_yaml):
    with pytest.raises(base.ConfigurationError, match="other was not found"):
        saharaclient.connect("other")
    clouds_yaml.unlink()
    with pytest.raises(base.ConfigurationError, match="auth_url|OS_AUTH_URL"):
        saharaclient.connect()


def test_connect_refuses_what_nothing_takes(clouds_yaml):
    with pytest.raises(TypeError, match="'colour'"):
        saharaclient.connect("mine", colour="red")


def test_an_expired_token_is_renewed_once(requests_mock):
    catalog_wire(requests_mock, "http://sahara.test:8386/v2")
    discovery(requests_mock, "http://sahara.test:8386/")
    requests_mock.get("http://sahara.test:8386/v2", status_code=404)
    refused = {"status_code": 401, "json": {"error": {"code": 401, "title": "Unauthorized", "message": "expired"}}}
    requests_mock.post("http://sahara.test:8386/v2/job-templates", [refused, {"json": {"job_template": {"id": "1"}}}])
    auth = generic.Password(KEYSTONE, username="u", password="p", project_id="p", user_domain_id="d")
    made = client.Client("2", session=session.Session(auth))
    assert made.job_templates.create("n", "Spark").id == "1"


def test_connection_failures_stay_keystoneauths_own(requests_mock):
    requests_mock.get(f"{URL}/plugins", exc=requests.exceptions.ConnectionError("no route"))
    with pytest.raises(exceptions.ConnectFailure):
        make_client().plugins.list()


def test_a_session_makes_no_warning(with_token):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.Client("2", session=with_token)
