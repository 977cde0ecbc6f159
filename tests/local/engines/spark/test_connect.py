"""Spark Connect on a cluster, as somebody uses it who has Spark's plain client alone: from the start to the end."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from saharaclient.local import LocalSahara
from saharaclient.local.engines import processes
from saharaclient.local.engines.base import InvalidCluster
from saharaclient.local.engines.runtime import find_spark
from saharaclient.local.engines.spark import connect, plugin
from saharaclient.local.engines.spark.external import ExternalSparkEngine
from saharaclient.local.engines.spark.standalone import SparkEngine

from .conftest import cluster_of

BIN = Path(sys.executable).parent
CLIENT = Path(__file__).parents[4] / ".venv-connect"
WANTED = ("pyspark-client==4.2.0", "pandas<3")  # an older client than the server, as they may be
SUM = "from pyspark.sql import SparkSession\nprint(SparkSession.builder.getOrCreate().range(10).count())\n"


@pytest.fixture(scope="session")
def _shipped():
    home, version = find_spark()
    if not plugin.connect_shipped(home):
        pytest.skip(f"Spark {version} comes without a Spark Connect server")


@pytest.fixture(scope="session")
def client_python(_shipped):
    """The Python of an environment that has Spark's plain client and nothing of Spark itself."""
    ready = CLIENT / "requirements.txt"
    if not ready.exists() or ready.read_text() != "\n".join(WANTED):
        for words in (["venv", "--quiet", "--clear", "--python", sys.executable, CLIENT], ["pip", "install", *WANTED]):
            where = ["--quiet", "--python", CLIENT] if words[0] == "pip" else []
            subprocess.run([BIN / "uv", *words, *where], check=True)
        ready.write_text("\n".join(WANTED))
    return CLIENT / "bin" / "python"


class Remote:
    """A program with that client, started already."""

    def __init__(self, python):
        self.process = subprocess.Popen(
            [python, Path(__file__).with_name("connect_client.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/bin:/bin"},
        )

    def told(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, url, token=None):
        self.process.stdin.write(f"{url}/;token={token}\n" if token else f"{url}\n")
        self.process.stdin.flush()
        return self.told()


@pytest.fixture
def remote(client_python):
    program = Remote(client_python)
    yield program
    with program.process:
        program.process.kill()  # its connections keep it from ending


def command(*words):
    done = subprocess.run([BIN / "sahara-local", *words], capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def variables(state):
    exported = command("connect", "work", "--state", state).splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in exported)


def made(sahara, client):
    groups = [
        {"name": "master", "count": 1, "flavor_id": sahara.flavor(), "node_processes": ["master", "connect"]},
        {"name": "workers", "count": 1, "flavor_id": sahara.flavor("m1.medium"), "node_processes": ["slave"]},
    ]
    version = client.plugins.get("spark").versions[0]
    image, network = sahara.image("spark"), sahara.network()
    return client.clusters.create("work", "spark", version, default_image_id=image, net_id=network, node_groups=groups)


def addresses(owner):
    """Where the processes of an owner listen."""
    found = [one for process in processes.of(owner) for one in process.net_connections("tcp")]
    return {one.laddr.ip.removeprefix("::ffff:") for one in found if one.status == psutil.CONN_LISTEN}


def work_of(process):
    """The seconds that a process has worked."""
    times = process.cpu_times()
    return times.user + times.system


def files_with(folder, text):
    """The names of the files that hold a text; what Spark removes meanwhile is passed over."""
    found = set()
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                if text.encode() in Path(path, name).read_bytes():
                    found.add(name)
    return found


def command_lines(state):
    for process in processes.of(state):
        with contextlib.suppress(psutil.Error):
            yield " ".join(process.cmdline())


def test_a_plain_client_works_on_a_cluster(tmp_path, remote):
    state = tmp_path / "state"
    with LocalSahara(state, verify_every=3600.0) as sahara:
        client = sahara.client()
        assert remote.told()  # it has loaded all that it needs
        cluster = client.clusters.wait(made(sahara, client).id, timeout=400)
        own = state / "clusters" / cluster.id / connect.KEY
        url, token = cluster.info["Spark"]["Connect"], (own / "token").read_text()
        [server] = [process for process in processes.of(own) if process.name() == "java"]
        before = work_of(server)
        first = remote.ask(url, token)
        work = work_of(server) - before
        assert (first["total"], first["text"]) == (45, "0 of a function")
        assert first["seconds"] < 3.0 or work < 3.0, (first, work)  # the machine may be doing much else
        assert remote.ask(url, token)["total"] == 45
        assert variables(state) == {"SPARK_REMOTE": url, connect.TOKEN: token}
        assert not [m.path for m in server.memory_maps() if Path(m.path).parent == Path(tempfile.gettempdir())]
        assert [*(own.parent / "scratch").glob("artifacts-*")]  # what clients give it
        assert {path.stat().st_mode & 0o077 for path in own.iterdir() if path.is_file()} == {0}
        assert "UNAUTHENTICATED" in remote.ask(url)["refused"]
        assert "UNAUTHENTICATED" in remote.ask(url, "guessed")["refused"]
        assert addresses(own) == {"127.0.0.1"}
        program = tmp_path / "sum.py"
        program.write_text(SUM)
        assert "10" in command("run", "--state", state, "--cluster", "work", program)  # while Connect has its cores
        assert files_with(state, token) == {"token"}
        assert not [line for line in command_lines(state) if token in line]

        client.clusters.wait_verified(cluster.id, timeout=100)
        server.kill()
        server.wait(30)
        client.clusters.verification_update(cluster.id, "START")
        found = client.clusters.wait_verified(cluster.id, timeout=100).verification
        assert [check["name"] for check in found["checks"] if check["status"] == "YELLOW"] == ["Spark Connect"]
        client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "workers", "count": 1}]})  # as it is
        url = client.clusters.wait(cluster.id, timeout=400).info["Spark"]["Connect"]

    with LocalSahara(state) as sahara:
        client = sahara.client()
        assert client.clusters.wait(cluster.id, timeout=100).info["Spark"]["Connect"] == url
        assert remote.ask(url, token)["total"] == 45
        client.clusters.delete(cluster.id)
        client.clusters.wait_deleted(cluster.id, timeout=100)
        assert not processes.of(state)


