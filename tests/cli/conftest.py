"""The `openstack` command against a service that is already there; where it is, OS_* variables say."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.launch import Forks, OpenStack, Outcome, new_process

IMAGE = "11111111-0000-4000-8000-000000000001"
NETWORK = "6e1b0d9a-0000-4000-8000-000000000001"

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def cloud_environment() -> dict[str, str]:
    if not os.environ.get("OS_AUTH_URL"):
        pytest.skip("OS_AUTH_URL is not set: these tests need a running service and its OS_* variables")
    return {**os.environ, "COLUMNS": "200"}


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    forks = Forks(tmp_path_factory.mktemp("forks"))
    yield forks
    forks.close()


@pytest.fixture(scope="session")
def calls() -> list[Outcome]:
    """Every call of the session."""
    return []


@pytest.fixture(params=["1.1", "2"])
def openstack(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    cloud_environment: dict[str, str],
    forks: Forks,
    calls: list[Outcome],
) -> OpenStack:
    return OpenStack(request.param, tmp_path, cloud_environment, forks, calls)


@pytest.fixture
def executables(tmp_path: Path, cloud_environment: dict[str, str], calls: list[Outcome]) -> list[OpenStack]:
    """The executable in both API versions, each time in a process of its own, as a person starts it."""
    made = []
    for version in "1.1", "2":
        folder = tmp_path / version
        folder.mkdir()
        made.append(OpenStack(version, folder, cloud_environment, new_process, calls))
    return made


@pytest.fixture
def prefix() -> str:
    """The beginning of the names of all that a test makes."""
    return f"t{secrets.token_hex(3)}"


@pytest.fixture
def lasting() -> dict[str, Any]:
    """Configuration of a cluster whose states last long enough for commands to see them; real ones do."""
    return {}


@pytest.fixture
def unlike_recorded() -> set[str]:
    """Headings under which a service says something else than Sahara's fake plugin."""
    return set()


@pytest.fixture
def templates(openstack: OpenStack, prefix: str, lasting: dict[str, Any]) -> Iterator[str]:
    """The name of a cluster template; all that was made is deleted at the end."""
    plugin = "--plugin fake --plugin-version 0.1 --flavor m1.tiny"
    openstack.write("lasting.json", lasting)
    openstack.do(f"image register {IMAGE} --username root")
    openstack.do(f"image tags set {IMAGE} --tags fake 0.1")
    openstack.do(f"node group template create --name {prefix}-m --processes namenode jobtracker {plugin}")
    openstack.do(f"node group template create --name {prefix}-w --processes datanode tasktracker {plugin}")
    groups = f"--node-groups {prefix}-m:1 {prefix}-w:1"
    openstack.do(f"cluster template create --name {prefix}-t {groups} --configs lasting.json")
    yield f"{prefix}-t"
    openstack.do(f"cluster template delete {prefix}-t")
    openstack.do(f"node group template delete {prefix}-m {prefix}-w")
    openstack.do(f"image unregister {IMAGE}")
