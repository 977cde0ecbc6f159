"""Clusters that stand for an existing master: a real one, taken from a cluster of this machine."""

import pytest

from saharaclient.local.engines.base import EngineError, InvalidCluster
from saharaclient.local.engines.external import ExternalSparkEngine

from .conftest import Recorder, cluster_of


def test_stands_for_a_master(bench, tmp_path):
    engine, cluster = ExternalSparkEngine(bench.state["master"]["url"]), cluster_of(tmp_path / "c")
    engine.validate(cluster)
    state = engine.start(cluster, Recorder())
    assert engine.info(cluster, state)["Spark"]["Master"] == bench.state["master"]["url"]
    assert [check.status for check in engine.verify(cluster, state)] == ["GREEN"]
    assert engine.data_url(cluster, "swift://c.sahara/o") is None
    with pytest.raises(InvalidCluster):
        engine.validate_scaling(cluster, cluster)
    engine.stop(cluster, state)
    assert bench.engine.verify(bench.cluster, bench.state)[0].status == "GREEN"


def test_unreachable_master_is_named(tmp_path):
    with pytest.raises(EngineError, match=r"spark://127\.0\.0\.1:1 cannot be reached"):
        ExternalSparkEngine("spark://127.0.0.1:1").start(cluster_of(tmp_path), Recorder())


def test_yarn_without_configuration(tmp_path, monkeypatch):
    monkeypatch.delenv("HADOOP_CONF_DIR", raising=False)
    monkeypatch.delenv("YARN_CONF_DIR", raising=False)
    with pytest.raises(EngineError, match="HADOOP_CONF_DIR"):
        ExternalSparkEngine("yarn").start(cluster_of(tmp_path), Recorder())


@pytest.mark.parametrize("url", ["local[2]", "spark://", "http://h:1", "spark://h:x", ""])
def test_other_urls_are_refused(url):
    with pytest.raises(ValueError, match="names no Spark master"):
        ExternalSparkEngine(url)
