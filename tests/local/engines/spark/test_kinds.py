"""Clusters of a service that ran Spark elsewhere before, and masters that are this machine under another name."""

import socket

import psutil
import pytest

from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.processes import environment, running, spawn
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine

from .conftest import cluster_of

MASTER = "spark://127.0.0.1:7077"
DAEMON = {"process": {"pid": 1, "started": "long ago"}, "url": "spark://127.0.0.1:1", "web": "http://127.0.0.1:2"}
STANDALONE = {"kind": "standalone", "master": DAEMON, "workers": {"c-workers-0": DAEMON}}
EXISTING = {"kind": "existing", "master": MASTER}


def without_kind(state):
    return {name: value for name, value in state.items() if name != "kind"}  # as 5.0.0 stored it


@pytest.mark.parametrize("state", [STANDALONE, without_kind(STANDALONE)])
def test_a_cluster_of_this_machine_under_an_existing_master(tmp_path, state):
    """It is told so, its processes end, and it can be deleted."""
    engine, cluster = ExternalSparkEngine(MASTER, tmp_path / "java"), cluster_of(tmp_path / "c")
    cluster.folder.mkdir()
    spawn(["sleep", "60"], environment=environment(cluster.folder, {}), folder=tmp_path, log=tmp_path / "log")
    with pytest.raises(EngineError, match="as processes of this machine.*uses the existing.*without --spark-master"):
        engine.recover(cluster, state)
    assert running(cluster.folder) == 0
    for ask in (engine.verify, engine.target):
        with pytest.raises(EngineError, match="as processes of this machine"):
            ask(cluster, state)
    for _ in range(2):
        engine.stop(cluster, state)
    assert not cluster.folder.exists()


@pytest.mark.parametrize("state", [EXISTING, without_kind(EXISTING)])
def test_a_cluster_of_an_existing_master_without_it(tmp_path, state):
    engine, cluster = SparkEngine(tmp_path / "java"), cluster_of(tmp_path / "c")
    cluster.folder.mkdir()
    for ask in (engine.recover, engine.verify, engine.target):
        with pytest.raises(EngineError, match=f"on the existing master {MASTER}.*with --spark-master {MASTER}"):
            ask(cluster, state)
    for _ in range(2):
        engine.stop(cluster, state)
    assert not cluster.folder.exists()


def test_a_cluster_of_another_master(tmp_path):
    engine = ExternalSparkEngine("spark://127.0.0.1:7078", tmp_path / "java")
    for ask in (engine.recover, engine.verify, engine.target):
        with pytest.raises(EngineError, match=f"on the existing master {MASTER}, and .*127.0.0.1:7078"):
            ask(cluster_of(tmp_path / "c"), EXISTING)


def own_names():
    addresses = {
        one.address.partition("%")[0]
        for card in psutil.net_if_addrs().values()
        for one in card
        if one.family in (socket.AF_INET, socket.AF_INET6)
    }
    return ["localhost", "127.9.9.9", *sorted(f"[{one}]" if ":" in one else one for one in addresses)]


@pytest.mark.parametrize("host", own_names())
def test_a_master_of_this_machine_takes_objects(tmp_path, host):
    engine = ExternalSparkEngine(f"spark://{host}:7077", tmp_path / "java")
    assert engine.data_url(cluster_of(tmp_path), "swift://c.sahara/o") is None


def test_a_master_that_names_this_host_takes_objects(tmp_path, monkeypatch):
    name = socket.gethostname()
    own = next(a.address for card in psutil.net_if_addrs().values() for a in card if a.family == socket.AF_INET)
    answers = {name: own, "other.test": "192.0.2.1"}
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real(answers.get(host, host), *a, **k))
    engine = ExternalSparkEngine(f"spark://{name}:7077", tmp_path / "java")
    assert engine.data_url(cluster_of(tmp_path), "swift://c.sahara/o") is None
    other = ExternalSparkEngine("spark://other.test:7077", tmp_path / "java")
    with pytest.raises(EngineError, match=r"spark://other\.test:7077 cannot read swift://"):
        other.data_url(cluster_of(tmp_path), "swift://c.sahara/o")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/data/part-?.txt", "/data/part-?.txt"),
        ("file:///data/day=1#a", "/data/day=1#a"),
        ("hdfs:///data/a?b#c", "/data/a?b#c"),
        ("hdfs://namenode:9000/a?b#c", "hdfs://namenode:9000/a?b#c"),
    ],
)
def test_paths_are_given_as_they_stand(tmp_path, url, path):
    assert SparkEngine(tmp_path / "java").data_url(cluster_of(tmp_path), url) == path
