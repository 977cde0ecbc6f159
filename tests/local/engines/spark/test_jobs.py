"""Every job type on a real Spark: what comes out, how it ends, and that nothing stays."""

import collections
import os
import re
import time
import zipfile
from pathlib import Path

import psutil
import pytest

from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runs.engine import JobEngine, Target
from saharaclient.local.engines.runtime import SparkRuntime

from .conftest import Bench, cluster_of

EXAMPLES = Path(__file__).parents[4] / "examples"


def test_word_count_agrees_with_plain_python(bench, tmp_path):
    text, output = EXAMPLES / "austen.txt", tmp_path / "counts"
    began = time.monotonic()
    folder, status = bench.run(
        "Spark", {"wordcount": (EXAMPLES / "wordcount.py").read_text()}, args=(str(text), str(output))
    )
    print(f"word count took {time.monotonic() - began:.1f} s, the cluster's start {bench.seconds:.1f} s")
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()
    words = collections.Counter(re.findall(r"[a-z]+(?:'[a-z]+)?", text.read_text().lower()))
    counted = dict(line.split("\t") for line in (output / "part-00000").read_text().splitlines())
    assert {word: int(count) for word, count in counted.items()} == words
    assert {"launch_command", "stdout", "stderr", "result"} <= {path.name for path in folder.iterdir()}
    assert status.info["spark-path"] == str(folder)


def test_failure_gives_the_reason(bench):
    _, status = bench.run("Spark", {"bad.py": "from pyspark import SparkContext\n1 / 0\n"})
    assert status.status == "FAILED"
    assert "ZeroDivisionError: division by zero" in status.reason


USES_A_WHEEL = """
from pyspark import SparkContext
import packed
print(packed.where(0), SparkContext().parallelize([1, 2], 2).map(packed.where).collect())
"""


def test_a_wheel_among_the_libraries_is_on_the_python_path(bench, tmp_path):
    """Of the driver and of the executors; its file is named as wheels are."""
    wheel = tmp_path / "packed-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("packed/__init__.py", "def where(n):\n    return n + 41\n")
        archive.writestr("packed-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: packed\nVersion: 1.0\n")
    folder, status = bench.run("Spark", {"main.py": USES_A_WHEEL}, libs=(wheel,))
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    assert (folder / "stdout").read_text() == "41 [42, 43]\n"


WHERE = """
import psutil
from pyspark import SparkContext

def executor(_):
    [command] = [line for one in psutil.Process().parents() if "CoarseGrained" in " ".join(line := one.cmdline())]
    return next(word for word in command if "java.io.tmpdir" in word)

spark = SparkContext()
print(*map(spark._jvm.System.getProperty, ["java.io.tmpdir", "my.option"]), sep="\\n")
print(spark._jsc.hadoopConfiguration().get("hadoop.tmp.dir"))
print(spark.parallelize([0], 1).map(executor).first())
"""


def test_nothing_is_written_to_the_machines_folder_for_temporary_files(bench):
    """Whatever options of Java the job has: what it left there when it is killed would stay for good."""
    chosen = {"spark.driver.extraJavaOptions": "-Dmy.option=set"}
    folder, status = bench.run("Spark", {"main.py": WHERE}, configs=chosen)
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    of_cluster = bench.cluster.folder / "scratch"
    expected = [f"{folder}/scratch", "set", f"{of_cluster}", f"-Djava.io.tmpdir={of_cluster}"]
    assert (folder / "stdout").read_text().splitlines() == expected


def test_a_job_that_no_worker_can_ever_run_is_refused(bench):
    with pytest.raises(EngineError, match="No worker can ever run this job: its executors want 9216 MiB"):
        bench.submit("Spark", {"big.py": ""}, configs={"spark.executor.memory": "9g"})


def test_shell_gets_arguments_and_params_and_no_secrets(bench, monkeypatch):
    monkeypatch.setenv("OS_PASSWORD", "very-secret")
    folder, status = bench.run("Shell", {"m": 'echo "$1 $WHO"; env\n'}, args=("a b",), params={"WHO": "me"})
    assert status.status == "SUCCEEDED"
    out = (folder / "stdout").read_text()
    assert out.startswith("a b me\n")
    assert "very-secret" not in out


