"""connect(): the same environment means the same cloud, whoever reads it."""

import json
import os
import subprocess
import sys

import pytest
from keystoneauth1 import exceptions

import saharaclient
from saharaclient.api import base
from tests.unit.test_client import KEYSTONE

USER = {
    "OS_AUTH_URL": KEYSTONE,
    "OS_USERNAME": "u",
    "OS_PASSWORD": "p",
    "OS_PROJECT_NAME": "n",
    "OS_USER_DOMAIN_ID": "d",
    "OS_PROJECT_DOMAIN_NAME": "D",
}
NOBODY = {"OS_AUTH_URL": KEYSTONE, "OS_PROJECT_NAME": "n", "OS_PROJECT_DOMAIN_NAME": "D"}
CREDENTIAL = {
    "OS_AUTH_URL": KEYSTONE,
    "OS_AUTH_TYPE": "v3applicationcredential",
    "OS_APPLICATION_CREDENTIAL_SECRET": "s",
}
ENDPOINTS = [
    {"interface": interface, "region_id": region, "region": region, "url": f"http://{region}-{interface}.test/v2"}
    for region in ("one", "two")
    for interface in ("public", "internal")
]
FIRST = "http://one-public.test/v2"


@pytest.fixture
def keystone(requests_mock):
    catalog = [
        {"type": "data-processing", "endpoints": ENDPOINTS},
        {"type": "sahara-new", "endpoints": [{**ENDPOINTS[0], "url": "http://new.test/v2"}]},
    ]
    token = {"catalog": catalog, "expires_at": "2999-01-01T00:00:00Z", "project": {"id": "p"}, "methods": []}
    requests_mock.get(
        KEYSTONE, json={"version": {"id": "v3", "status": "stable", "links": [{"rel": "self", "href": KEYSTONE}]}}
    )
    requests_mock.post(f"{KEYSTONE}/auth/tokens", json={"token": token}, headers={"X-Subject-Token": "t"})
    return requests_mock


