"""What runs and their files rest on, without Spark: outliving the service, files of configuration, reasons in logs."""

import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saharaclient.local.engines.processes import of
from saharaclient.local.engines.runs import runs
from saharaclient.local.engines.runs.drivers import contents
from saharaclient.local.engines.runs.launch import Launch
from saharaclient.local.engines.runs.logs import failure_in
from saharaclient.local.engines.runs.properties import read_properties, write_properties

LAUNCH_AND_DIE = """
import os, pathlib, sys
from saharaclient.local.engines.runs import runs
from saharaclient.local.engines.runs.launch import Launch
runs.start(pathlib.Path(sys.argv[1]), Launch(["sh", "-c", "sleep 0.7; echo done; exit 3"], {}))
os.kill(os.getpid(), 9)
"""


def test_a_run_outlives_a_killed_service(tmp_path):
    service = subprocess.run([sys.executable, "-c", LAUNCH_AND_DIE, str(tmp_path)], check=False, timeout=30)
    assert service.returncode == -signal.SIGKILL
    assert runs.poll(tmp_path).status == "RUNNING"
    deadline = time.monotonic() + 20
    while (status := runs.poll(tmp_path)).status == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (status.status, status.reason) == ("FAILED", "The job ended with exit status 3: done")
    assert (tmp_path / "stdout").read_text() == "done\n"
    assert (tmp_path / "launch_command").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("number", "told"), [("9", "137 (killed: by hand, or for want of memory)"), ("15", "143 (told to end)")]
)
def test_a_run_that_a_signal_ended_says_so(tmp_path, number, told):
    runs.start(tmp_path, Launch(["sh", "-c", f"kill -{number} $$"], {}))
    deadline = time.monotonic() + 20
    while (status := runs.poll(tmp_path)).status == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert status.reason == f"The job ended with exit status {told}: it said nothing"


def test_what_was_never_launched_is_pending_and_can_be_cancelled(tmp_path):
    assert runs.poll(tmp_path).status == "PENDING"
    assert runs.cancel(tmp_path).status == "KILLED"
    assert runs.poll(tmp_path).status == "KILLED"


@pytest.mark.parametrize("killed", [False, True], ids=["cancelled", "its supervisor killed"])
def test_what_of_a_run_is_elsewhere_ends_with_it(tmp_path, killed):
    there = tmp_path / "there"
    there.touch()
    runs.start(tmp_path, Launch(["sleep", "60"], {"THERE": str(there)}, kill=["sh", "-c", 'rm "$THERE"']))
    if killed:
        (supervisor,) = (one for one in of(tmp_path) if "supervisor.py" in " ".join(one.cmdline()))
        supervisor.kill()
        supervisor.wait(20)
        assert runs.poll(tmp_path).status == "FAILED"
    else:
        assert runs.cancel(tmp_path).status == "KILLED"
    assert not there.exists()


def test_logs_of_yarn_are_told_from_what_they_are_wrapped_in():
    printed = {"stdout": "ä\nLogType:stderr\nLogLength:3\nLogContents:\nx".encode(), "stderr": b""}
    whole = b"Container: c on h_1\nLogAggregationType: LOCAL\n=====\n"
    for name, content in printed.items():
        whole += b"LogType:%s\nLogLastModifiedTime:now\nLogLength:%d\nLogContents:\n" % (name.encode(), len(content))
        whole += content + b"\nEnd of LogType:%s\n*****\n\n" % name.encode()
    assert dict(contents(whole)) == printed


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


@given(properties=st.dictionaries(NAMES, TEXTS))
def test_properties_come_back(tmp_path_factory, properties):
    path = tmp_path_factory.getbasetemp() / "spark.conf"
    write_properties(path, properties)
    assert read_properties(path) == properties
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("", "it said nothing"),
        ("Traceback\n  File x\nValueError: bad value\n26/11/23 ERROR X: y\n", "ValueError: bad value"),
        (
            "org.apache.spark.SparkException: Job aborted due to x\n"
            "Caused by: java.io.IOException: disk full\n\tat a.b(C)\n",
            "java.io.IOException: disk full",
        ),
        (
            "Caused by: a.B$AnnotatedException: Connection refused: /127.0.0.1:7\n\tat a.b(C)\n"
            "Caused by: java.net.ConnectException: Connection refused\n\tat a.b(C)\n",
            "a.B$AnnotatedException: Connection refused: /127.0.0.1:7",
        ),
        (
            "Unrecognized VM option 'X'\nError: Could not create the Java Virtual Machine.\n",
            "Unrecognized VM option 'X'",
        ),
        (
            "Error: Failed to load class x.Y.\n26/11/23 09:50:17 INFO ShutdownHookManager: bye\n",
            "Failed to load class x.Y.",
        ),
        ("working\nno such thing\n", "no such thing"),
        ("WARNING: Using incubator modules: jdk.incubator.vector\n", "it said nothing"),
    ],
)
def test_the_telling_line(log, reason):
    assert failure_in(log) == reason


TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 4, in <module>\n    n = int(text)\n        ^^^\n'


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("ValueError: invalid literal\n", "ValueError: invalid literal"),
        ("pyspark.errors.AnalysisException: [NO] Path does not exist\n'Project\n+- R\n", "[NO] Path does not exist"),
        # this one only tells that something failed elsewhere
        ("py4j.protocol.Py4JJavaError: An error occurred while calling o42\n", "java.io.IOException: Connection reset"),
        ("", "java.io.IOException: Connection reset"),
    ],
)
def test_a_programs_own_exception_goes_before_what_spark_says_when_it_ends(tmp_path, end, reason):
    (tmp_path / "run.json").write_text('{"started_at": 1.0, "finished_at": 2.0}')
    (tmp_path / "result").write_text("1\n")
    (tmp_path / "stdout").write_text(f"begun\n{TRACEBACK}{end}")
    (tmp_path / "stderr").write_text("26/11/23 09:50:17 ERROR X: java.io.IOException: Connection reset\n")
    assert runs.poll(tmp_path).reason.endswith(reason)
