"""The life of a Spark cluster through the client in either API version: real processes, and none left at the end."""

import contextlib
import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from saharaclient.api.base import APIException
from saharaclient.client import Client
from saharaclient.local import LocalSahara

START, JOB = 120.0, 180.0  # seconds; 10 and 25 on two cores that do nothing else
COUNT = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
lines = spark.sparkContext.textFile(sys.argv[1])
lines.map(lambda line: str(len(line))).coalesce(1).saveAsTextFile(sys.argv[2])
"""


def processes_of(state):
    """Processes that the service has started, wherever they are by now."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and any(str(state) in value for value in process.environ().values()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def ports_of(cluster):
    """The ports that a cluster tells of."""
    return {int(port) for urls in cluster.info.values() for port in re.findall(r":(\d+)", " ".join(urls.values()))}


def listening():
    return {each.laddr.port for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN}


class Sahara:
    """The client, and what a cloud's user knows of the other services."""

    def __init__(self, sahara, version):
        self.session, self.first = sahara.session(), version == "1.1"
        self.client = Client(version, session=self.session)
        self.runs = self.client.job_executions if self.first else self.client.jobs
        self.job_templates = self.client.jobs if self.first else self.client.job_templates
        self.login = {name: sahara.cloud["auth"][f"{other}"] for name, other in LOGIN}

    def ask(self, service, method, path, **options):
        endpoint = {"service_type": service, "interface": "public"}
        return self.session.request(path, method, endpoint_filter=endpoint, **options)

    def cluster(self):
        image = self.ask("image", "GET", "/v2/images").json()["images"][0]["id"]
        network = self.ask("network", "GET", "/v2.0/networks").json()["networks"][0]["id"]
        version = self.client.plugins.get("spark").versions[0]
        self.client.images.update_image(image, "ubuntu", "")
        assert self.client.plugins.get_version_details("spark", version).required_image_tags == ["spark", version]
        groups = [
            {"name": name, "count": 1, "flavor_id": "2", "node_processes": [name, of_hdfs], "node_configs": configs}
            for name, of_hdfs, configs in (
                ("master", "namenode", {"HDFS": {"Name Node Heap Size": 1024}}),
                ("slave", "datanode", {}),
            )
        ]
        asked = {
            "plugin_name": "spark",
            "hadoop_version" if self.first else "plugin_version": version,
            "default_image_id": image,
            "net_id": network,
            "node_groups": groups,
            "cluster_configs": {"HDFS": {"dfs.replication": 1}},  # as in templates for Sahara's own plugin
        }
        self.client.images.update_tags(image, ["spark"])
        with pytest.raises(APIException, match=f"doesn't contain required tags: .*{re.escape(version)}"):
            self.client.clusters.create("life", **asked)
        self.client.images.update_tags(image, ["spark", version])
        made = self.client.clusters.wait(self.client.clusters.create("life", **asked).id, timeout=START)
        assert made.info["HDFS"].keys() == {"namenode", "datanode"}
        assert all(told.startswith("starts nothing") for told in made.info["HDFS"].values())
        return made

    def binary(self, name, content):
        if self.first:
            stored = self.client.job_binary_internals.upload(name, io.BytesIO(content))
            return self.client.job_binaries.create(name, f"internal-db://{stored.id}")
        self.store(name, content)
        return self.client.job_binaries.create(name, f"swift://life.sahara/{name}", extra=self.login)

    def store(self, name, content):
        self.ask("object-store", "PUT", "/life")
        self.ask("object-store", "PUT", f"/life/{name}", data=content)

    def source(self, name):
        url = f"swift://life.sahara/{name}"
        return self.client.data_sources.create(name, "", "swift", url, self.login["user"], self.login["password"])

    def run(self, cluster, type_, main, configs):
        template = self.job_templates.create(main.name, type_, mains=[main.id])
        return self.runs.wait(self.runs.create(template.id, cluster.id, configs=configs).id, timeout=JOB)

    def scale(self, cluster, count):
        self.client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "slave", "count": count}]})
        return self.client.clusters.wait_verified(self.client.clusters.wait(cluster.id, timeout=START).id)


