"""What a cluster's configuration comes to: what is honoured, what is refused, what holds where nothing is said."""

import dataclasses
from functools import partial

import pytest

from saharaclient.local.engines.base import InvalidCluster
from saharaclient.local.engines.runs.properties import read_properties
from saharaclient.local.engines.spark import plugin, standalone
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine

from .conftest import cluster_of


def configured(folder, of_cluster=None, of_nodes=None, ram_mib=1024):
    """A cluster with configs of its own, and of its group of workers."""
    cluster = cluster_of(folder)
    master, *workers = cluster.instances
    changed = {"configs": {"Spark": of_nodes or {}}, "ram_mib": ram_mib}
    workers = [dataclasses.replace(worker, **changed) for worker in workers]
    return dataclasses.replace(cluster, configs={"Spark": of_cluster or {}}, instances=(master, *workers))


def properties_of(cluster):
    (cluster.folder / "conf").mkdir(parents=True)
    standalone._configure(cluster, plugin.running(cluster, plugin.SLAVE))
    return read_properties(cluster.folder / "conf" / "spark-defaults.conf")


@pytest.mark.parametrize(
    ("ram_mib", "of_cluster", "memory"),
    [
        (512, {}, "512m"),
        (800, {}, "800m"),
        (1024, {}, "1024m"),
        (2048, {}, "1024m"),
        (2048, {"spark.executor.memory": "2g"}, "2g"),
        (2048, {"spark.executor.memory": ""}, "1024m"),
    ],
)
def test_memory_of_executors_is_what_the_option_says(tmp_path, ram_mib, of_cluster, memory):
    [option] = [option for option in plugin.CONFIGS if option.name == "spark.executor.memory"]
    assert "By default 1g, or what the smallest worker has." in option.description
    assert properties_of(configured(tmp_path, of_cluster, ram_mib=ram_mib))["spark.executor.memory"] == memory


def test_options_of_a_node_group_that_say_something_else_are_refused(tmp_path):
    with pytest.raises(InvalidCluster, match="workers sets spark.executor.memory.*set it in cluster_configs"):
        plugin.validate(configured(tmp_path, of_nodes={"spark.executor.memory": "2g"}))


@pytest.mark.parametrize(
    ("of_cluster", "of_nodes"),
    [
        ({}, {"spark.executor.memory": ""}),
        ({}, {"spark.sql.shuffle.partitions": "200"}),
        ({"spark.executor.memory": "2g"}, {"spark.executor.memory": "2g"}),
    ],
    ids=["empty", "default", "the cluster's"],
)
def test_options_of_a_node_group_that_say_nothing_else_are_taken(tmp_path, of_cluster, of_nodes):
    plugin.validate(configured(tmp_path, of_cluster, of_nodes))


@pytest.mark.parametrize("engine", [SparkEngine, partial(ExternalSparkEngine, "spark://127.0.0.1:7077")])
def test_a_plugin_without_a_spark_says_so(tmp_path, monkeypatch, engine):
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    told = engine(tmp_path / "java").describe().description
    assert "No cluster can start yet. SPARK_HOME" in told
    assert "pip install" in told
    monkeypatch.delenv("SPARK_HOME")
    assert "yet" not in engine(tmp_path / "java").describe().description
