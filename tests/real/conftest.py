"""A session with the real Keystone and clients of the real Sahara that `tests/real/run` starts."""

import os
import uuid

import pytest
from keystoneauth1 import session as ks_session
from keystoneauth1.identity import v3

from saharaclient import client

IMAGE = "11111111-0000-4000-8000-000000000001"
NETWORK = "6e1b0d9a-0000-4000-8000-000000000001"


def password(**changes):
    names = ("auth_url", "username", "password", "project_name", "user_domain_id", "project_domain_id")
    return v3.Password(**{**{name: os.environ[f"OS_{name.upper()}"] for name in names}, **changes})


@pytest.fixture(scope="session")
def session():
    if "OS_AUTH_URL" not in os.environ:
        pytest.skip("OS_AUTH_URL is not set: run these tests with `make test-real`, which starts the servers")
    with_token = ks_session.Session(auth=password())
    yield with_token
    with_token.session.close()


@pytest.fixture(params=["1.1", "2"], scope="session")
def version(request):
    return request.param


@pytest.fixture(scope="session")
def sahara(session, version):
    return client.Client(version, session=session)


@pytest.fixture
def unique():
    """A word for names that no other test uses."""
    return f"t{uuid.uuid4().hex[:8]}"
