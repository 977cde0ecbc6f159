"""The tests of `tests/cli`, here against the embedded service: what they need stands ready in it under the same names.

Each module in this folder takes the tests of its namesake there, so that both servers pass the very same ones.
"""

import os

import pytest
from sqlalchemy import select

from saharaclient.local import LocalSahara
from saharaclient.local.neighbours.network.records import Network
from tests.cli.conftest import NETWORK, calls, forks, openstack, prefix, templates
from tests.cli.launch import Forks, OpenStack

__all__ = ["calls", "forks", "openstack", "prefix", "templates"]

IMAGES = {1: "ubuntu-spark", 2: "cirros-fake", 3: "centos-vanilla"}


@pytest.fixture(scope="session")
def service():
    """A service with the images, the network and the key pair of `tests/real/cloud`."""
    with LocalSahara(password="secret", fake_delay=0.05) as local:
        session = local.session()
        for number, name in IMAGES.items():
            image = {"id": f"11111111-0000-4000-8000-00000000000{number}", "name": name, "visibility": "public"}
            session.post(f"{local.url}/image/v2/images", json=image)
        compute = session.get_endpoint(service_type="compute")
        session.post(f"{compute}/os-keypairs", json={"keypair": {"name": "demo-key"}})
        with local.service.database.session() as records:
            records.scalars(select(Network).filter_by(name="private")).one().id = NETWORK
        yield local
        session.session.close()


def environment_of(service):
    """The variables of a shell that reaches a service."""
    auth = {f"OS_{name.upper()}": value for name, value in service.cloud["auth"].items()}
    region = {"OS_REGION_NAME": "RegionOne", "OS_IDENTITY_API_VERSION": "3"}
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "COLUMNS": "200", **auth, **region}


@pytest.fixture(scope="session")
def cloud_environment(service):
    return environment_of(service)


@pytest.fixture
def executables(tmp_path, cloud_environment, calls):
    """Both API versions at once, in forks: `make test-real` replays the same in processes of their own."""
    made, forks = [], []
    for version in "1.1", "2":
        folder = tmp_path / version
        folder.mkdir()
        forks.append(Forks(folder))
        made.append(OpenStack(version, folder, cloud_environment, forks[-1], calls))
    yield made
    for fork in forks:
        fork.close()


@pytest.fixture
def lasting():
    """Configuration of a cluster whose states last long enough for commands to see them."""
    return {"general": {"State delay": "0.8"}}


@pytest.fixture
def unlike_recorded():
    return {"End time"}  # here, a run has one