def test_shell_that_is_no_program_fails_with_its_status(bench):
    _, status = bench.run("Shell", {"m": "#!/nowhere\n"})
    assert status.status == "FAILED"
    _, status = bench.run("Shell", {"m": "echo sorry >&2; exit 7\n"})
    assert "exit status 7: sorry" in status.reason


def test_cancel_ends_grandchildren(bench):
    mark = f"{os.getpid() + 10**6}"  # another run of these tests may sleep too
    folder = bench.submit("Shell", {"m": f"(setsid sleep {mark} &) ; sleep {mark}\n"})
    time.sleep(0.5)
    assert bench.engine.poll(folder, None).status == "RUNNING"
    assert bench.engine.cancel(folder, None).status == "KILLED"
    commands = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if command and command[-1] == mark]


def test_killed_supervisor_is_told(bench):
    mark = f"{os.getpid() + 10**6}"
    folder = bench.submit("Shell", {"m": f"sleep {mark}\n"})
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [""])[-1] == str(folder):
            process.kill()
            process.wait(5)
    status = bench.engine.poll(folder, None)
    assert status.status == "FAILED"
    assert "supervisor" in status.reason
    commands = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if command and command[-1] == mark]


def test_hive_through_spark_sql(bench, tmp_path):
    script = """
        CREATE TABLE words (word STRING, n INT);
        INSERT INTO words VALUES ('x', 1), ('y', 2);
        INSERT OVERWRITE DIRECTORY '${OUTPUT}' USING csv SELECT sum(n) FROM words;
    """
    folder, status = bench.run("Hive", {"q.sql": script}, output=str(tmp_path / "out"))
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    assert "".join(path.read_text() for path in (tmp_path / "out").glob("part-*")).strip() == "3"


COUNTS_WORDS = {
    "mapred.mapper.class": "org.apache.hadoop.mapred.lib.TokenCountMapper",
    "mapred.reducer.class": "org.apache.hadoop.mapred.lib.LongSumReducer",
    "mapred.output.key.class": "org.apache.hadoop.io.Text",
    "mapred.output.value.class": "org.apache.hadoop.io.LongWritable",
}


@pytest.mark.parametrize("root", ["plain", "with blank", "50% #1"])
def test_map_reduce_with_old_names(tmp_path, root):
    """It needs no cluster's processes; the path of the state may be any."""
    folder = tmp_path / root
    folder.mkdir()
    engine = Bench(MapReduce(folder), cluster_of(folder / "c"), {}, None, 0, folder)
    (folder / "in.txt").write_text("a b a\nb a\n")
    data = {"input": str(folder / "in.txt"), "output": str(folder / "out")}
    run, status = engine.run("MapReduce", configs=COUNTS_WORDS, **data)
    assert status.status == "SUCCEEDED", (run / "stderr").read_text()[-3000:]
    assert (folder / "out/part-00000").read_text() == "a\t3\nb\t2\n"
    # By default it stages in /tmp/hadoop, where only the first user of a machine may.
    staged = [*(run / "scratch").rglob(".staging")]
    assert len(staged) == (root == "plain"), "in another place, which has gone, where the path is quoted"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"mapred.mapper.class": "no.such.Mapper"}, "ClassNotFoundException: Class no.such.Mapper not found"),
        ({"mapred.output.value.class": "org.apache.hadoop.io.IntWritable"}, "Type mismatch in value from map"),
    ],
    ids=["class", "type"],
)
def test_map_reduce_that_fails_gives_the_reason(tmp_path, change, reason):
    engine = Bench(MapReduce(tmp_path), cluster_of(tmp_path / "c"), {}, None, 0, tmp_path)
    (tmp_path / "in.txt").write_text("a b a\nb a\n")
    data = {"input": str(tmp_path / "in.txt"), "output": str(tmp_path / "out")}
    _, status = engine.run("MapReduce", configs=COUNTS_WORDS | change, **data)
    assert status.status == "FAILED"
    assert reason in status.reason


class MapReduce(JobEngine):
    """Runs jobs that need no Spark."""

    def __init__(self, folder):
        self.folder = folder

    def target(self, cluster, state):
        return Target(SparkRuntime.find(self.folder / "java"), "spark://none:1", self.folder / "warehouse")


def test_java_class(bench):
    configs = {"edp.java.main_class": "org.apache.hadoop.util.VersionInfo"}
    folder, status = bench.run("Java", configs=configs)
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()
    assert "Hadoop" in (folder / "stdout").read_text()
