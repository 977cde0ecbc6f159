"""A service whose password is marked, and everything that is logged while a test runs."""

import logging

import pytest

from saharaclient.local import LocalSahara
from tests.leaks.marks import Everything, Marks

TALKATIVE = ("", "saharaclient", "keystoneauth", "urllib3", "requests", "openstack", "sqlalchemy", "asyncio")


@pytest.fixture(scope="session")
def marks():
    return Marks()


@pytest.fixture(scope="session")
def log():
    """All loggers at DEBUG, the service's and the database's too, before the service starts."""
    handler = Everything()
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(1)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(scope="session")
def service(marks, log, tmp_path_factory):
    state = tmp_path_factory.mktemp("secrets") / "state"
    with LocalSahara(state, password=marks["user password"], access_log=True) as sahara:
        yield sahara
