"""`kill -9` while Spark clusters start, and while Spark jobs are submitted, run, end and are deleted."""

import random
import time

import requests
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from tests.local.sahara.test_spark import JOB, START, Sahara, listening, ports_of, processes_of

from .process import Process, random_numbers

COUNT = """
import sys, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
numbers = spark.sparkContext.parallelize(range(1000), 2)
with open(sys.argv[1], "a") as file:
    file.write(f"{numbers.sum()}\\n")
time.sleep(float(sys.argv[2]))
"""
MOMENTS = (0.3, 1.5, 4.0)  # seconds after a cluster was asked for
KEPT = 2  # jobs whose files are kept
RUNNING = 3  # kills while jobs run
ENDED = {"SUCCEEDED", "FAILED", "KILLED"}


class Restarted(Process):
    """The service as the client's user sees it."""

    def session(self):
        return Session(auth=v3.Password(**self.cloud["auth"]))

    def again(self):
        """Kills the service, starts it anew, and answers the client's user."""
        self.kill()
        return self.begin()

    def begin(self):
        self.start().session.close()
        return Sahara(self, "2")


def end_all(state):
    """Ends what a failed test leaves: clusters outlive a service that is killed."""
    for process in processes_of(state):
        process.kill()


def wait_until(done, seconds=JOB):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ask_for_a_cluster(sahara, name):
    image = sahara.ask("image", "GET", "/v2/images").json()["images"][0]["id"]
    network = sahara.ask("network", "GET", "/v2.0/networks").json()["networks"][0]["id"]
    version = sahara.client.plugins.get("spark").versions[0]
    sahara.client.images.update_image(image, "ubuntu", "")
    sahara.client.images.update_tags(image, ["spark", version])
    group = {"count": 1, "flavor_id": "2"}
    groups = [{**group, "name": process, "node_processes": [process]} for process in ("master", "slave")]
    return sahara.client.clusters.create(name, "spark", version, None, image, node_groups=groups, net_id=network)


def test_clusters_and_jobs_survive_kill_9(tmp_path):
    chance = random_numbers()
    state, ports = tmp_path / "state", set()
    service = Restarted(state, "--max-running-jobs", "2", "--max-kept-runs", str(KEPT))
    try:
        sahara = service.begin()
        cluster = ask_for_a_cluster(sahara, "killed")
        for moment in MOMENTS:
            time.sleep(moment * chance.uniform(0.7, 1.3))
            sahara = service.again()
            assert [one.name for one in sahara.client.clusters.list()] == ["killed"]
        cluster = sahara.client.clusters.wait(cluster.id, timeout=START)
        ports |= ports_of(cluster)
        assert len(processes_of(state)) == 2, "one master and one worker"

        main = sahara.binary("count.py", COUNT.encode())
        template = sahara.job_templates.create("count", "Spark", mains=[main.id])
        acknowledged, deleted, written = [], [], {}
        for number in range(RUNNING):
            for each in range(2):
                out = tmp_path / f"out-{number}-{each}"
                configs = {"args": [str(out), "1" if each else "3"]}
                run = sahara.runs.create(template.id, cluster.id, configs=configs)
                acknowledged.append(run.id)
                written[run.id] = out
            if number:
                gone = chance.choice(acknowledged)
                sahara.runs.delete(gone)
                acknowledged.remove(gone)
                deleted.append(gone)
            time.sleep(chance.uniform(0.0, 9.0))
            sahara = service.again()
            there = {run.id for run in sahara.runs.list()}
            assert there >= set(acknowledged)
            assert there <= {*acknowledged, *deleted}

        wait_until(lambda: all(run.info["status"] in ENDED for run in sahara.runs.list()), 3 * JOB)  # two at a time
        ended = {run.id: run.info["status"] for run in sahara.runs.list()}
        assert ended == dict.fromkeys(acknowledged, "SUCCEEDED"), "every run goes on or is launched again"
        for id_ in acknowledged:
            assert written[id_].read_text() == "499500\n", "a run that was launched is not launched twice"
        wait_until(lambda: len(list((state / "jobs").iterdir())) == KEPT)
        kept = {path.name for path in (state / "jobs").iterdir()}
        ends = {run.id: run.end_time for run in sahara.runs.list()}
        assert kept < set(acknowledged)
        assert min(ends[id_] for id_ in kept) >= max(end for id_, end in ends.items() if id_ not in kept)
        pages = [run.info["spark-history"] for run in sahara.runs.list() if run.id in kept]
        assert all(requests.get(page, timeout=JOB).ok for page in pages), "an event log outlives the service"
        assert len(processes_of(state)) == 3, "master, worker and history server"
        sahara = service.again()  # which ends a history server that nobody knows any more
        assert len(processes_of(state)) == 2
        assert ports_of(sahara.client.clusters.get(cluster.id)) == ports, "the cluster lived all the time"

        sahara.client.clusters.delete(cluster.id)
        time.sleep(chance.uniform(0.0, 0.5))
        sahara = service.again()
        sahara.client.clusters.wait_deleted(cluster.id, timeout=START)
        assert processes_of(state) == []
        assert not ports & listening()
        assert list((state / "clusters").iterdir()) == []
        assert service.terminate(20).endswith("Sahara has stopped.\n")
        assert processes_of(state) == []
    finally:
        service.kill()
        end_all(state)


def test_sigterm_while_a_spark_cluster_starts(tmp_path):
    """It ends within seconds, and the next start makes the cluster."""
    state = tmp_path / "state"
    service = Restarted(state)
    try:
        sahara = service.begin()
        cluster = ask_for_a_cluster(sahara, "interrupted")
        time.sleep(random.uniform(0.5, 3.0))
        assert service.terminate(15).endswith("Sahara has stopped.\n")
        assert processes_of(state) == [], "what was begun is taken back"
        sahara = service.begin()
        sahara.client.clusters.wait(cluster.id, timeout=START)
        sahara.client.clusters.delete(cluster.id)
        sahara.client.clusters.wait_deleted(cluster.id, timeout=START)
        service.terminate(15)
        assert processes_of(state) == []
    finally:
        service.kill()
        end_all(state)
