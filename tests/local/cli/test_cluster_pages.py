"""A real Spark cluster's web pages, at the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from saharaclient.local import LocalSahara
from tests.cli.launch import OpenStack
from tests.local.cli.conftest import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def spark() -> Iterator[LocalSahara]:
    """A service with the Spark cluster `pages`."""
    with LocalSahara() as running:
        client = running.client("2")
        made = client.clusters.create(
            "pages",
            plugin_name="spark",
            plugin_version=client.plugins.get("spark").versions[0],
            default_image_id=running.image("spark"),
            net_id=running.network(),
            node_groups=[
                {"name": "all", "count": 1, "flavor_id": running.flavor(), "node_processes": ["master", "slave"]}
            ],
        )
        client.clusters.wait(made.id, timeout=200)
        yield running


@pytest.fixture(params=["1.1", "2"])
def openstack(request: pytest.FixtureRequest, spark: LocalSahara, tmp_path: Path, forks: Any, calls: Any) -> OpenStack:
    return OpenStack(request.param, tmp_path, environment_of(spark), forks, calls)


def test_pages_are_named_and_are_there(openstack: OpenStack) -> None:
    info = openstack("cluster", "show", "pages", "-f", "json", "--nested").json["Info"]
    url = info["Spark"]["Web UI"]
    assert openstack.do("cluster open pages --print").stdout == f"Spark Web UI: {url}\n"
    assert openstack.do("cluster open pages").stdout == f"{url}\n"  # where there is no terminal, no browser is started
    assert "Spark Master" in requests.get(url, timeout=20).text
    (row,) = [line for line in openstack.do("cluster show pages").stdout.splitlines() if url in line]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["Info: Spark: Web UI", url]
