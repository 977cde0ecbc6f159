"""The tests of `tests/real`, here against the embedded service: what they need stands ready in it under the same names.

Each module in this folder takes the tests of its namesake there, so that both servers pass the very same ones.
"""

import pytest

from saharaclient.local import LocalSahara
from saharaclient.local.neighbours.network.records import Network
from tests.real.conftest import IMAGE, NETWORK, sahara, unique, version

__all__ = ["sahara", "unique", "version"]


@pytest.fixture(scope="session")
def session(new_database):
    """A session with a service whose credentials are in the environment, as `tests/real/run` puts them there."""
    # A state lasts long enough to be seen.
    with (
        LocalSahara(database=new_database(), password="demo", fake_delay=0.1) as local,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in local.cloud["auth"].items():
            environment.setenv(f"OS_{name.upper()}", value)
        session = local.session()
        image = {"id": IMAGE, "name": "ubuntu-spark", "visibility": "public"}
        session.post(f"{local.url}/image/v2/images", json=image)
        session.put(
            f"{local.url}/image/v2/images/{IMAGE}/file",
            data=b"image",
            headers={"Content-Type": "application/octet-stream"},
        )
        with local.service.database.session() as records:
            project = session.get_project_id()
            records.add(Network(id=NETWORK, name="real", project_id=project, cidr="10.1.0.0/24", external=False))
        yield session
        session.session.close()
