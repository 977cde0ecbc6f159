"""Authentication as keystoneauth's plugins do it, and what tokens open and do not open."""

import pytest
import requests
from keystoneauth1 import exceptions, identity
from keystoneauth1.session import Session
from sqlalchemy import select

from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.records import Token

DOMAINS = {"user_domain_id": "default", "project_domain_id": "default"}


@pytest.fixture
def login(local_sahara):
    auth = local_sahara.cloud["auth"]
    return {name: auth[name] for name in ("username", "password")}


def auth_url(sahara, path=""):
    return f"{sahara.url}/identity{path}"


def v3_password(sahara, login):
    return identity.v3.Password(auth_url(sahara, "/v3"), **login, project_name="admin", **DOMAINS)


def v2_password(sahara, login):
    return identity.v2.Password(auth_url(sahara, "/v2.0"), **login, tenant_name="admin")


def generic_password(sahara, login):
    return identity.generic.Password(auth_url(sahara), **login, project_name="admin", **DOMAINS)


def generic_without_domains(sahara, login):
    return identity.generic.Password(auth_url(sahara), **login, project_name="admin")


@pytest.mark.parametrize("plugin", [v3_password, v2_password, generic_password, generic_without_domains])
def test_password_plugins(local_sahara, login, plugin):
    session = Session(plugin(local_sahara, login))
    for interface in ("public", "internal", "admin"):
        endpoint = session.get_endpoint(service_type="data-processing", interface=interface, region_name="RegionOne")
        assert endpoint == f"{local_sahara.url}/v1.1/{session.get_project_id()}"
    assert session.get("/v2.1/flavors", endpoint_override=f"{local_sahara.url}/compute").ok


def test_token_plugins_and_rescoping(local_sahara, login):
    unscoped = Session(identity.v3.Password(auth_url(local_sahara, "/v3"), **login, user_domain_id="default"))
    assert unscoped.get_project_id() is None
    own = unscoped.get(f"{auth_url(local_sahara)}/v3/auth/projects").json()["projects"]
    assert {project["name"] for project in own} == {"admin", "demo"}
    token = unscoped.get_token()
    scoped = identity.v3.Token(auth_url(local_sahara, "/v3"), token, project_name="demo", project_domain_id="default")
    assert Session(scoped).get_project_id() in {project["id"] for project in own}
    old = identity.v2.Token(auth_url(local_sahara, "/v2.0"), token, tenant_name="admin")
    assert Session(old).get_project_id() == local_sahara.session().get_project_id()
    # A token made from a token does not outlive it.
    expiry = unscoped.auth.get_access(unscoped).expires
    assert scoped.get_access(Session(scoped)).expires == expiry


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}, {"project_name": "nowhere"}])
def test_wrong_credentials(local_sahara, login, wrong):
    given = {"project_name": "admin", **login, **wrong}
    with pytest.raises(exceptions.Unauthorized, match="requires authentication"):
        Session(identity.v3.Password(auth_url(local_sahara, "/v3"), **given, **DOMAINS)).get_token()


def test_project_without_role(local_sahara, login):
    given = {**login, "username": "demo", "project_name": "admin"}
    with pytest.raises(exceptions.Unauthorized):
        Session(identity.v3.Password(auth_url(local_sahara, "/v3"), **given, **DOMAINS)).get_token()


def test_check_and_revoke(local_sahara, admin):
    session = local_sahara.session()
    token = session.get_token()
    url = f"{auth_url(local_sahara)}/v3/auth/tokens"
    subject = {"X-Subject-Token": token}
    assert admin.get(url, headers=subject).json()["token"]["user"]["name"] == "admin"
    assert admin.head(url, headers=subject).status_code == 200
    assert admin.delete(url, headers=subject).status_code == 204
    assert admin.get(url, headers=subject, raise_exc=False).status_code == 404
    answer = requests.get(f"{local_sahara.url}/compute/v2.1/flavors", headers={"X-Auth-Token": token}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["title"]) == (401, "Unauthorized")
    assert "/identity/v3" in answer.headers["WWW-Authenticate"]


def test_only_an_administrator_sees_others_tokens(local_sahara, demo):
    subject = {"X-Subject-Token": local_sahara.session().get_token()}
    url = f"{auth_url(local_sahara)}/v3/auth/tokens"
    assert demo.get(url, headers=subject, raise_exc=False).status_code == 404
    assert demo.get(f"{auth_url(local_sahara)}/v3/users", raise_exc=False).status_code == 403


def test_tokens_are_kept_hashed_alone(local_sahara, admin):
    token = admin.get_token()
    with local_sahara.service.database.session(read_only=True) as session:
        assert token not in session.scalars(select(Token.hash)).all()


def test_tokens_expire(local_sahara):
    token = local_sahara.session().get_token()
    headers = {"X-Auth-Token": token}
    url = f"{local_sahara.url}/identity/v3/auth/projects"
    assert requests.get(url, headers=headers, timeout=10).status_code == 200
    with local_sahara.service.database.session() as session:
        record = tokens.find(session, token)
        record.expires_at = record.issued_at
    assert requests.get(url, headers=headers, timeout=10).status_code == 401


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"auth": 1}', '{"auth": {"identity": {"methods": [[]]}}}', "[" * 100_000, '{"a": "\\ud800"}',
     '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": [], "domain": 3}}}}}',
     '{"auth": {"passwordCredentials": {"username": {}, "password": "x"}}}'],
)  # fmt: skip
def test_malformed_requests(local_sahara, body):
    for path in ("/v3/auth/tokens", "/v2.0/tokens"):
        answer = requests.post(auth_url(local_sahara, path), data=body, timeout=10)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["error"]["message"]


@pytest.mark.parametrize("name", ["Default", "default"])
def test_the_domains_name_in_any_case(local_sahara, name):
    """sahara-scenario gives it in small letters."""
    auth = local_sahara.cloud["auth"]
    user = {"username": auth["username"], "password": auth["password"], "project_name": "admin"}
    domains = {"user_domain_name": name, "project_domain_name": name}
    session = Session(identity.v3.Password(auth["auth_url"], **user, **domains))
    assert session.get_token()
    found = session.get(f"{auth['auth_url']}/domains?name={name}").json()["domains"]
    assert [domain["name"] for domain in found] == ["Default"]
    session.session.close()
    domains["user_domain_name"] = "defaults"
    with pytest.raises(exceptions.Unauthorized):
        Session(identity.v3.Password(auth["auth_url"], **user, **domains)).get_token()
