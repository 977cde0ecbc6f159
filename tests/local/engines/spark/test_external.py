"""Clusters that stand for an existing master: a real one, started beside the service, and values that name none."""

import dataclasses
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from saharaclient.api.base import OperationFailed
from saharaclient.local import LocalSahara
from saharaclient.local.engines.base import EngineError, InvalidCluster, JobSpec
from saharaclient.local.engines.processes import end, environment, spawn
from saharaclient.local.engines.runs.launch import launch
from saharaclient.local.engines.runs.properties import read_properties
from saharaclient.local.engines.runtime import SparkRuntime, find_spark
from saharaclient.local.engines.spark.daemons import StartingDaemon, ask_master
from saharaclient.local.engines.spark.external import ExternalSparkEngine, UnknownMaster

from . import kubernetes
from .conftest import Recorder, cluster_of
from .existing import COUNTS, LASTS, LENGTHS, PATIENCE, Client, containers, until


@pytest.fixture(scope="module")
def existing(tmp_path_factory):
    """A Spark of somebody else's, known by this machine's name: a master and a worker, without authentication."""
    name = socket.gethostname()
    try:
        socket.getaddrinfo(name, None)
    except OSError as error:
        pytest.skip(f"this machine's name, {name}, has no address: {error}")
    folder = tmp_path_factory.mktemp("existing")
    runtime = SparkRuntime.find(folder / "java")

    def start(kind, *arguments):
        settings = {"JAVA_HOME": str(runtime.java_home), "SPARK_DAEMON_MEMORY": "256m"}
        settings["SPARK_DAEMON_JAVA_OPTS"] = "-Dspark.master.rest.enabled=false"  # at a fixed port
        command = [f"{runtime.home}/bin/spark-class", f"org.apache.spark.deploy.{kind}", "--host", name]
        process = spawn(
            [*command, "--port", "0", "--webui-port", "0", *arguments],
            environment=environment(folder, settings), folder=folder, log=folder / "log",
        )  # fmt: skip
        return StartingDaemon(kind, process, folder / "log", 0).wait(time.monotonic() + 60)

    try:
        master = start("master.Master")
        start("worker.Worker", master.url, "--cores", "2", "--memory", "1g")
        assert master.url.startswith(f"spark://{name}:")
        yield master
    finally:
        end([], folder)


def test_jobs_go_to_an_existing_spark_that_outlives_them(existing):
    with LocalSahara(spark_master=existing.url) as sahara:
        ours = Client(sahara)
        cluster = ours.cluster()
        assert cluster.info["Spark"]["Master"] == existing.url

        # what is stored reaches it, as it is on this machine
        ours.store("data", "text", b"one two\nthree\n")
        words = "swift://data.sahara/text", "swift://data.sahara/lengths"
        job = ours.job(cluster, "lengths", LENGTHS, *words, **{"edp.spark.adapt_for_swift": True})
        ours.client.jobs.wait(job, timeout=PATIENCE)
        assert ours.ask("object-store", "GET", "/data/lengths/part-00000").text == "7\n5\n"

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: any(app["cores"] for app in ask_master(existing)["activeapps"]), "the job got no executor")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=PATIENCE)
        until(lambda: not ask_master(existing)["activeapps"], "the master still runs the cancelled job")

        ours.client.clusters.delete(cluster.id)
        ours.client.clusters.wait_deleted(cluster.id, timeout=PATIENCE)
    told = ask_master(existing)
    assert (told["status"], [worker["state"] for worker in told["workers"]]) == ("ALIVE", ["ALIVE"])
    assert len(told["completedapps"]) == 2


def test_jobs_run_in_pods_of_kubernetes(tmp_path):
    image = "registry.test/spark-py:3.5"
    conf = {
        "spark.kubernetes.container.image": image,
        "spark.kubernetes.executor.apiPollingInterval": "1s",
        "spark.executor.instances": "2",
        "spark.driver.host": "127.0.0.1",  # pods reach the driver by the address that the operator names
    }
    with (
        kubernetes.Server(SparkRuntime.find(tmp_path / "java"), sys.executable, tmp_path) as api,
        LocalSahara(spark_master=api.url, spark_conf=conf) as sahara,
    ):
        ours = Client(sahara)
        cluster = ours.cluster()
        assert cluster.info["Spark"]["Master"] == api.url
        counted = ours.client.jobs.wait(ours.job(cluster, "counts", COUNTS), timeout=PATIENCE)
        assert (Path(counted.info["spark-path"]) / "stdout").read_text() == "sum 4950\n"
        # its pods and what configured them are gone again
        assert set(api.cluster.images) == {image}
        assert len(api.cluster.processes) == 2
        assert not api.cluster.objects

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: len(api.cluster.processes) > 2, "the job got no pod")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=PATIENCE)
        pods = list(api.cluster.processes.values())
        until(lambda: all(pod.poll() is not None for pod in pods), "an executor outlives its job")


