"""Jobs whose drivers run in a cluster of somebody else's: how they end, and what they print, is found here."""

import sys
import threading

import pytest

from saharaclient.api.base import OperationFailed
from saharaclient.local import LocalSahara
from saharaclient.local.engines.base import EngineError, JobSpec
from saharaclient.local.engines.runs.launch import launch
from saharaclient.local.engines.runs.properties import read_properties
from saharaclient.local.engines.runtime import SparkRuntime, find_spark
from saharaclient.local.engines.spark.external import ExternalSparkEngine

from . import kubernetes
from .conftest import cluster_of
from .existing import COUNTS, PATIENCE, Client, containers, until

FAILS = """
print("to begin with")
raise ValueError("no such thing")
"""
SLOW = """
import time
print("begun", flush=True)
time.sleep(600)
"""
CLUSTER = {"spark.submit.deployMode": "cluster", "spark.executor.instances": "1"}


def printed(ours, job, **options):
    return [str(line) for line in ours.client.jobs.logs(job, **options)]


def succeeds(ours, cluster, place):
    """A job runs to its end: its info says where the driver was, its output is here, once."""
    job = ours.job(cluster, "counts", COUNTS)
    counted = ours.client.jobs.wait(job, timeout=PATIENCE)
    assert counted.info["driver"].startswith(place)
    assert printed(ours, job).count("sum 4950") == 1
    return job


def fails(ours, cluster):
    """A job fails in its driver: so it is told, with the driver's own reason."""
    job = ours.job(cluster, "fails", FAILS)
    with pytest.raises(OperationFailed, match="ValueError: no such thing"):
        ours.client.jobs.wait(job, timeout=PATIENCE)
    assert printed(ours, job).count("to begin with") == 1


def is_followed_and_cancelled(ours, cluster):
    """What the driver prints is here while it runs; cancelled, it runs no longer."""
    job = ours.job(cluster, "slow", SLOW)
    begun = threading.Event()

    def follow():
        for line in ours.client.jobs.logs(job, follow=True):
            if line == "begun":
                begun.set()

    reader = threading.Thread(target=follow)
    reader.start()
    try:
        assert begun.wait(PATIENCE), printed(ours, job, stderr=True)[-20:]
    finally:
        ours.client.jobs.cancel(job)
        with pytest.raises(OperationFailed, match="KILLED"):
            ours.client.jobs.wait(job, timeout=PATIENCE)
        reader.join(PATIENCE)
    assert not reader.is_alive()


def test_drivers_run_in_pods_of_kubernetes(tmp_path):
    with kubernetes.Server(SparkRuntime.find(tmp_path / "java"), sys.executable, tmp_path) as api:
        conf = CLUSTER | {
            "spark.kubernetes.container.image": "registry.test/spark-py",
            "spark.kubernetes.file.upload.path": f"file://{tmp_path}",
            "spark.kubernetes.driver.master": api.url.removeprefix("k8s://"),
            "spark.kubernetes.executor.apiPollingInterval": "1s",
        }
        with LocalSahara(spark_master=api.url, spark_conf=conf) as sahara:
            ours = Client(sahara)
            cluster = ours.cluster()
            succeeds(ours, cluster, "pod sahara-job-")
            fails(ours, cluster)
            is_followed_and_cancelled(ours, cluster)
            assert all(process.poll() is not None for process in api.cluster.processes.values())
            left = [name for kind, name in api.cluster.objects if kind == "pods"]
            assert len(left) == 2  # Spark leaves what has ended by itself to whoever wants to look at it


def test_drivers_run_in_containers_of_yarn(yarn):
    conf = CLUSTER | {
        "spark.yarn.jars": f"local:{find_spark()[0]}/jars/*",
        "spark.yarn.stagingDir": f"file://{yarn}/staging",
        "spark.pyspark.python": sys.executable,
        "spark.yarn.tags": "of-the-operator",
    }
    with LocalSahara(spark_master="yarn", spark_conf=conf) as sahara:
        ours = Client(sahara)
        cluster = ours.cluster()
        aside = printed(ours, succeeds(ours, cluster, "application_"), stderr=True)
        assert any("ApplicationMaster" in line for line in aside)  # what Spark says in the driver's container
        is_followed_and_cancelled(ours, cluster)
        until(lambda: not containers(yarn), "a container outlives its job")


def launched(master, folder, type_="Spark"):
    engine, cluster = ExternalSparkEngine(master, folder / "java", CLUSTER), cluster_of(folder / "c")
    main = folder / "main.py"
    main.write_text("")
    job = JobSpec("id", type_, "job", cluster, {}, folder, mains=(main,))
    return launch(job, engine.target(cluster, {"kind": "existing", "master": engine.master}))


@pytest.mark.parametrize("master", ["yarn", "k8s://https://elsewhere.test"])
def test_such_a_driver_is_told_nothing_of_this_machine(tmp_path, master):
    environment = launched(master, tmp_path).environment
    assert "PYSPARK_DRIVER_PYTHON" not in environment
    properties = read_properties(tmp_path / "spark.conf")
    assert "spark.eventLog.enabled" not in properties
    assert not [name for name, value in properties.items() if str(tmp_path) in value]


def test_the_driver_of_a_hive_job_stays_with_its_catalog(tmp_path):
    assert launched("yarn", tmp_path, "Hive").kill is None
    assert read_properties(tmp_path / "spark.conf")["spark.submit.deployMode"] == "client"


def test_is_refused_where_the_driver_could_not_be_followed(tmp_path):
    with pytest.raises(EngineError, match="is for YARN and Kubernetes"):
        launched("spark://127.0.0.1:7077", tmp_path)
