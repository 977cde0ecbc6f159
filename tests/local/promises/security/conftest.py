"""Two projects with something in each, and who may not see or change it."""

import pytest

from saharaclient.local import LocalSahara
from tests.local.promises.fuzz.conftest import Target


@pytest.fixture(scope="package")
def local_sahara():
    """A service of these tests' own: they take users and roles away."""
    with LocalSahara() as sahara:
        yield sahara


@pytest.fixture(scope="package")
def mine(local_sahara):
    """The administrator, with one of everything."""
    target = Target(local_sahara)
    target.fill()
    target.store = f"/object-store/v1/AUTH_{target.project}"
    assert target.request("PUT", f"{target.store}/mine")[0] in (201, 202)
    assert target.request("PUT", f"{target.store}/mine/object", b"secret")[0] == 201
    yield target
    target.close()


@pytest.fixture(scope="package")
def other(local_sahara):
    """A member of another project."""
    target = Target(local_sahara)
    target.close()
    session = local_sahara.session(username="demo")
    target.project, target.headers = session.get_project_id(), {"X-Auth-Token": session.get_token()}
    session.session.close()
    yield target
    target.close()
