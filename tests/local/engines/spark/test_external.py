"""Clusters that stand for an existing master: a real one, started beside the service, and values that name none."""

import dataclasses
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from saharaclient.api.base import OperationFailed
from saharaclient.local import LocalSahara
from saharaclient.local.engines.base import EngineError, InvalidCluster, JobSpec
from saharaclient.local.engines.processes import end
from saharaclient.local.engines.runs.launch import launch
from saharaclient.local.engines.runs.properties import read_properties
from saharaclient.local.engines.runtime import SparkRuntime, find_spark
from saharaclient.local.engines.spark.daemons import ask_master, start_master, start_worker
from saharaclient.local.engines.spark.external import ExternalSparkEngine, UnknownMaster

from . import kubernetes
from .conftest import Recorder, cluster_of

COUNTS = """
from pyspark import SparkContext
print("sum", SparkContext().parallelize(range(100), 4).sum())
"""
LASTS = """
import time
from pyspark import SparkContext
SparkContext().parallelize(range(4), 4).foreach(lambda n: time.sleep(600))
"""


@pytest.fixture(scope="module")
def existing(tmp_path_factory):
    """A Spark of somebody else's: a master and a worker, without authentication, in no cluster of an engine."""
    folder = tmp_path_factory.mktemp("existing")
    runtime = SparkRuntime.find(folder / "java")
    for name in ("logs", "m", "w"):
        (folder / name).mkdir()
    try:
        master = start_master(runtime, folder, "m", suffix="m").wait(time.monotonic() + 60)
        start_worker(runtime, folder, "w", master, cores=2, memory_mib=1024).wait(time.monotonic() + 60)
        yield master
    finally:
        end([], folder)


class Client:
    """The public client, and the few calls that bring a cluster and jobs about."""

    def __init__(self, sahara):
        self.sahara, self.client, self.session = sahara, sahara.client("2"), sahara.session()

    def cluster(self):
        (image, *_), (flavor, *_), (network, *_) = (
            self.ask(service, "GET", path).json()[kind]
            for service, path, kind in (
                ("image", "/v2/images", "images"),
                ("compute", "/flavors", "flavors"),
                ("network", "/v2.0/networks", "networks"),
            )
        )
        version = self.client.plugins.get("spark").versions[0]
        self.client.images.update_image(image["id"], user_name="ubuntu")
        self.client.images.update_tags(image["id"], ["spark", version])
        groups = [
            {"name": name, "count": 1, "flavor_id": flavor["id"], "node_processes": [name]}
            for name in ("master", "slave")
        ]
        cluster = self.client.clusters.create(
            "c", "spark", version, default_image_id=image["id"], net_id=network["id"], node_groups=groups
        )
        return self.client.clusters.wait(cluster.id, until="Active", timeout=60)

    def job(self, cluster, name, program):
        self.ask("object-store", "PUT", "/programs")
        self.ask("object-store", "PUT", f"/programs/{name}", data=program.encode())
        auth = self.sahara.cloud["auth"]
        login = {"user": auth["username"], "password": auth["password"]}
        binary = self.client.job_binaries.create(name, f"swift://programs.sahara/{name}", extra=login)
        template = self.client.job_templates.create(name, "Spark", mains=[binary.id])
        configs = {"configs": {"edp.java.main_class": "unused by Python"}}
        return self.client.jobs.create(template.id, cluster.id, configs=configs).id

    def ask(self, service, method, path, **options):
        endpoint = {"service_type": service, "interface": "public"}
        return self.session.request(path, method, endpoint_filter=endpoint, **options)


def until(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_jobs_go_to_an_existing_spark_that_outlives_them(existing):
    with LocalSahara(spark_master=existing.url) as sahara:
        ours = Client(sahara)
        cluster = ours.cluster()
        assert cluster.info["Spark"]["Master"] == existing.url

        counted = ours.client.jobs.wait(ours.job(cluster, "counts", COUNTS), timeout=90)
        assert counted.info["status"] == "SUCCEEDED"
        assert (Path(counted.info["spark-path"]) / "stdout").read_text() == "sum 4950\n"

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: any(app["cores"] for app in ask_master(existing)["activeapps"]), "the job got no executor")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=60)
        until(lambda: not ask_master(existing)["activeapps"], "the master still runs the cancelled job")

        ours.client.clusters.delete(cluster.id)
        ours.client.clusters.wait_deleted(cluster.id, timeout=60)
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
        counted = ours.client.jobs.wait(ours.job(cluster, "counts", COUNTS), timeout=90)
        assert (Path(counted.info["spark-path"]) / "stdout").read_text() == "sum 4950\n"
        # its pods and what configured them are gone again
        assert set(api.cluster.images) == {image}
        assert len(api.cluster.processes) == 2
        assert not api.cluster.objects

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: len(api.cluster.processes) > 2, "the job got no pod")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=60)
        pods = list(api.cluster.processes.values())
        until(lambda: all(pod.poll() is not None for pod in pods), "an executor outlives its job")


@pytest.fixture
def yarn(tmp_path, monkeypatch):
    """A resource manager and a node; HADOOP_CONF_DIR names the folder of their configuration."""
    if shutil.which("javac") is None:
        pytest.skip("no javac on this machine: the stand-in for YARN is a Java program")
    monkeypatch.setenv("HADOOP_CONF_DIR", str(tmp_path))
    program = Path(__file__).with_name("Yarn.java")
    words = ["java", "-cp", f"{find_spark()[0]}/jars/*", program, tmp_path]
    with (
        (tmp_path / "yarn.log").open("w") as log,
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout.readline() == "ready\n", (tmp_path / "yarn.log").read_text()
            yield tmp_path
        finally:
            process.stdin.close()
            process.wait(30)


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
        counted = ours.client.jobs.wait(ours.job(cluster, "counts", COUNTS), timeout=120)
        assert (Path(counted.info["spark-path"]) / "stdout").read_text() == "sum 4950\n"
        # the application master and the executors that it asked for
        assert len(list(yarn.glob("container_*_01_*"))) == 3

        lasting = ours.job(cluster, "lasts", LASTS)
        until(lambda: len(containers(yarn)) == 3, "the job got no containers")
        ours.client.jobs.cancel(lasting)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(lasting, timeout=60)
        until(lambda: not containers(yarn), "a container outlives its job")


def containers(folder):
    """The processes of the containers that run."""
    found = [process.info["cwd"] or "" for process in psutil.process_iter(["cwd"]) if process.info["cwd"]]
    return {cwd for cwd in found if cwd.startswith(f"{folder}/container_")}


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
        ({"spark.submit.deployMode": "cluster"}, {"spark.eventLog.enabled": None}),
    ],
    ids=["nothing", "no UI", "no log", "driver elsewhere"],
)
def test_what_a_job_says_of_its_pages_is_honoured(tmp_path, given, shown):
    engine = ExternalSparkEngine("spark://127.0.0.1:7077", tmp_path / "java")
    main = tmp_path / "main.py"
    main.write_text("")
    job = JobSpec("id", "Spark", "job", cluster_of(tmp_path / "c"), {}, tmp_path, mains=(main,), configs=given)
    launch(job, engine.target(job.cluster, {"kind": "existing", "master": engine.master}))
    written = read_properties(tmp_path / "spark.conf")
    assert {name: written.get(name) for name in shown} == shown
