"""What the tests of the embedded service share. `local_sahara` comes from the package's own pytest plugin."""

import os
import subprocess
import sys
from pathlib import Path

import openstack
import pytest

from tests.local.databases import SQLITE
from tests.postgresql import new_postgresql, postgresql_server

__all__ = ["new_postgresql", "postgresql_server"]

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def new_database(request):
    """Makes an empty database and answers its URL; None means SQLite in the state folder. `databases` chooses."""
    if getattr(request, "param", SQLITE) == SQLITE:
        return lambda: None
    return request.getfixturevalue("new_postgresql")


@pytest.fixture(scope="session")
def admin(local_sahara):
    """A keystoneauth session of the administrator."""
    return local_sahara.session()


@pytest.fixture(scope="session")
def demo(local_sahara):
    """A keystoneauth session of the user `demo`, whose project is another one."""
    return local_sahara.session(username="demo")


@pytest.fixture
def sdk(local_sahara):
    with openstack.connect(**local_sahara.cloud) as connection:
        yield connection


@pytest.fixture
def command_environment(local_sahara):
    auth = {f"OS_{name.upper()}": value for name, value in local_sahara.cloud["auth"].items()}
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "OS_IDENTITY_API_VERSION": "3", **auth}


@pytest.fixture
def run_command(command_environment):
    """Runs a command of the environment against the service; answers its standard output."""

    def run(*words, cwd=None):
        command = [BIN / words[0], *words[1:]]
        done = subprocess.run(
            command, env=command_environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    return run
