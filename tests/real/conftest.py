"""A session with the real Keystone and clients of the real Sahara that `tests/real/run` starts."""

import uuid

import pytest
from keystoneauth1 import session as ks_session
from keystoneauth1.identity import v3

from saharaclient import client
from tests import services


def password(**changes):
    names = ("auth_url", "username", "password", "project_name", "user_domain_id", "project_domain_id")
    return v3.Password(**{**{name: services.login[f"OS_{name.upper()}"] for name in names}, **changes})


def logged_in():
    """A session with the real Keystone, closed at its end."""
    with_token = ks_session.Session(auth=password())
    yield with_token
    with_token.session.close()


@pytest.fixture(scope="session")
def session():
    if not services.REAL:
        pytest.skip("there are no real servers: run these tests with `make test-real`, which starts them")
    yield from logged_in()


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
