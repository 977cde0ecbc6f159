"""Programs in environments of their own, with pinned versions, and the service that they meet."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / ".venv-consumers"
UV = Path(sys.executable).with_name("uv")


@dataclass
class Program:
    """An environment in which a program is installed beside this client.

    Args:
        path: where it is.
        login: the variables that say where the cloud is and who is asking.
    """

    path: Path
    login: dict[str, str]

    def start(self, name, *arguments, folder, output=subprocess.PIPE):
        """Start one of its commands."""
        passed = {k: v for k, v in os.environ.items() if not k.startswith(("OS_", "PYTHON", "VIRTUAL_ENV"))}
        path = f"{self.path}/bin:{os.environ['PATH']}"
        return subprocess.Popen(
            [self.path / "bin" / name, *map(str, arguments)],
            env={**passed, **self.login, "PATH": path, "HOME": str(folder)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __call__(self, name, *arguments, folder, status=0):
        """Run one of its commands to its end; answers what it has printed."""
        process = self.start(name, *arguments, folder=folder)
        printed, _ = process.communicate(timeout=300)
        assert process.returncode == status, printed
        return printed


@pytest.fixture(scope="session")
def login(local_sahara):
    auth = local_sahara.cloud["auth"]
    return {
        "OS_AUTH_URL": auth["auth_url"],
        "OS_USERNAME": auth["username"],
        "OS_PASSWORD": auth["password"],
        "OS_PROJECT_NAME": auth["project_name"],
        "OS_USER_DOMAIN_ID": "default",
        "OS_PROJECT_DOMAIN_ID": "default",
        "OS_IDENTITY_API_VERSION": "3",
        "OS_REGION_NAME": "RegionOne",
    }


@pytest.fixture(scope="session")
def installed(login):
    """Installs a program, unless that has been done; this client is always installed anew.

    `overrides` are versions that its age needs, whatever its own libraries want.
    """

    def install(name, *requirements, overrides=()):
        path, wanted = ENVIRONMENTS / name, "\n".join([*requirements, *overrides])
        ready = path / "requirements.txt"
        if not ready.exists() or ready.read_text() != wanted:
            run(UV, "venv", "--quiet", "--clear", "--python", sys.executable, path)
            held = path / "overrides.txt"
            held.write_text("\n".join(overrides))
            run(UV, "pip", "install", "--quiet", "--python", path, "--override", held, *requirements)
            ready.write_text(wanted)
        run(UV, "pip", "install", "--quiet", "--python", path, "--reinstall-package", "python-saharaclient", ROOT)
        return Program(path, login)

    return install


def run(*command):
    subprocess.run(list(map(str, command)), check=True)


def until(condition, seconds=120):
    """What it answers as soon as that is true of it."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.2)
    return answer


def free_port():
    """A port of 127.0.0.1 for a program that cannot choose one itself."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def listens(port):
    """Whether somebody listens there."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
