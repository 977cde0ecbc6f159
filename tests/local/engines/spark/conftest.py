"""One real Spark cluster of two workers for the tests of a folder, and a way to run a job on it."""

import dataclasses
import itertools
import pathlib
import shutil
import subprocess
import time

import pytest

from saharaclient.local.engines.base import ClusterSpec, InstanceSpec, JobSpec
from saharaclient.local.engines.runtime import find_spark
from saharaclient.local.engines.spark.standalone import SparkEngine
from saharaclient.states import ENDED


class Recorder:
    """Keeps what an engine reports."""

    def __init__(self):
        self.states, self.events, self.current = [], [], None

    def enter(self, status):
        self.states.append(status)

    def step(self, name, total):
        return RecorderStep(self, name, total)


@dataclasses.dataclass
class RecorderStep:
    recorder: Recorder
    name: str
    total: int

    def succeeded(self, instance):
        self.recorder.events.append((self.name, instance, None))

    def failed(self, instance, reason):
        self.recorder.events.append((self.name, instance, reason))


def cluster_of(folder, workers=2):
    master = InstanceSpec("c-master-0", "master", ("master",), 1, 1024)
    slaves = [InstanceSpec(f"c-workers-{i}", "workers", ("slave",), 1, 1024) for i in range(workers)]
    return ClusterSpec("id", "c", "3.5", (master, *slaves), folder)


@dataclasses.dataclass
class Bench:
    engine: SparkEngine
    cluster: ClusterSpec
    state: dict
    recorder: Recorder
    seconds: float
    root: pathlib.Path
    numbers: "itertools.count[int]" = dataclasses.field(default_factory=itertools.count)

    def submit(self, type_, mains=None, **fields):
        folder = self.root / f"run-{next(self.numbers)}"
        folder.mkdir()
        files = []
        for name, content in (mains or {}).items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            files.append(folder / name)
        job = JobSpec("id", type_, "job", self.cluster, self.state, folder, mains=tuple(files), **fields)
        self.engine.submit(job)
        return folder

    def run(self, type_, mains=None, **fields):
        folder = self.submit(type_, mains, **fields)
        return folder, self.wait(folder)

    def wait(self, folder, seconds=300):
        deadline = time.monotonic() + seconds
        while (status := self.engine.poll(folder, None)).status not in ENDED:
            assert time.monotonic() < deadline, (folder / "stderr").read_text()
            time.sleep(0.1)
        return status


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    root = tmp_path_factory.mktemp("spark")
    engine, cluster, recorder = SparkEngine(root / "java"), cluster_of(root / "cluster"), Recorder()
    began = time.monotonic()
    state = engine.start(cluster, recorder)
    yield Bench(engine, cluster, state, recorder, time.monotonic() - began, root)
    engine.stop(cluster, state)
    engine.close()


@pytest.fixture
def yarn(tmp_path, monkeypatch):
    """A resource manager and a node; HADOOP_CONF_DIR names the folder of their configuration."""
    if shutil.which("javac") is None:
        pytest.skip("no javac on this machine: the stand-in for YARN is a Java program")
    monkeypatch.setenv("HADOOP_CONF_DIR", str(tmp_path))
    program = pathlib.Path(__file__).with_name("Yarn.java")
    words = ["java", "-cp", f"{find_spark()[0]}/jars/*", program, tmp_path]
    with (
        (tmp_path / "yarn.log").open("w") as log,
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout.readline() == "ready\n", (tmp_path / "yarn.log").read_text()
            yield tmp_path
        finally:
            process.stdin.close()
            process.wait(30)
