"""The output of jobs, read while they run and later, through the client."""

import itertools
import threading
import time

import pytest

from saharaclient.api.base import BadRequest, NotFound
from saharaclient.client import Client
from saharaclient.local import LocalSahara

from .conftest import Shells

COUNTS = 'n=0; while [ $n -lt "$1" ]; do echo "line $n"; n=$((n + 1)); sleep "$2"; done; echo last >&2\n'


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_output_and_errors_of_a_job_that_has_ended(sahara, version):
    shells = Shells(sahara, version)
    run = shells.run("echo one; echo two; printf three; echo wrong >&2\n")
    for _ in range(2):
        assert list(shells.runs.logs(run.id)) == ["one", "two", "three"]
        assert list(shells.runs.logs(run.id, follow=True)) == ["one", "two", "three"]
        assert list(shells.runs.logs(run.id, stderr=True)) == ["wrong"]
    assert list(shells.runs.logs(run.id, offset=4)) == ["two", "three"]
    assert list(shells.runs.logs(run.id, offset=4000)) == []


def test_lines_come_within_two_seconds(shells):
    run = shells.begin("for n in 1 2 3 4 5; do date +%s.%N; sleep 0.7; done\n")
    late = [time.time() - float(line) for line in shells.runs.logs(run.id, follow=True)]
    assert len(late) == 5
    assert max(late[1:]) < 2  # the first waits for the job's start too
    assert shells.runs.get(run.id).info["status"] == "SUCCEEDED"


def test_two_follow_one_job_from_different_places(shells):
    run = shells.begin(COUNTS, "20", "0.05")
    first = [line for line, _ in zip(shells.runs.logs(run.id, follow=True), range(5), strict=False)]
    read = {}

    def follow(name, offset):
        read[name] = list(shells.runs.logs(run.id, follow=True, offset=offset))

    threads = [threading.Thread(target=follow, args=one) for one in (("all", 0), ("rest", first[-1].offset))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert read["all"] == [f"line {n}" for n in range(20)]
    assert [*first, *read["rest"]] == read["all"]


def test_a_large_output_comes_whole(shells):
    run = shells.run("seq 1 400000\n")  # 2.7 MB, in pieces of one
    assert list(shells.runs.logs(run.id)) == [str(n) for n in range(1, 400001)]


def test_a_restart_of_the_service_loses_and_doubles_nothing(master, tmp_path):
    def service(port):
        return LocalSahara(state=tmp_path / "state", spark_master=master, port=port)

    with service(0) as running:
        port = int(running.url.rpartition(":")[2])
        shells = Shells(running)
        run = shells.begin(COUNTS, "60", "0.1")
        lines = shells.runs.logs(run.id, follow=True)
        read = list(itertools.islice(lines, 10))
    with service(port):
        read += lines
    assert read == [f"line {n}" for n in range(60)]


def test_what_there_is_not_is_said(shells):
    with pytest.raises(NotFound, match="00000000-0000-4000-8000-000000000000 not found|not found"):
        next(shells.runs.logs("00000000-0000-4000-8000-000000000000"))
    run = shells.run("true\n")
    assert list(shells.runs.logs(run.id)) == []
    for query in ("offset=-1", "offset=x", "offset=", "offset=1e9", "other=1"):
        with pytest.raises(BadRequest):
            shells.runs._send("GET", f"/jobs/{run.id}/logs/stdout?{query}")
    with pytest.raises(NotFound):
        shells.runs._send("GET", f"/jobs/{run.id}/logs/spark.conf")


def test_output_is_its_projects(sahara, shells):
    run = shells.run("echo secret\n")
    other = Client("2", session=sahara.session(username="demo"))
    with pytest.raises(NotFound):
        next(other.jobs.logs(run.id))


def test_a_link_in_the_place_of_the_output_is_not_followed(shells, tmp_path):
    (tmp_path / "secret").write_text("secret\n")
    run = shells.run(f'rm ../stdout; ln -s "{tmp_path}/secret" ../stdout\n')
    assert list(shells.runs.logs(run.id)) == []
