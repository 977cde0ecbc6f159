"""The real `openstack` executable against a service that is already there; where it is, OS_* variables say."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

EXECUTABLE = Path(sys.executable).with_name("openstack")


@dataclass
class Outcome:
    command: str
    exit: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        assert self.exit == 0, self
        return json.loads(self.stdout)


@dataclass
class OpenStack:
    """Runs `openstack dataprocessing …` in one API version; notes every call."""

    version: str
    directory: Path
    environment: dict[str, str]
    calls: list[Outcome] = field(default_factory=list)

    def interrupted(self, *arguments: str) -> Outcome:
        """Run a command and press Ctrl-C as soon as it tells of progress."""
        command = [str(EXECUTABLE), "--os-data-processing-api-version", self.version, "dataprocessing", *arguments]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment, cwd=self.directory
        ) as process:
            assert process.stderr is not None
            first = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
            return Outcome(" ".join(arguments), process.returncode, stdout, first + stderr)

    def __call__(self, *arguments: str, timeout: float = 240, **environment: str) -> Outcome:
        command = [str(EXECUTABLE), "--os-data-processing-api-version", self.version, "dataprocessing", *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            env={**self.environment, **environment},
        )
        outcome = Outcome(" ".join(arguments), done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in outcome.stdout + outcome.stderr, outcome
        self.calls.append(outcome)
        return outcome


@pytest.fixture(scope="session")
def cloud_environment() -> dict[str, str]:
    if not os.environ.get("OS_AUTH_URL"):
        pytest.skip("OS_AUTH_URL is not set: these tests need a running service and its OS_* variables")
    return {**os.environ, "COLUMNS": "200"}


@pytest.fixture(params=["1.1", "2"])
def openstack(request: pytest.FixtureRequest, tmp_path: Path, cloud_environment: dict[str, str]) -> OpenStack:
    return OpenStack(request.param, tmp_path, cloud_environment)


@pytest.fixture
def prefix() -> str:
    """The beginning of the names of all that a test makes."""
    return f"t{secrets.token_hex(3)}"
