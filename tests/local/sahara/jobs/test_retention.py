"""What is kept of jobs that have ended: their records always, their files within limits."""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from saharaclient.api.base import NotFound
from saharaclient.local import LocalSahara
from saharaclient.local.sahara.jobs.retention import Kept, Limits, beyond
from saharaclient.local.sahara.records.clusters import now
from saharaclient.local.server import upkeep
from saharaclient.local.store.files import disk_use

from .conftest import JOB, Shells

MIB = 2**20
WRITES = 'head -c "$1" /dev/zero >"$2"; echo done\n'


def until(condition):
    """What follows a job's end is done soon after the end is told."""
    deadline = time.monotonic() + JOB
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kept(state):
    return {path.name for path in (state / "jobs").iterdir()}


def test_files_of_the_oldest_go_and_records_stay(tmp_path, master):
    state = tmp_path / "state"
    with LocalSahara(state=state, spark_master=master, max_kept_runs=2) as running:
        shells = Shells(running)
        runs = [shells.run("echo done\n") for _ in range(4)]
        shells.run("exit 1\n")  # one that failed is one more
        until(lambda: len(kept(state)) == 2)
        assert runs[3].id in kept(state)
        assert {run.id for run in runs} <= {run.id for run in shells.runs.list()}
        assert list(shells.runs.logs(runs[3].id)) == ["done"]
        with pytest.raises(NotFound, match=f"The output of job {runs[0].id} is kept no longer"):
            list(shells.runs.logs(runs[0].id))
        assert shells.runs.get(runs[0].id).info["status"] == "SUCCEEDED"
    with LocalSahara(state=state, spark_master=master, max_kept_runs=1):
        assert len(kept(state)) == 1


def test_prune_while_the_service_runs_and_afterwards(tmp_path, master):
    state = tmp_path / "state"
    command = [Path(sys.executable).with_name("sahara-local"), "prune", "--state", state]

    def prune(*words):
        return subprocess.run([*command, *words], capture_output=True, text=True, timeout=60, check=False).stdout

    with LocalSahara(state=state, spark_master=master) as running:
        shells = Shells(running)
        runs = [shells.run(WRITES, str(MIB), "large") for _ in range(3)]
        under_way = shells.begin("sleep 60\n")
        shells.until_running(under_way)
        assert "Files of 0 jobs are gone" in prune()
        assert "of 1 jobs are gone, 1." in prune("--max-kept-bytes", str(int(2.5 * MIB)))
        assert kept(state) == {runs[1].id, runs[2].id, under_way.id}
        assert "those of 2 jobs are kept" in upkeep.status(state)["Files of ended jobs"]
        assert prune("--max-kept-runs", "0").endswith("those of 0 jobs are kept, 0 B. Their records stay.\n")
        assert kept(state) == {under_way.id}
        shells.runs.cancel(under_way.id)
        shells.end(under_way)
    assert "Files of 1 jobs are gone" in prune("--max-kept-runs", "0")
    assert kept(state) == set()


def test_what_is_there_under_several_names_takes_no_room(tmp_path, master):
    state = tmp_path / "state"
    with LocalSahara(state=state, spark_master=master, max_kept_bytes=4 * MIB) as running:
        shells = Shells(running)
        library = shells.library("large.jar", bytes(8 * MIB))
        runs = [shells.run("ls\n", libs=[library]) for _ in range(3)]
        assert kept(state) == {run.id for run in runs}
        assert disk_use(state) < 12 * MIB


def test_what_was_needed_while_it_ran_goes_at_once(tmp_path, master):
    state = tmp_path / "state"
    with LocalSahara(state=state, spark_master=master) as running:
        run = Shells(running).run('head -c 1000 /dev/zero >"$TMPDIR/left"; exit 1\n')
        scratch = state / "jobs" / run.id / "scratch"
        until(lambda: scratch.exists() and not list(scratch.iterdir()))


@pytest.mark.parametrize(
    ("limits", "gone"),
    [
        (Limits(9, 9, 999), []),
        (Limits(2, 9, 999), ["2", "3"]),
        (Limits(9, 1, 999), ["3"]),
        (Limits(9, 9, 25), ["2", "3"]),
        (Limits(0, 9, 999), ["0", "1", "2", "3"]),
        (Limits(9, 0, 999), ["0", "1", "2", "3"]),
    ],
    ids=["none", "number", "age", "size", "all by number", "all by age"],
)
def test_limits_of_age_number_and_size(limits, gone):
    ages = (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2), timedelta(days=2))
    runs = [Kept(Path(str(number)), now() - age, 10) for number, age in enumerate(ages)]
    assert [one.folder.name for one in beyond(runs, limits)] == gone