LOGIN = (("user", "username"), ("password", "password"))


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_the_life_of_a_spark_cluster(tmp_path, version):
    state = tmp_path / "state"
    with LocalSahara(state=state) as running:
        sahara = Sahara(running, version)
        cluster = sahara.cluster()
        ports = ports_of(cluster)
        assert len(ports) == 2
        assert ports <= listening()
        assert len(processes_of(state)) == 2

        shell = sahara.binary("hello.sh", b'#!/bin/sh\necho "$1 $WHO"\nprintenv >"$2"\n')
        seen = tmp_path / "environment"
        run = sahara.run(cluster, "Shell", shell, {"args": ["hello", str(seen)], "params": {"WHO": "world"}})
        folder = state / "jobs" / run.id
        assert run.info["spark-path"] == str(folder)
        assert (folder / "stdout").read_text() == "hello world\n"
        assert sahara.login["password"] not in seen.read_text()

        sahara.store("lines", b"a\nbb\n\nccc\n")
        sources = [sahara.source(name) for name in ("lines", "lengths")]
        count = sahara.binary("lengths.py", COUNT.encode())
        names = {
            "args": ["datasource://lines", sources[1].id],
            "configs": {"edp.substitute_data_source_for_name": "True", "edp.substitute_data_source_for_uuid": "True"},
        }
        run = sahara.run(cluster, "Spark", count, names)
        assert sahara.ask("object-store", "GET", "/life/lengths/part-00000").content.split() == [b"1", b"2", b"0", b"3"]
        assert not (state / "jobs" / run.id / "data").exists()

        assert sahara.scale(cluster, 2).verification["status"] == "GREEN"
        assert len(processes_of(state)) == 3
        assert sahara.scale(cluster, 1).verification["status"] == "GREEN"
        assert len(processes_of(state)) == 2

        sahara.client.clusters.delete(cluster.id)
        sahara.client.clusters.wait_deleted(cluster.id, timeout=START)
        assert processes_of(state) == []
        assert not ports & listening()
        assert not (state / "clusters" / cluster.id).exists()


