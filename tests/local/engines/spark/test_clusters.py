"""Clusters as real processes: start, verification, scaling, recovery, failure, and nothing left behind."""

import socket
import time

import psutil
import pytest

from saharaclient.local.engines.base import EngineError, InvalidCluster
from saharaclient.local.engines.processes import MARK, end
from saharaclient.local.engines.runtime import SparkRuntime
from saharaclient.local.engines.spark import daemons
from saharaclient.local.engines.spark.standalone import SparkEngine

from .conftest import Recorder, cluster_of


def left(folder):
    """Processes that belong to a cluster."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK, "").startswith(str(folder)):
                found.append(process)
        except psutil.Error:
            continue
    return found


def listening(processes):
    """The addresses at which processes take connections."""
    connections = [one for process in processes for one in process.net_connections("tcp")]
    return {one.laddr for one in connections if one.status == psutil.CONN_LISTEN}


def test_start_reports_every_instance(bench):
    assert bench.recorder.states == ["Spawning", "Waiting", "Preparing", "Configuring", "Starting"]
    assert ("Start Spark workers", "c-workers-1", None) in bench.recorder.events
    assert bench.seconds < 60
    info = bench.engine.info(bench.cluster, bench.state)["Spark"]
    assert info["Master"].startswith("spark://127.0.0.1:")
    assert [check.status for check in bench.engine.verify(bench.cluster, bench.state)] == ["GREEN", "GREEN"]


def test_life_of_a_cluster(tmp_path, monkeypatch):
    monkeypatch.setattr(daemons, "CLEANUP", {"enabled": "true", "interval": "1", "appDataTtl": "1"})
    engine, cluster = SparkEngine(tmp_path / "java"), cluster_of(tmp_path / "c", workers=1)
    state = engine.start(cluster, Recorder())
    try:
        grown = engine.scale(cluster_of(tmp_path / "c", workers=2), state, Recorder())
        assert sorted(grown["workers"]) == ["c-workers-0", "c-workers-1"]
        old = tmp_path / "c" / "c-workers-0" / "app-1"
        (old / "0").mkdir(parents=True)
        (old / "0" / "job.jar").touch()
        deadline = time.monotonic() + 60
        while old.exists():
            assert time.monotonic() < deadline, "a worker keeps what the executors of an ended application were sent"
            time.sleep(0.1)
        worker = psutil.Process(grown["workers"]["c-workers-0"]["process"]["pid"])
        worker.kill()
        worker.wait(30)
        wanted = cluster_of(tmp_path / "c", workers=2)
        assert [check.status for check in engine.verify(wanted, grown)] == ["GREEN", "YELLOW"]
        assert engine.dead(wanted, grown) == {"c-workers-0"}
        mended = engine.scale(wanted, grown, Recorder())
        assert engine.dead(wanted, mended) == set()
        assert mended["workers"]["c-workers-1"] == grown["workers"]["c-workers-1"]
        grown = mended
        worker = psutil.Process(grown["workers"]["c-workers-0"]["process"]["pid"])
        worker.kill()
        worker.wait(30)
        back = engine.recover(cluster_of(tmp_path / "c", workers=2), grown)
        assert back["master"] == grown["master"]
        assert back["workers"]["c-workers-1"] == grown["workers"]["c-workers-1"]
        assert back["workers"]["c-workers-0"] != grown["workers"]["c-workers-0"]
        state = engine.scale(cluster, back, Recorder())
        assert sorted(state["workers"]) == ["c-workers-0"]
        ports = listening(left(cluster.folder))
        assert len(ports) == 4, ports  # a master and a worker, each with its web page
    finally:
        engine.stop(cluster, None)  # finds them all by their mark
    assert not left(cluster.folder)
    assert not cluster.folder.exists()
    for address in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=5)


@pytest.mark.parametrize(
    ("variable", "options", "step", "instance", "reason"),
    [
        ("SPARK_DAEMON_JAVA_OPTS", "-agentlib:nosuch", "Start Spark master", "c-master-0", "agent library nosuch"),
        (
            "SPARK_MASTER_OPTS",
            "-Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.port={taken}",
            "Start Spark master",
            "c-master-0",
            "Address already in use",
        ),
        ("SPARK_WORKER_OPTS", "-Dspark.worker.timeout=soon", "Start Spark workers", "c-workers-0", "soon"),
    ],
    ids=["java", "port", "worker"],
)
def test_failed_start_gives_the_programs_reason_and_leaves_nothing(
    tmp_path, monkeypatch, variable, options, step, instance, reason
):
    cluster, recorder = cluster_of(tmp_path / "c", workers=1), Recorder()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setitem(daemons._DAEMON_OPTIONS, variable, options.format(taken=taken))
        with pytest.raises(EngineError, match=reason):
            SparkEngine(tmp_path / "java").start(cluster, recorder)
    assert recorder.events[-1][:2] == (step, instance)
    assert reason in recorder.events[-1][2]
    assert not left(cluster.folder)


def test_a_worker_that_cannot_reach_its_master_says_so(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"127.0.0.1:{closed.getsockname()[1]}"
    (tmp_path / "logs").mkdir()
    (tmp_path / "w").mkdir()
    master = daemons.Daemon(None, f"spark://{nowhere}", "")
    worker = daemons.start_worker(SparkRuntime.find(tmp_path / "java"), tmp_path, "w", master, cores=1, memory_mib=512)
    try:
        deadline = time.monotonic() + 60
        while "refused: " not in worker.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)  # it would go on trying
        with pytest.raises(
            EngineError, match=f"Spark worker on w did not become ready in time: .*refused: .*{nowhere}"
        ):
            worker.wait(time.monotonic())
    finally:
        end([worker.process], tmp_path)


def test_no_workers_is_refused(tmp_path):
    with pytest.raises(InvalidCluster, match="slave"):
        SparkEngine(tmp_path / "java").validate(cluster_of(tmp_path, workers=0))


def test_missing_spark_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    with pytest.raises(InvalidCluster, match=r"python-saharaclient\[local\]"):
        SparkEngine(tmp_path / "java").validate(cluster_of(tmp_path))
