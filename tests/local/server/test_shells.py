"""Shells on a cluster side by side, and beside a Hive job: its tables are for one at a time, and each is told so."""

import contextlib
import io
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from saharaclient.local import LocalSahara
from tests.services import spark_cluster

PATIENCE = 180.0  # seconds; a shell takes 8 on two cores that do nothing else
COMMAND = Path(sys.executable).with_name("sahara-local")


class Shell:
    """A shell that is open, and answers line by line."""

    def __init__(self, state, program):
        soon = ["--conf", "spark.dynamicAllocation.executorIdleTimeout=1s"]
        self.process = subprocess.Popen(
            [COMMAND, "shell", "c", "--state", state, "--program", program, *soon],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.watch = threading.Timer(2 * PATIENCE, self.process.kill)  # an answer that does not come ends the wait
        self.watch.start()

    def ask(self, line, answer):
        """Whether it answers a line with another one; it prints what it reads, too."""
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return any(said.strip() == answer for said in self.process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=PATIENCE)
        self.watch.cancel()


def in_shell(state, program, line):
    """What a shell says whose input ends."""
    command = [COMMAND, "shell", "c", "--state", state, "--program", program]
    return subprocess.run(command, input=f"{line}\n", capture_output=True, text=True, timeout=PATIENCE, check=False)


def begin_hive_job(service, cluster, script):
    client = service.client("1.1")
    stored = client.job_binary_internals.upload("job.sql", io.BytesIO(script))
    main = client.job_binaries.create("job.sql", f"internal-db://{stored.id}")
    template = client.jobs.create("hive", "Hive", mains=[main.id])
    session, login = service.session(), (service.cloud["auth"]["username"], service.cloud["auth"]["password"])
    for path in ("/data", "/data/in"):
        session.put(path, endpoint_filter={"service_type": "object-store", "interface": "public"}, data=b"")
    ends = [client.data_sources.create(name, "", "swift", f"swift://data/{name}", *login).id for name in ("in", "out")]
    return client.job_executions.create(template.id, cluster, *ends).id


def reason_of(service, job):
    """Why a job waits, as soon as it says so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        info = service.client("1.1").job_executions.get(job).info
        assert info["status"] in ("PENDING", "RUNNING"), info
        if info.get("reason"):
            return info["reason"]
        time.sleep(0.1)
    pytest.fail("it gives no reason")


def test_tables_are_for_one_shell_or_job_at_a_time(tmp_path):
    state = tmp_path / "state"
    with contextlib.ExitStack() as open_shells:
        with LocalSahara(state=state) as service:
            cluster = spark_cluster(service, "c", "m1.medium").id
            first = open_shells.enter_context(Shell(state, "spark-sql"))
            assert first.ask("CREATE TABLE t AS SELECT 7 AS x; SELECT x FROM t;", "7")

            second = in_shell(state, "spark-sql", "SELECT 1;")
            assert (second.returncode, second.stdout) == (1, "")
            assert second.stderr.strip() == (
                "sahara-local: The tables of the cluster c are in use by a Hive job or another shell: end that first, "
                "or open pyspark, which can do without them."
            )
            # its executors have gone: others have room beside a shell that is idle
            third = in_shell(state, "spark-shell", 'spark.range(42).write.saveAsTable("t"); spark.table("t").count()')
            assert "Long = 42" in third.stdout, third.stderr[-3000:]
            assert "this one has tables of its own, which end with it." in third.stderr

            job = begin_hive_job(service, cluster, b"SELECT x + 1 FROM t;")
            assert "waits for the cluster's tables" in reason_of(service, job)
        with LocalSahara(state=state):  # whose start leaves shells open
            assert first.ask("SELECT x + 2 FROM t;", "9")
    with LocalSahara(state=state) as service:
        client = service.client("1.1")
        client.job_executions.wait(job, timeout=PATIENCE)
        assert list(client.job_executions.logs(job)) == ["8"]
        assert len(list((state / "clusters" / cluster / "shell").iterdir())) == 2  # the next shell takes them away
        client.clusters.delete(cluster)
        client.clusters.wait_deleted(cluster, timeout=PATIENCE)
