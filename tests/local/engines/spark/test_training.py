"""The archive of Spark's classes: made once, beside all else, and used by whatever of Spark starts from then on."""

import contextlib
import shutil
import threading
import time

import psutil
import pytest

from saharaclient.local.engines import archive, processes
from saharaclient.local.engines.runtime import SparkRuntime, find_java, find_spark
from saharaclient.local.engines.spark.standalone import SparkEngine
from saharaclient.local.engines.spark.training import Training, again, failure

MAPPED = """
import glob
from pyspark import SparkContext

def archives(program):
    found = set()
    for process in glob.glob("/proc/[0-9]*"):
        try:
            if program in open(process + "/cmdline").read():
                found |= {line.split()[-1] for line in open(process + "/maps") if ".jsa" in line and "spark-" in line}
        except OSError:
            pass
    return found

spark = SparkContext()
print(spark.parallelize(range(9), 2).sum())
print(archives("--properties-file\\0FOLDER"))
print(archives("--app-id\\0" + spark.applicationId))
"""
SUM = "from pyspark import SparkContext\nprint(SparkContext().parallelize(range(9), 2).sum())"


@pytest.fixture
def runtime(monkeypatch, tmp_path):
    """Spark and Java, with a cache of their own that is empty."""
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path / "cache"))
    return SparkRuntime.find(tmp_path / "java")


def left(folder):
    """What is there but for the lock."""
    return [path.name for path in folder.iterdir() if path.name != "lock"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An archive that was made, and the cache that it is in."""
    cache = tmp_path_factory.mktemp("cache") / "sub" / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAHARA_LOCAL_CACHE", str(cache))
        runtime = SparkRuntime.find(cache.parent.parent / "java")
        trainings = [Training(delay=0), Training(delay=0)]  # two services
        for training in trainings:
            training.begin(runtime)
        assert all(training.wait(600) for training in trainings)
    return runtime.archive


def test_two_services_make_one_archive_that_nobody_else_can_write(made):
    assert left(made.parent) == [made.name]
    assert made.parent.stat().st_mode & 0o077 == 0
    assert made.stat().st_mode & 0o077 == 0
    assert made.stat().st_size > 50 * 2**20


def test_driver_and_executor_take_their_classes_from_it(made, bench, monkeypatch):
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(made.parent))
    folder, status = bench.run("Spark", {"mapped.py": MAPPED.replace("FOLDER", str(bench.root))})
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    total, driver, executor = (folder / "stdout").read_text().splitlines()  # and nothing that Java says of it
    assert (total, driver, executor) == ("36", f"{{{str(made)!r}}}", f"{{{str(made)!r}}}")


@pytest.mark.parametrize("content", [b"", b"no archive", bytes(1 << 20)])
def test_a_spark_whose_archive_is_none_starts_without_it(bench, monkeypatch, tmp_path, content):
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path))
    home, version = find_spark()
    archive.path_for(home, version, find_java(version)).write_bytes(content)
    folder, status = bench.run("Spark", {"sum.py": SUM})
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    assert (folder / "stdout").read_text() == "36\n"


def nices(folder):
    """How much those that make an archive there give way to others."""
    found = set()
    for process in processes.of(folder):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.add(process.nice())
    return found


def test_a_service_that_stops_leaves_nothing_of_it(runtime):
    training = Training(delay=0)
    training.begin(runtime)
    folder = runtime.archive.parent / "training"
    deadline = time.monotonic() + 60
    while nices(folder) != {19}:  # once `nice` has set it, and it has never begun without
        assert time.monotonic() < deadline, nices(folder)
        time.sleep(0.05)
    training.stop()
    assert not processes.running(folder)
    assert left(runtime.archive.parent) == []
    training.begin(runtime)  # by a cluster that comes up as the service stops
    assert training.wait(0)


def test_a_service_that_finds_its_cluster_alive_makes_it_too(bench, monkeypatch, tmp_path):
    """The one before may have lived for too short a time."""
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path))
    engine = SparkEngine(bench.engine.tools)
    engine.recover(bench.cluster, bench.state)
    assert "spark-training" in {thread.name for thread in threading.enumerate()}
    engine.close()
    assert "spark-training" not in {thread.name for thread in threading.enumerate()}


def test_what_fails_is_not_tried_again_until_it_is_asked_for(runtime, monkeypatch):
    broken = runtime.archive.parent.parent / "spark"
    (broken / "bin").mkdir(parents=True)
    (broken / "bin" / "spark-submit").write_text("#!/bin/sh\necho 'ERROR: no such thing' >&2\nexit 1\n")
    (broken / "bin" / "spark-submit").chmod(0o700)
    broken_runtime = SparkRuntime(broken, "4", runtime.java_home, runtime.archive)
    for _ in range(2):
        training = Training(delay=0)
        training.begin(broken_runtime)
        assert training.wait(60)
        assert "no such thing" in failure(runtime.archive)
        (broken / "bin" / "spark-submit").write_text("#!/bin/sh\necho again >&2\n")
    again(runtime.archive)
    assert failure(runtime.archive) is None


def test_a_cache_that_cannot_be_written_is_none(runtime, caplog):
    shutil.rmtree(runtime.archive.parent, ignore_errors=True)
    runtime.archive.parent.write_text("a file")
    training = Training(delay=0)
    training.begin(runtime)
    assert training.wait(10)
    assert runtime.archive.parent.read_text() == "a file"