@pytest.fixture(params=["keystoneauth1", "openstacksdk"])
def reader(request, tmp_path, monkeypatch):
    """An empty environment that is read by one or by the other."""
    for name in [n for n in os.environ if n.startswith("OS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    if request.param == "keystoneauth1":
        monkeypatch.setitem(sys.modules, "openstack", None)
    else:  # a file that says nothing of the environment's cloud
        file = tmp_path / "clouds.yaml"
        other = {"auth": {"auth_url": "http://other.test"}}
        file.write_text(json.dumps({"clouds": {"other": other, "another": other}}))
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
    return request.param


def connect(monkeypatch, environment, **keywords):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return saharaclient.connect(**keywords)


@pytest.mark.parametrize(
    ("environment", "keywords", "endpoint"),
    [
        ({}, {}, FIRST),
        ({"OS_REGION_NAME": "two"}, {}, "http://two-public.test/v2"),
        ({"OS_INTERFACE": "internal"}, {}, "http://one-internal.test/v2"),
        ({"OS_ENDPOINT_TYPE": "internalURL"}, {}, "http://one-internal.test/v2"),
        ({"OS_REGION_NAME": "two", "OS_INTERFACE": "internal"}, {}, "http://two-internal.test/v2"),
        ({"OS_REGION_NAME": "one"}, {"region_name": "two"}, "http://two-public.test/v2"),
        ({"OS_INTERFACE": "internal"}, {"endpoint_type": "public"}, FIRST),
        ({"OS_DATA_PROCESSING_ENDPOINT_OVERRIDE": "http://mine.test/v2"}, {}, "http://mine.test/v2"),
        ({"OS_DATA_PROCESSING_REGION_NAME": "two"}, {}, "http://two-public.test/v2"),
        ({"OS_DATA_PROCESSING_INTERFACE": "internal"}, {}, "http://one-internal.test/v2"),
        ({"OS_DATA_PROCESSING_SERVICE_TYPE": "sahara-new"}, {}, "http://new.test/v2"),
        ({"OS_REGION_NAME": "Nowhere"}, {}, exceptions.EndpointNotFound),
        ({"OS_REGION_NAME": ""}, {}, FIRST),
    ],
)
def test_the_same_environment_means_the_same_endpoint(environment, keywords, endpoint, reader, keystone, monkeypatch):
    sahara = connect(monkeypatch, {**USER, **environment}, **keywords)
    if isinstance(endpoint, str):
        keystone.get(f"{endpoint}/plugins", json={"plugins": []})
        assert sahara.plugins.list() == []
    else:
        with pytest.raises(endpoint):
            sahara.plugins.list()


@pytest.mark.parametrize(
    ("environment", "keywords", "method", "scope"),
    [
        (USER, {}, "password", {"domain": {"name": "D"}, "name": "n"}),
        (USER, {"project_id": "i"}, "password", {"id": "i"}),
        ({**USER, "OS_PROJECT_ID": "i"}, {"project_name": "m"}, "password", {"domain": {"name": "D"}, "name": "m"}),
        ({**NOBODY, "OS_TOKEN": "t0"}, {}, "token", {"domain": {"name": "D"}, "name": "n"}),
        ({**NOBODY, "OS_AUTH_TYPE": "v3token", "OS_TOKEN": "t0"}, {}, "token", {"domain": {"name": "D"}, "name": "n"}),
        ({**NOBODY}, {"auth_type": "v3token", "token": "t0"}, "token", {"domain": {"name": "D"}, "name": "n"}),
        ({**USER, "OS_AUTH_TYPE": "v3password"}, {}, "password", {"domain": {"name": "D"}, "name": "n"}),
        (
            {"OS_AUTH_URL": KEYSTONE, "OS_APPLICATION_CREDENTIAL_ID": "c", **CREDENTIAL},
            {},
            "application_credential",
            None,
        ),
        (
            {"OS_AUTH_URL": KEYSTONE},
            {
                "auth_type": "v3applicationcredential",
                "application_credential_id": "c",
                "application_credential_secret": "s",
            },
            "application_credential",
            None,
        ),
        ({**USER, "OS_USERNAME": "", "OS_USER_ID": "i"}, {}, "password", {"domain": {"name": "D"}, "name": "n"}),
    ],
)
def test_the_same_environment_means_the_same_user(environment, keywords, method, scope, reader, keystone, monkeypatch):
    keystone.get(f"{FIRST}/plugins", json={"plugins": []})
    assert connect(monkeypatch, environment, **keywords).plugins.list() == []
    sent = next(r for r in keystone.request_history if r.method == "POST").json()["auth"]
    assert sent["identity"]["methods"] == [method]
    assert sent.get("scope", {}).get("project") == scope


@pytest.mark.parametrize(
    ("environment", "keywords", "verify", "cert"),
    [
        ({}, {}, True, None),
        ({"OS_INSECURE": "true"}, {}, False, None),
        ({"OS_INSECURE": "True"}, {"insecure": False}, True, None),
        ({}, {"insecure": True}, False, None),
        ({"OS_CACERT": "/ca.pem"}, {}, "/ca.pem", None),
        ({"OS_CACERT": "/ca.pem"}, {"cacert": "/other.pem"}, "/other.pem", None),
        ({"OS_CERT": "/c.pem", "OS_KEY": "/k.pem"}, {}, True, ("/c.pem", "/k.pem")),
        ({}, {"cert": "/c.pem", "key": "/k.pem"}, True, ("/c.pem", "/k.pem")),
        ({}, {"verify": False}, False, None),
    ],
)
def test_the_same_environment_means_the_same_certificates(environment, keywords, verify, cert, reader, monkeypatch):
    monkeypatch.setattr(os.path, "exists", lambda _: True)
    session = connect(monkeypatch, {**USER, **environment}, **keywords).plugins.api.session
    assert (session.verify, session.cert) == (verify, cert)


@pytest.mark.parametrize(
    ("environment", "keywords", "told"),
    [
        ({}, {}, "OS_AUTH_URL|auth_url"),
        (CREDENTIAL, {}, "(?i)application.credential"),
        ({"OS_AUTH_URL": KEYSTONE, "OS_AUTH_TYPE": "magic"}, {}, "'magic'.*v3password"),
        ({**USER}, {"auth_type": "magic"}, "'magic'.*v3password"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(environment, keywords, told, reader, monkeypatch):
    with pytest.raises(base.ConfigurationError, match=told):
        connect(monkeypatch, environment, **keywords)


@pytest.mark.parametrize("missing", ["OS_USERNAME", "OS_PASSWORD", "OS_AUTH_URL"])
def test_each_variable_that_is_missing_is_named(missing, reader, monkeypatch):
    if reader == "openstacksdk" and missing != "OS_AUTH_URL":
        pytest.skip("openstacksdk leaves it to Keystone to miss it")
    with pytest.raises(base.ConfigurationError, match=f"{missing}|{missing[3:].lower()}"):
        connect(monkeypatch, {n: v for n, v in USER.items() if n != missing})


def test_no_authentication_needs_an_endpoint(reader, requests_mock, monkeypatch):
    requests_mock.get("http://open.test/v2/plugins", json={"plugins": []})
    for keywords in ({"endpoint": "http://open.test/v2"}, {"sahara_url": "http://open.test/v2"}):
        sahara = connect(monkeypatch, {"OS_AUTH_TYPE": "none"}, **keywords)
        assert sahara.plugins.list() == []
    with pytest.raises((base.ConfigurationError, exceptions.EndpointNotFound), match="OS_ENDPOINT|endpoint"):
        connect(monkeypatch, {"OS_AUTH_TYPE": "none"}).plugins.list()


@pytest.mark.parametrize("keyword", ["colour", "pasword"])
def test_a_misspelt_keyword_is_named(keyword, reader, monkeypatch):
    with pytest.raises(TypeError, match=f"'{keyword}'"):
        connect(monkeypatch, USER, **{keyword: "x"})


SCRIPT = """
import sys, saharaclient
saharaclient.connect()
print(*sorted(sys.modules))
"""


def test_openstacksdk_is_imported_only_for_clouds_yaml(tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "XDG_"))}
    environment = {**clean, **USER, "HOME": str(tmp_path)}

    def modules(**more):
        command = [sys.executable, "-c", SCRIPT]
        return subprocess.check_output(command, env={**environment, **more}, text=True, cwd=tmp_path).split()

    assert "openstack" not in modules()
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"other": {"auth": {"auth_url": KEYSTONE}}}}))
    assert "openstack.config" in modules()