def without_a_server(folder):
    """A Spark of the version 3.5 as PyPI has it, as far as the plugin looks."""
    (folder / "jars").mkdir()
    (folder / "jars" / "spark-core_2.12-3.5.8.jar").touch()
    return str(folder)


def with_connect(folder, count=1):
    """A cluster that shall have servers, each on a worker's instance."""
    cluster = cluster_of(folder)
    master, *workers = cluster.instances
    for number in range(count):
        workers[number] = dataclasses.replace(workers[number], processes=("slave", "connect"))
    return dataclasses.replace(cluster, instances=(master, *workers))


def processes_offered(engine):
    return engine.describe().versions[0].node_processes["Spark"]


def test_a_spark_without_the_server_offers_none(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARK_HOME", without_a_server(tmp_path))
    engine = SparkEngine(tmp_path / "java")
    assert processes_offered(engine) == ("master", "slave")
    monkeypatch.setattr("saharaclient.local.engines.java.Java.fits", lambda *_: True)
    with pytest.raises(InvalidCluster, match=r"Spark 3.5.8 .* has no Spark Connect server.*leave out the process"):
        engine.validate(with_connect(tmp_path / "c"))
    engine.validate(cluster_of(tmp_path / "c"))


def test_a_cluster_of_an_existing_master_has_no_server(tmp_path):
    engine = ExternalSparkEngine("spark://127.0.0.1:7077", tmp_path / "java")
    assert processes_offered(engine) == ("master", "slave")
    with pytest.raises(InvalidCluster, match=r"stands for spark://127.0.0.1:7077 has no Spark Connect.*leave out"):
        engine.validate(with_connect(tmp_path / "c"))


@pytest.mark.usefixtures("_shipped")
def test_a_server_whose_executors_find_no_room_is_refused(tmp_path):
    engine = SparkEngine(tmp_path / "java")
    large = {"Spark": {"spark.executor.memory": "8g"}}
    with pytest.raises(
        InvalidCluster, match="Spark Connect would wait.*8192 MiB .*the workers have 1024 MiB and 1 core"
    ):
        engine.validate(dataclasses.replace(with_connect(tmp_path / "c"), configs=large))
    engine.validate(dataclasses.replace(cluster_of(tmp_path / "c"), configs=large))


def test_a_cluster_has_one_server_at_most(tmp_path):
    plugin.validate(with_connect(tmp_path))
    with pytest.raises(InvalidCluster, match="0 or 1 spark connect component"):
        plugin.validate(with_connect(tmp_path, 2))
    with pytest.raises(InvalidCluster, match="0 or 1 spark connect component"):
        plugin.validate_scaling(with_connect(tmp_path), with_connect(tmp_path, 2))
