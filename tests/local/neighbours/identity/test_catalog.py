"""Where the catalog says that Sahara is: with its version, and without one for programs that append it themselves."""

import pytest
from keystoneauth1 import identity
from keystoneauth1.session import Session

from saharaclient.client import Client
from saharaclient.local import LocalSahara

SAHARA = {"service_type": "data-processing", "interface": "public"}


@pytest.fixture(scope="module")
def unversioned():
    with LocalSahara(unversioned_catalog=True) as running:
        yield running


def test_with_a_version(local_sahara, admin):
    assert admin.get_endpoint(**SAHARA) == f"{local_sahara.url}/v1.1/{admin.get_project_id()}"


@pytest.mark.parametrize("version", ["3", "2.0"])
def test_without_a_version(unversioned, version):
    auth = {name: unversioned.cloud["auth"][name] for name in ("username", "password")}
    if version == "2.0":
        plugin = identity.v2.Password(f"{unversioned.url}/identity/v2.0", **auth, tenant_name="admin")
    else:
        of_domain = {"project_name": "admin", "user_domain_id": "default", "project_domain_id": "default"}
        plugin = identity.v3.Password(f"{unversioned.url}/identity/v3", **auth, **of_domain)
    session = Session(plugin)
    endpoint = session.get_endpoint(**SAHARA)
    assert endpoint == unversioned.url
    assert session.get(f"{endpoint}/v2/clusters").json() == {"clusters": []}
    for number in ("1.1", "2"):
        assert Client(number, session=session).clusters.list() == []


def test_the_directory_says_the_same(unversioned):
    session = unversioned.session()
    answer = session.get("/v3/endpoints", endpoint_filter={"service_type": "identity", "interface": "public"})
    assert unversioned.url in {endpoint["url"] for endpoint in answer.json()["endpoints"]}
