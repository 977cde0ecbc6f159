"""Figures of Spark on the embedded service, as JSON on stdout: clusters, jobs, and what they take of the machine.

With BENCH_ROUNDS=1 jobs are few, and shell scripts that take no Spark: that they can be measured is all that is tried.
"""

import json
import os
import tempfile
import time
from pathlib import Path

from saharaclient.local import LocalSahara
from saharaclient.local.engines import processes
from saharaclient.local.server.usage import memory
from saharaclient.local.store.files import disk_use

QUICK = os.environ.get("BENCH_ROUNDS") == "1"
QUEUED, KEPT = (3, 2) if QUICK else (30, 20)
PATIENCE = 1800.0
PROGRAMS = {
    "Shell": "#!/bin/sh\nexpr 2 + 2\n",
    "Spark": "from pyspark import SparkContext\nprint(SparkContext().parallelize(range(1000), 2).sum())\n",
}


class Bench:
    """A service, its client, and a cluster of a master and a worker.

    Args:
        sahara: The service.
        state: Its state folder.
    """

    def __init__(self, sahara, state):
        self.sahara, self.client, self.state = sahara, sahara.client("2"), state
        version = self.client.plugins.get("spark").versions[0]
        image = sahara.image("spark", version)
        groups = [
            {"name": process, "count": 1, "flavor_id": sahara.flavor(), "node_processes": [process]}
            for process in ("master", "slave")
        ]
        self.started = time.perf_counter()
        self.cluster = self.client.clusters.create(
            "bench", "spark", version, default_image_id=image, node_groups=groups, net_id=sahara.network()
        )

    def until_active(self):
        """Seconds from the request to Active."""
        self.client.clusters.wait(self.cluster.id, timeout=120)
        return time.perf_counter() - self.started

    def template(self, type_):
        """A program, ready to run."""
        session, where = self.sahara.session(), {"endpoint_filter": {"service_type": "object-store"}}
        session.put("/bench", **where)
        session.put(f"/bench/{type_}", data=PROGRAMS[type_].encode(), **where)
        auth = self.sahara.cloud["auth"]
        login = {"user": auth["username"], "password": auth["password"]}
        binary = self.client.job_binaries.create(type_, f"swift://bench.sahara/{type_}", extra=login)
        return self.client.job_templates.create(type_, type_, mains=[binary.id]).id

    def run(self, template, number=1):
        """The ids of so many jobs, asked for at once, when all have succeeded."""
        configs = {"configs": {"edp.java.main_class": "unused by Python"}}
        ids = [self.client.jobs.create(template, self.cluster.id, configs=configs).id for _ in range(number)]
        for id_ in ids:
            self.client.jobs.wait(id_, timeout=PATIENCE)
        return ids

    def memory(self):
        """What the cluster's processes have in memory, in bytes."""
        return sum(memory(process) for process in processes.of(self.state))


def seconds(call, *arguments):
    """How long a call takes."""
    began = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - began


def measured(bench):
    """All figures; each rests on the one before."""
    figures = {"two Spark nodes Active": bench.until_active(), "idle cluster, memory": bench.memory()}
    template = bench.template("Shell" if QUICK else "Spark")
    bench.run(template)
    figures["second run of a job"] = seconds(bench.run, template)
    before = disk_use(bench.state)
    began = time.perf_counter()
    ids = bench.run(template, QUEUED)
    figures[f"{QUEUED} jobs queued"] = time.perf_counter() - began
    for id_ in ids[KEPT:]:
        bench.client.jobs.delete(id_)
        bench.client.jobs.wait_deleted(id_, timeout=60)
    while len(list((bench.state / "jobs").iterdir())) > KEPT + 2:  # the record goes first
        time.sleep(0.1)
    figures[f"disk after {KEPT} runs"] = disk_use(bench.state) - before
    return figures


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, LocalSahara(folder) as sahara:
        bench = Bench(sahara, Path(folder))
        try:
            print(json.dumps(measured(bench)))
        finally:
            bench.client.clusters.delete(bench.cluster.id)
            bench.client.clusters.wait_deleted(bench.cluster.id, timeout=120)
