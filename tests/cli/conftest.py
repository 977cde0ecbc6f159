"""The `openstack` command against any Sahara: a real one where `tests/real/run` started it, else the embedded one."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from tests import services
from tests.cli.launch import Forks, OpenStack, new_process
from tests.services import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from saharaclient.local import LocalSahara


@pytest.fixture(scope="session")
def service() -> Iterator[LocalSahara]:
    """The embedded service."""
    with services.embedded(password="secret", delay=0.05) as local:
        yield local


@pytest.fixture(scope="session")
def cloud_environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables of a shell that reaches the service."""
    if services.REAL:
        return {**os.environ, "COLUMNS": "200"}
    return services.environment_of(request.getfixturevalue("service"))


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    forks = Forks(tmp_path_factory.mktemp("forks"))
    yield forks
    forks.close()


@pytest.fixture(params=["1.1", "2"])
def openstack(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    cloud_environment: dict[str, str],
    forks: Forks,
) -> OpenStack:
    return OpenStack(request.param, tmp_path, cloud_environment, forks)


@pytest.fixture
def executables(tmp_path: Path, cloud_environment: dict[str, str]) -> Iterator[list[OpenStack]]:
    """The executable in both API versions at once; at the real servers in processes of their own, as people do."""
    made, started = [], []
    for version in "1.1", "2":
        folder = tmp_path / version
        folder.mkdir()
        if not services.REAL:
            started.append(Forks(folder))
        made.append(OpenStack(version, folder, cloud_environment, started[-1] if started else new_process))
    yield made
    for forks in started:
        forks.close()


@pytest.fixture
def prefix() -> str:
    """The beginning of the names of all that a test makes."""
    return f"t{secrets.token_hex(3)}"


@pytest.fixture
def lasting() -> dict[str, Any]:
    """Configuration of a cluster whose states last long enough for commands to see them; real ones do."""
    return {} if services.REAL else {"general": {"State delay": "0.8"}}


@pytest.fixture
def unlike_recorded() -> set[str]:
    """Headings under which a service says something else than Sahara's fake plugin."""
    return set() if services.REAL else {"End time"}  # here, a run has one


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
