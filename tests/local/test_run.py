"""`sahara-local run`, with real Spark: the first run, those after it, one that fails, and one that leaves nothing."""

import subprocess
import sys

import psutil
import pytest

from saharaclient.local.engines import processes
from saharaclient.local.server import state_folder

PROGRAM = """
import sys

from pyspark.sql import SparkSession

print("arguments", sys.argv[1:])
print("sum", SparkSession.builder.getOrCreate().range(100).groupBy().sum().first()[0])
if "--fail" in sys.argv:
    raise ValueError("asked to fail")
"""


@pytest.fixture
def state(tmp_path):
    yield tmp_path / "state"
    if (tmp_path / "state").exists():
        for process in psutil.process_iter(["cmdline"]):
            if str(tmp_path / "state") in (process.info["cmdline"] or []):
                process.terminate()
                process.wait(20)
        processes.end([], tmp_path / "state")


@pytest.fixture
def run(state, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)

    def run(*words, program="program.py", options=()):
        command = [
            sys.executable,
            "-m",
            "saharaclient.local.command",
            "run",
            "--state",
            state,
            *options,
            program,
            *words,
        ]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)

    return run


def test_a_program_runs_again_and_a_failing_one_says_why(run, state):
    first = run("text.txt", "--flag", "two words")
    assert first.returncode == 0, first.stderr
    assert "arguments ['text.txt', '--flag', 'two words']" in first.stdout
    assert "sum 4950" in first.stdout
    assert "Making the cluster 'run'" in first.stderr
    second = run("--fail")
    assert second.returncode == 3
    assert "Making the cluster" not in second.stderr
    assert "ValueError: asked to fail" in second.stderr
    assert "Traceback" not in second.stderr
    assert state_folder.find_running(state)  # for the next run


def test_nothing_stays_of_what_was_made_for_one_run(run, state):
    done = run(options=["--rm"])
    assert done.returncode == 0, done.stderr
    assert "sum 4950" in done.stdout
    with pytest.raises(state_folder.StateError):
        state_folder.find_running(state)
    assert not processes.running(state)


def test_a_program_that_is_not_there_starts_nothing(run, state):
    done = run(program="nosuch.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "nosuch.py: there is no such file\n"
    assert not state.exists()
