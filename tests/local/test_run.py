"""`sahara-local run`, with real Spark: the first run, those after it, one that fails, and one that leaves nothing."""

import contextlib
import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from saharaclient.client import Client
from saharaclient.local.engines import processes
from saharaclient.local.login import cloud, session_of
from saharaclient.local.server import state_folder, upkeep

PROGRAM = """
import sys

from pyspark.sql import SparkSession

print("arguments", sys.argv[1:])
print("sum", SparkSession.builder.getOrCreate().range(100).groupBy().sum().first()[0])
if "--fail" in sys.argv:
    raise ValueError("asked to fail")
"""


COMMAND = [sys.executable, "-m", "saharaclient.local.command", "run"]
ENDLESS = "echo begun; sleep 600"  # a program


def in_terminal(command, folder, *, typed):
    """What a command shows in a terminal where things are typed, each when what stands before it has been shown."""
    ours, terminal = pty.openpty()
    shown, answers = b"", [*typed]
    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=folder,
        start_new_session=True,
        preexec_fn=_take_terminal,
    ) as process:
        os.close(terminal)
        with contextlib.suppress(OSError):  # which ends a terminal
            while read := os.read(ours, 1 << 16):
                shown += read
                while answers and answers[0][0] in shown:
                    os.write(ours, answers.pop(0)[1])
        status = process.wait(60)
    os.close(ours)
    return status, shown.decode()


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def interrupted(command, folder):
    """What a command says of an interruption once its program runs; only its own process hears of it."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # shells let what they start in the background ignore it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    return process.returncode, said


def delete_the_cluster(state):
    """Begins to delete the cluster of runs, as somebody does who does not wait for its end."""
    running, password = state_folder.find_running(state)
    sahara = Client("2", session=session_of(cloud(running, password)))
    sahara.clusters.delete(sahara.clusters.find_unique(name="run").id)


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
        command = [*COMMAND, "--state", state, *options, program, *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)

    return run


def test_a_program_runs_again_fails_and_is_interrupted(run, state, tmp_path):
    with ThreadPoolExecutor(2) as pool:  # both find no service yet
        first, beside = pool.map(lambda words: run(*words), [("text.txt", "--flag", "two words"), ()])
    assert first.returncode == beside.returncode == 0, first.stderr + beside.stderr
    assert "arguments ['text.txt', '--flag', 'two words']" in first.stdout
    assert "sum 4950" in first.stdout
    assert "Making the cluster 'run'" in first.stderr + beside.stderr
    delete_the_cluster(state)
    second = run("--fail", "program.py")
    assert second.returncode == 3
    assert (
        f"'program.py' is here, not in the folder that the program runs in: give {tmp_path}/program.py" in second.stderr
    )
    assert "Making the cluster" in second.stderr  # whether the former one is gone by then or not
    assert "ValueError: asked to fail" in second.stderr, second.stderr
    assert "Traceback" not in second.stderr
    assert state_folder.find_running(state)  # for the next run
    third = run()
    assert (third.returncode, "Making the cluster" in third.stderr) == (0, False), third.stderr

    (tmp_path / "endless.sh").write_text(ENDLESS)
    endless = [*COMMAND, "--state", str(state), "endless.sh"]
    keys = [(b"begun", b"\x03"), (b"Cancel it? [y/N]", b"y\n")]
    status, shown = in_terminal(endless, tmp_path, typed=keys)
    assert (status, "is being cancelled" in shown) == (130, True), shown
    status, said = interrupted(endless, tmp_path)
    assert (status, "the operation goes on" in said) == (130, True), said
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(endless, cwd=tmp_path, stdin=subprocess.DEVNULL, text=True, **pipes) as process:
        assert process.stdout.readline() == "begun\n"
        upkeep.stop(state, clusters=False)
        assert run().returncode == 0  # which starts it at another port
        _, said = process.communicate(timeout=60)
    assert (process.returncode, "started again, at another address" in said) == (1, True), said
    assert "Traceback" not in said


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
