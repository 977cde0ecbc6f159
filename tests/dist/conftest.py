"""The built files, and environments into which nothing but the wheel is installed: `make dist` builds and runs this."""

import functools
import os
import pathlib
import subprocess
import sys
import venv
from dataclasses import dataclass

import pytest

DIST = pathlib.Path(__file__).parents[2] / "dist"
UV = pathlib.Path(sys.executable).with_name("uv")


@dataclass
class Environment:
    """A virtual environment; what runs in it sees no sources of this project, no OS_* and no home."""

    path: pathlib.Path

    def __call__(self, program, *arguments, status=0, **variables):
        """Run a program of the environment; answers its output, errors among it."""
        passed = {k: v for k, v in os.environ.items() if not k.startswith(("OS_", "PYTHON", "VIRTUAL_ENV"))}
        done = subprocess.run(
            [self.path / "bin" / program, *arguments],
            env={**passed, "PATH": f"{self.path}/bin:/usr/bin:/bin", "HOME": str(self.path), **variables},
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == status, f"{program} {arguments}: {done.stdout}"
        return done.stdout

    def python(self, script, **options):
        return self("python", "-W", "error", "-c", script, **options)

    def install(self, *requirements, quickly=False):
        """Install as a user would, or by uv in a tenth of the time, and let pip check that all fits together."""
        if quickly:
            subprocess.run([UV, "pip", "install", "--quiet", "--python", self.path, *requirements], check=True)
        else:
            cache = os.environ.get("PIP_CACHE_DIR") or str(pathlib.Path.home() / ".cache" / "pip")
            self("python", "-m", "pip", "install", "--quiet", "--no-compile", *requirements, PIP_CACHE_DIR=cache)
        self("python", "-m", "pip", "check")


def built(pattern):
    found = [*DIST.glob(pattern)]
    assert len(found) == 1, f"one {pattern} must be in {DIST}, there are {len(found)}: run `make dist`"
    return found[0]


@pytest.fixture(scope="session")
def wheel():
    return built("*.whl")


@pytest.fixture(scope="session")
def sdist():
    return built("*.tar.gz")


@pytest.fixture(scope="session")
def environment(wheel):
    """Makes the environment of one extra, or of none, the first time that it is asked for."""
    root = DIST.parent / "build" / "environments"

    @functools.cache
    def make(extra=""):
        made = Environment(root / (extra or "base"))
        venv.create(made.path, clear=True, with_pip=True)
        made.install(f"{wheel}[{extra}]" if extra else str(wheel), quickly=bool(extra))
        return made

    return make


@pytest.fixture
def base(environment):
    return environment()