def test_jobs_run_in_containers_of_yarn(yarn):
    conf = {
        "spark.yarn.jars": f"local:{find_spark()[0]}/jars/*",
        "spark.yarn.stagingDir": f"file://{yarn}/staging",
        "spark.executor.instances": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.pyspark.python": sys.executable,  # the nodes' Python is named by the operator
    }
    with LocalSahara(spark_master="yarn", spark_conf=conf) as sahara:
        ours = Client(sahara)
        cluster = ours.cluster()
        assert cluster.info["Spark"]["Master"] == "yarn"
        counted = ours.client.jobs.wait(ours.job(cluster, "counts", COUNTS), timeout=PATIENCE)
        assert (Path(counted.info["spark-path"]) / "stdout").read_text() == "sum 4950\n"
        # the application master and the executors that it asked for
        assert len(list(yarn.glob("container_*_01_*"))) == 3

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: len(containers(yarn)) == 3, "the job got no containers")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=PATIENCE)
        until(lambda: not containers(yarn), "a container outlives its job")


def test_stands_for_a_master(existing, tmp_path):
    engine, cluster = ExternalSparkEngine(existing.url, tmp_path / "java"), cluster_of(tmp_path / "c")
    engine.validate(cluster)
    state = engine.start(cluster, Recorder())
    assert [check.status for check in engine.verify(cluster, state)] == ["GREEN"]
    assert engine.data_url(cluster, "swift://c.sahara/o") is None
    with pytest.raises(InvalidCluster):
        engine.validate_scaling(cluster, cluster)
    engine.stop(cluster, state)
    assert not cluster.folder.exists()


def test_unreachable_master_is_named(tmp_path):
    with pytest.raises(EngineError, match=r"spark://127\.0\.0\.1:1 cannot be reached"):
        ExternalSparkEngine("spark://127.0.0.1:1", tmp_path / "java").start(cluster_of(tmp_path), Recorder())


def test_yarn_without_configuration(tmp_path, monkeypatch):
    monkeypatch.delenv("HADOOP_CONF_DIR", raising=False)
    monkeypatch.delenv("YARN_CONF_DIR", raising=False)
    with pytest.raises(EngineError, match="HADOOP_CONF_DIR"):
        ExternalSparkEngine("yarn", tmp_path / "java").start(cluster_of(tmp_path), Recorder())


@pytest.mark.parametrize("url", ["local[2]", "spark://", "http://h:1", "spark://h:x", "spark://[::1", "k8s://", ""])
def test_other_urls_are_refused(url):
    with pytest.raises(UnknownMaster, match="names no Spark master"):
        ExternalSparkEngine(url, Path("java"))


@pytest.mark.parametrize("url", ["local[2]", ""])
def test_serve_tells_the_accepted_forms_in_one_line(tmp_path, url):
    command = Path(sys.executable).with_name("sahara-local")
    words = [command, "serve", "--state", tmp_path / "state", "--port", "0", "--spark-master", url]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"sahara-local: --spark-master: {url!r} names no Spark master: "
        "give spark://host:port, yarn or k8s://https://host:port.\n"
    )


def test_serve_refuses_what_is_no_spark_property(tmp_path):
    command = Path(sys.executable).with_name("sahara-local")
    words = [command, "serve", "--state", tmp_path / "state", "--port", "0", "--spark-conf", "executor.memory=1g"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("--spark-conf: 'executor.memory' is no Spark property: write spark.NAME=VALUE\n")


def test_properties_of_the_service_come_last(tmp_path):
    """After a cluster's own, which come after a job's; and executors elsewhere are not told this machine's Python."""
    conf = {"spark.executor.memory": "2g", "spark.app.note": "service", "spark.ui.enabled": "true"}
    engine, cluster = (
        ExternalSparkEngine("k8s://https://elsewhere.test", tmp_path / "java", conf),
        cluster_of(tmp_path / "c"),
    )
    cluster = dataclasses.replace(cluster, configs={"Spark": {"spark.executor.memory": "1g"}})
    main = tmp_path / "main.py"
    main.write_text("")
    job = JobSpec("id", "Spark", "job", cluster, {}, tmp_path, mains=(main,), configs={"spark.cores.max": "1"})
    launched = launch(job, engine.target(cluster, {"kind": "existing", "master": engine.master}))
    assert read_properties(tmp_path / "spark.conf").items() >= {
        ("spark.executor.memory", "1g"),
        ("spark.app.note", "service"),
        ("spark.cores.max", "1"),
        ("spark.ui.enabled", "true"),
    }
    assert "PYSPARK_PYTHON" not in launched.environment


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, {"spark.ui.enabled": "true", "spark.eventLog.enabled": "true"}),
        (
            {"spark.ui.enabled": "false", "spark.eventLog.dir": "file:/elsewhere"},
            {"spark.ui.enabled": "false", "spark.eventLog.enabled": "true", "spark.eventLog.dir": "file:/elsewhere"},
        ),
        ({"spark.eventLog.enabled": "false"}, {"spark.eventLog.enabled": "false"}),
    ],
    ids=["nothing", "no UI", "no log"],
)
def test_what_a_job_says_of_its_pages_is_honoured(tmp_path, given, shown):
    engine = ExternalSparkEngine("spark://127.0.0.1:7077", tmp_path / "java")
    main = tmp_path / "main.py"
    main.write_text("")
    job = JobSpec("id", "Spark", "job", cluster_of(tmp_path / "c"), {}, tmp_path, mains=(main,), configs=given)
    launch(job, engine.target(job.cluster, {"kind": "existing", "master": engine.master}))
    written = read_properties(tmp_path / "spark.conf")
    assert {name: written.get(name) for name in shown} == shown
