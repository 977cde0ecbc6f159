"""What a user lets others do, at the real Keystone and at the embedded one: application credentials and trusts."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from keystoneauth1 import exceptions
from keystoneauth1 import session as ks_session
from keystoneauth1.identity import v3

import saharaclient
from saharaclient import client
from tests import services
from tests.real.conftest import password

DOMAIN = {"user_domain_id": "default"}
SECRET = "a secret of somebody's"  # noqa: S105


@pytest.fixture
def keystone(session):
    """Asks Keystone as the administrator; a reply that is none of those expected fails."""
    return Keystone(session)


class Keystone:
    def __init__(self, session):
        self.session = session
        self.url = services.login["OS_AUTH_URL"]

    def __call__(self, method, path, body=None, expected=(200, 201, 204)):
        reply = self.session.request(f"{self.url}/{path}", method, json=body, raise_exc=False)
        assert reply.status_code in expected, reply.text
        return reply.json() if reply.content else None

    def as_(self, auth):
        return Keystone(ks_session.Session(auth=auth))

    @property
    def own(self):
        return f"users/{self.session.get_user_id()}/application_credentials"


@pytest.fixture
def credential(keystone, unique):
    made = keystone("POST", keystone.own, {"application_credential": {"name": unique, "secret": SECRET}})
    yield made["application_credential"]
    keystone("DELETE", f"{keystone.own}/{made['application_credential']['id']}", expected=(204, 404))


@pytest.fixture
def trustee(keystone, unique):
    """A user with no role anywhere, and how it logs in by a trust."""
    made = keystone("POST", "users", {"user": {"name": unique, "password": "secret", "domain_id": "default"}})["user"]
    yield made
    keystone("DELETE", f"users/{made['id']}")


def by_trust(keystone, trustee, trust, **more):
    given = {"username": trustee["name"], "password": "secret", **DOMAIN, **more}
    return v3.Password(keystone.url, trust_id=trust["id"], **given)


@pytest.fixture
def trust(keystone, trustee):
    asked = {
        "trustor_user_id": keystone.session.get_user_id(),
        "trustee_user_id": trustee["id"],
        "project_id": keystone.session.get_project_id(),
        "impersonation": True,
        "roles": [{"name": "member"}],
    }
    made = keystone("POST", "OS-TRUST/trusts", {"trust": asked})["trust"]
    yield made
    keystone("DELETE", f"OS-TRUST/trusts/{made['id']}", expected=(204, 404))


def test_a_program_logs_in_by_an_application_credential(keystone, credential, unique, version):
    """By its id, and by its name and user; the client speaks to Sahara as with any other login."""
    project = keystone.session.get_project_id()
    user = {"username": services.login["OS_USERNAME"], **DOMAIN}
    for auth in (
        v3.ApplicationCredential(keystone.url, SECRET, application_credential_id=credential["id"]),
        v3.ApplicationCredential(keystone.url, SECRET, application_credential_name=unique, **user),
    ):
        session = ks_session.Session(auth=auth)
        assert (session.get_project_id(), session.get_user_id()) == (project, keystone.session.get_user_id())
        sahara = client.Client(version, session=session)
        assert "fake" in {plugin.name for plugin in sahara.plugins.list()}
        told = auth.get_access(session)._data["token"]
        assert told["methods"] == ["application_credential"]
        assert told["application_credential"] == {"id": credential["id"], "name": unique, "restricted": True}
        assert set(told["roles"][0]) == {"id", "name"}
        session.session.close()


def test_connect_takes_it_from_the_environment(credential, monkeypatch):
    for name in [name for name in services.login if name.startswith("OS_")]:
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "OS_AUTH_URL": services.login["OS_AUTH_URL"],
        "OS_AUTH_TYPE": "v3applicationcredential",
        "OS_APPLICATION_CREDENTIAL_ID": credential["id"],
        "OS_APPLICATION_CREDENTIAL_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    with saharaclient.connect() as sahara:
        assert sahara.plugins.list()


def test_what_an_application_credential_is(keystone, credential, unique):
    assert set(credential) == {
        *("id", "name", "description", "user_id", "project_id", "roles", "expires_at", "unrestricted", "system"),
        *("links", "secret"),
    }
    assert credential["secret"] == SECRET
    assert {role["name"] for role in credential["roles"]} >= {"admin", "member", "reader"}
    shown = keystone("GET", f"{keystone.own}/{credential['id']}")["application_credential"]
    assert "secret" not in shown
    assert unique in {one["name"] for one in keystone("GET", keystone.own)["application_credentials"]}
    assert [one["name"] for one in keystone("GET", f"{keystone.own}?name={unique}")["application_credentials"]] == [
        unique
    ]
    keystone("POST", keystone.own, {"application_credential": {"name": unique}}, expected=(409,))
    keystone("GET", f"{keystone.own}/nothing", expected=(404,))
    lesser = {"name": f"{unique}-reader", "roles": [{"name": "reader"}]}
    made = keystone("POST", keystone.own, {"application_credential": lesser})["application_credential"]
    assert [role["name"] for role in made["roles"]] == ["reader"]
    assert len(made["secret"]) > 40
    auth = v3.ApplicationCredential(keystone.url, made["secret"], application_credential_id=made["id"])
    reader = keystone.as_(auth)
    assert auth.get_access(reader.session).role_names == ["reader"]
    reader("POST", "users", {"user": {"name": f"{unique}-no"}}, expected=(403,))
    reader("POST", reader.own, {"application_credential": {"name": "another"}}, expected=(403,))
    reader.session.session.close()
    keystone("DELETE", f"{keystone.own}/{made['id']}")


def test_wrong_application_credentials(keystone, credential, trustee):
    for secret, id_, refusal in (
        ("wrong", credential["id"], exceptions.Unauthorized),
        (SECRET, "nothing", exceptions.NotFound),
    ):
        auth = v3.ApplicationCredential(keystone.url, secret, application_credential_id=id_)
        with pytest.raises(refusal):
            ks_session.Session(auth=auth).get_token()
    for bad in (
        {"name": ""},
        {"name": "x", "expires_at": "yesterday"},
        {"name": "x", "expires_at": "2001-01-01T00:00:00Z"},
        {"name": "x", "roles": [{"name": "nothing"}]},
        {},
    ):
        keystone("POST", keystone.own, {"application_credential": bad}, expected=(400, 404))
    other = f"users/{trustee['id']}/application_credentials"
    keystone("POST", other, {"application_credential": {"name": "x"}}, expected=(403,))


def test_a_token_ends_with_the_application_credential(keystone, credential):
    auth = v3.ApplicationCredential(keystone.url, SECRET, application_credential_id=credential["id"])
    user = keystone.as_(auth)
    user("GET", "auth/projects")
    again = v3.Token(keystone.url, user.session.get_token(), project_id=keystone.session.get_project_id())
    with pytest.raises(exceptions.Forbidden):
        ks_session.Session(auth=again).get_token()
    keystone("DELETE", f"{keystone.own}/{credential['id']}")
    token = {"X-Auth-Token": user.session.get_token()}
    assert requests.get(f"{keystone.url}/auth/projects", headers=token, timeout=60).status_code in (401, 404)
    sahara = user.session.get_endpoint(service_type="data-processing")
    assert requests.get(f"{sahara}/plugins", headers=token, timeout=60).status_code == 401
    user.session.session.close()


def test_an_application_credential_expires(keystone, unique):
    end = datetime.now(UTC) + timedelta(minutes=10)
    asked = {"name": unique, "secret": SECRET, "expires_at": f"{end:%Y-%m-%dT%H:%M:%S.%fZ}"}
    made = keystone("POST", keystone.own, {"application_credential": asked})["application_credential"]
    assert made["expires_at"].startswith(f"{end:%Y-%m-%dT%H:%M:%S}")
    auth = v3.ApplicationCredential(keystone.url, SECRET, application_credential_id=made["id"])
    session = ks_session.Session(auth=auth)
    assert auth.get_access(session).expires <= end
    session.session.close()
    keystone("DELETE", f"{keystone.own}/{made['id']}")


def test_a_trustee_acts_for_the_trustor(keystone, trustee, trust, version):
    """As Heat does with the stacks of its users."""
    auth = by_trust(keystone, trustee, trust)
    user = keystone.as_(auth)
    told = auth.get_access(user.session)
    assert told.user_id == keystone.session.get_user_id()
    assert told.project_id == keystone.session.get_project_id()
    assert set(told.role_names) == {"member", "reader"}
    assert told._data["token"]["OS-TRUST:trust"] == {
        "id": trust["id"],
        "impersonation": True,
        "trustee_user": {"id": trustee["id"]},
        "trustor_user": {"id": keystone.session.get_user_id()},
    }
    assert client.Client(version, session=user.session).plugins.list()
    user("POST", "users", {"user": {"name": "nobody"}}, expected=(403,))
    names = ("trustor_user_id", "trustee_user_id", "project_id", "impersonation")
    more = {name: trust[name] for name in names} | {"roles": [{"name": "admin"}]}
    user("POST", "OS-TRUST/trusts", {"trust": more}, expected=(403,))  # nobody gives itself more than it was given
    again = v3.Token(keystone.url, user.session.get_token(), project_id=told.project_id)
    with pytest.raises(exceptions.Forbidden):
        ks_session.Session(auth=again).get_token()
    keystone("DELETE", f"OS-TRUST/trusts/{trust['id']}")
    with pytest.raises(exceptions.Unauthorized):
        ks_session.Session(auth=by_trust(keystone, trustee, trust)).get_token()
    user.session.session.close()


def test_what_a_trust_is(keystone, trustee, trust, unique):
    assert {role["name"] for role in trust["roles"]} == {"member"}
    assert set(trust) - {"allow_redelegation", "redelegated_trust_id"} == {
        *("id", "trustor_user_id", "trustee_user_id", "project_id", "impersonation", "expires_at", "remaining_uses"),
        *("redelegation_count", "deleted_at", "links", "roles", "roles_links"),
    }
    path = f"OS-TRUST/trusts/{trust['id']}"
    assert keystone("GET", path)["trust"] == trust
    assert [role["name"] for role in keystone("GET", f"{path}/roles")["roles"]] == ["member"]
    role = trust["roles"][0]["id"]
    assert keystone("GET", f"{path}/roles/{role}")["role"]["name"] == "member"
    keystone("GET", f"{path}/roles/nothing", expected=(404,))
    trustor = keystone.session.get_user_id()
    for query in (f"trustor_user_id={trustor}", f"trustee_user_id={trustee['id']}"):
        listed = keystone("GET", f"OS-TRUST/trusts?{query}")["trusts"]
        assert trust["id"] in {one["id"] for one in listed}
        assert "roles" not in listed[0]
    keystone("GET", "OS-TRUST/trusts/nothing", expected=(404,))
    with pytest.raises(exceptions.Forbidden):  # who is not the trustee
        ks_session.Session(auth=password(project_name=None, project_domain_id=None, trust_id=trust["id"])).get_token()


def test_a_trust_is_used_up(keystone, trustee, trust):
    asked = {name: trust[name] for name in ("trustor_user_id", "trustee_user_id", "project_id")}
    asked |= {"impersonation": False, "roles": [{"name": "reader"}], "remaining_uses": 2}
    made = keystone("POST", "OS-TRUST/trusts", {"trust": asked})["trust"]
    for left in (1, 0):
        auth = by_trust(keystone, trustee, made)
        session = ks_session.Session(auth=auth)
        assert auth.get_access(session).user_id == trustee["id"]
        shown = keystone("GET", f"OS-TRUST/trusts/{made['id']}", expected=(200,) if left else (404,))
        assert not left or shown["trust"]["remaining_uses"] == left
        session.session.close()
    with pytest.raises(exceptions.Unauthorized):
        ks_session.Session(auth=by_trust(keystone, trustee, made)).get_token()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"trustor_user_id": "other"}, 403),
        ({"trustee_user_id": "nobody"}, 404),
        ({"roles": []}, 403),
        ({"roles": [{"name": "nothing"}]}, 404),
        ({"impersonation": "perhaps"}, 400),
        ({"remaining_uses": 0}, 400),
        ({"expires_at": "2001-01-01T00:00:00Z"}, 400),
        ({"project_id": "nowhere"}, 404),
    ],
    ids=str,
)
def test_wrong_trusts(keystone, trustee, trust, change, status):
    names = ("trustor_user_id", "trustee_user_id", "project_id", "impersonation", "roles")
    asked = {name: trust[name] for name in names} | {"roles": [{"name": "member"}]} | change
    keystone("POST", "OS-TRUST/trusts", {"trust": asked}, expected=(status,))
