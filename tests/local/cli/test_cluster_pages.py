"""A real Spark cluster's web pages, instances and logs, at the command line."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, Any

import pytest
import requests

from saharaclient.local import LocalSahara
from tests.cli.launch import OpenStack
from tests.services import environment_of, spark_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def spark() -> Iterator[LocalSahara]:
    """A service with the Spark cluster `pages`."""
    with LocalSahara() as running:
        spark_cluster(running, "pages")
        yield running


@pytest.fixture(params=["1.1", "2"])
def openstack(request: pytest.FixtureRequest, spark: LocalSahara, tmp_path: Path, forks: Any) -> OpenStack:
    return OpenStack(request.param, tmp_path, environment_of(spark), forks)


def test_pages_are_named_and_are_there(openstack: OpenStack) -> None:
    info = openstack("cluster", "show", "pages", "-f", "json", "--nested").json["Info"]
    url = info["Spark"]["Web UI"]
    assert openstack.do("cluster open pages --print").stdout == f"Spark Web UI: {url}\n"
    assert openstack.do("cluster open pages").stdout == f"{url}\n"  # where there is no terminal, no browser is started
    assert "Spark Master" in requests.get(url, timeout=20).text
    (row,) = [line for line in openstack.do("cluster show pages").stdout.splitlines() if url in line]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["Info: Spark: Web UI", url]


def test_an_instance_is_a_folder_with_its_environment(openstack: OpenStack, spark: LocalSahara) -> None:
    (instance,) = [row["Name"] for row in openstack.show("cluster instances pages")]
    ssh = ["cluster", "ssh", "pages"]
    printed = openstack.do("cluster ssh pages --print").stdout
    assert f"shell --state {spark.service.settings.state} --instance {instance}" in printed
    told = openstack(*ssh, instance, "--", "pwd; ls $SPARK_CONF_DIR; $SPARK_HOME/bin/spark-submit --version; exit 7")
    assert told.exit == 7
    assert f"/{instance}\n" in told.stdout
    assert "spark-defaults.conf" in told.stdout
    assert "version" in told.stderr
    assert openstack(*ssh, "--", "echo", "first").stdout == "first\n"
    nowhere = openstack(*ssh, "no-such", "--print")
    assert (nowhere.exit, "There is no instance 'no-such'" in nowhere.stderr) == (1, True)


def test_a_diagnosis_has_the_logs_without_secrets(openstack: OpenStack, spark: LocalSahara) -> None:
    folder = spark.service.settings.state / "clusters"
    (log,) = folder.glob("*/logs/*-master.log")
    with log.open("a") as file:
        file.write("a program's own words: password=hunter2\n")
    openstack.do("cluster diagnose pages --output found.tar.gz")
    with tarfile.open(openstack.directory / "found.tar.gz") as archive:
        texts = {name: archive.extractfile(name).read().decode() for name in archive.getnames()}  # type: ignore[union-attr]
    assert "Starting Spark master" in texts[f"pages/logs/{log.name}"]
    assert "password=***" in texts[f"pages/logs/{log.name}"]
    assert not any("hunter2" in text for text in texts.values())
    assert "pages/logs/service.log" in texts