WRITES = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(int(sys.argv[3])).coalesce(1).write.mode(sys.argv[1]).csv(sys.argv[2])
"""
INSERTS = b"INSERT OVERWRITE DIRECTORY '${OUTPUT}' USING csv SELECT 7 UNION ALL SELECT 8;"


def test_what_spark_writes_where_something_is_already(tmp_path):
    with LocalSahara(state=tmp_path / "state") as running:
        sahara = Sahara(running, "2")
        cluster = sahara.cluster()
        place, main = sahara.source("out"), sahara.binary("writes.py", WRITES.encode())
        hive = sahara.job_templates.create("hive", "Hive", mains=[sahara.binary("inserts.sql", INSERTS).id])

        def stored():
            listed = sahara.ask("object-store", "GET", "/life", params={"format": "json", "prefix": "out/"}).json()
            assert "out/_SUCCESS" in [one["name"] for one in listed]
            return sorted(
                sahara.ask("object-store", "GET", f"/life/{one['name']}").text
                for one in listed
                if "/part-" in one["name"]
            )

        writes = sahara.job_templates.create("writes", "Spark", mains=[main.id])
        for mode, rows, wanted in (
            ("overwrite", 2, ["0\n1\n"]),
            ("overwrite", 3, ["0\n1\n2\n"]),
            ("append", 1, ["0\n", "0\n1\n2\n"]),
        ):
            configs = {"args": [mode, "swift://life.sahara/out", str(rows)]}
            sahara.runs.wait(sahara.runs.create(writes.id, cluster.id, configs=configs).id, timeout=JOB)
            assert stored() == wanted
        sahara.store("in", b"")
        data = {"input_id": sahara.source("in").id, "output_id": place.id}
        sahara.runs.wait(sahara.runs.create(hive.id, cluster.id, **data).id, timeout=JOB)
        assert sorted("".join(stored()).split()) == ["7", "8"]

        # the same cluster by hand, with its secret and its tables
        command = [Path(sys.executable).with_name("sahara-local"), "shell", "life", "--state", tmp_path / "state"]
        words = ["--program", "spark-sql", "-e", "SELECT count(*) + 41 FROM range(1)"]
        here = tmp_path / "here"
        here.mkdir()
        done = subprocess.run([*command, *words], cwd=here, capture_output=True, text=True, timeout=JOB, check=False)
        assert done.stdout == "42\n", done.stderr[-3000:]
        assert not list(here.iterdir())  # no log of the tables' database, for one

        sahara.client.clusters.delete(cluster.id)
        sahara.client.clusters.wait_deleted(cluster.id, timeout=START)


WAITS = """
import pathlib, sys, time
from pyspark import SparkContext
print(SparkContext().parallelize(range(4)).count())
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.1)
"""


def test_a_restart_takes_cluster_and_job_up_again(tmp_path):
    """And Spark's own pages show the job all the while, and when its cluster is gone."""
    state = tmp_path / "state #1"  # which URLs of files must not cut
    with LocalSahara(state=state) as running:
        sahara = Sahara(running, "2")
        cluster = sahara.cluster()
        flag = tmp_path / "go"
        main = sahara.binary("waits.py", WAITS.encode())
        template = sahara.job_templates.create("waits", "Spark", mains=[main.id])
        run = sahara.runs.create(template.id, cluster.id, configs={"args": [str(flag)]})
        live = shown_by(sahara, run, "spark-ui")
    with LocalSahara(state=state) as running:
        sahara = Sahara(running, "2")
        assert shown_by(sahara, run, "spark-ui") == live
        assert shown_by(sahara, run, "spark-history") == live
        flag.touch()
        info = sahara.runs.wait(run.id, timeout=JOB).info
        assert info["status"] == "SUCCEEDED"
        assert "spark-ui" not in info
        assert sahara.client.clusters.get(cluster.id).info == cluster.info
        sahara.client.clusters.delete(cluster.id)
        sahara.client.clusters.wait_deleted(cluster.id, timeout=START)
        assert processes_of(state) == []

        command = [Path(sys.executable).with_name("sahara-local"), "history", "waits", "--no-browser", "--state", state]
        began = time.monotonic()
        page = subprocess.run(command, capture_output=True, text=True, timeout=JOB, check=True).stdout.strip()
        print(f"the page of a job that has ended took {time.monotonic() - began:.1f} s")
        assert requests.get(f"{page}jobs/", timeout=JOB).ok
        assert page.startswith(shown_by(sahara, run, "spark-history").removesuffix("jobs/"))
        assert len(processes_of(state)) == 1  # the history server
        assert requests.get(f"{running.url}/history/none", timeout=JOB).status_code == 404
    assert processes_of(state) == []


def shown_by(sahara, run, page):
    """Where a link in a job's info leads, once that is Spark's list of jobs; its page is there before the list."""
    deadline = time.monotonic() + JOB
    while True:
        if link := sahara.runs.get(run.id).info.get(page):
            with contextlib.suppress(requests.exceptions.ChunkedEncodingError):  # Spark cuts off a page now and then
                found = requests.get(link, timeout=JOB)
                if found.ok and found.url.endswith("/jobs/"):
                    return found.url
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_of_a_temporary_state_outlives_it():
    with LocalSahara() as running:
        sahara = Sahara(running, "2")
        cluster = sahara.cluster()
        main = sahara.binary("lasts.sh", b"sleep 600\n")
        run = sahara.runs.create(sahara.job_templates.create("lasts", "Shell", mains=[main.id]).id, cluster.id)
        state = running.service.settings.state
        deadline = time.monotonic() + JOB
        while sahara.runs.get(run.id).info["status"] != "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert len(processes_of(state)) > 3
    assert processes_of(state) == []
    assert not state.exists()
