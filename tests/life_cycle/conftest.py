"""What holds of every Sahara: of the real one, and of the embedded one with its records in each database."""

import pytest

from tests import services
from tests.local.databases import POSTGRESQL, SQLITE
from tests.postgresql import new_postgresql, postgresql_server
from tests.real.conftest import logged_in, sahara, unique, version

__all__ = ["new_postgresql", "postgresql_server", "sahara", "unique", "version"]


@pytest.fixture(scope="session", params=["real"] if services.REAL else [SQLITE, POSTGRESQL])
def session(request):
    """A session with a service, whose credentials are in `services.login`."""
    if request.param == "real":
        yield from logged_in()
        return
    database = request.getfixturevalue("new_postgresql")() if request.param == POSTGRESQL else None
    # A state lasts long enough to be seen.
    with services.embedded(password="demo", delay=0.1, database=database) as local:
        services.login.update(services.environment_of(local))
        session = local.session()
        yield session
        session.session.close()
