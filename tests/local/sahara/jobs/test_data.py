"""What jobs do to objects that they are given as files: written again, changed, removed, by two at once."""

import itertools
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saharaclient.local import LocalSahara
from saharaclient.local.sahara.jobs import globs

from .conftest import Shells

BY_NAME = {"edp.substitute_data_source_for_name": "True"}
BY_ID = {"edp.substitute_data_source_for_uuid": "True"}
SWIFT = {"edp.spark.adapt_for_swift": "True"}
_numbers = itertools.count()

OVERWRITE = 'rm -rf "$1"; mkdir "$1"; echo "$2" >"$1/part-$2"; touch "$1/_SUCCESS"\n'
APPEND = 'mkdir -p "$1"; echo "$2" >"$1/part-$2"\n'


@pytest.fixture
def container():
    return f"c{next(_numbers)}"


def run_on(shells, script, url, *args):
    return shells.run(script, shells.source(url).id, *args, configs=BY_ID)


def test_an_output_is_overwritten(shells, container):
    for number in range(3):
        run = run_on(shells, OVERWRITE, f"swift://{container}.sahara/out", str(number))
        assert run.info["status"] == "SUCCEEDED", run.info
        wanted = {"out/_SUCCESS": b"", f"out/part-{number}": f"{number}\n".encode()}
        assert shells.stored(container) == wanted


def test_an_output_is_appended_to(shells, container):
    for number in range(3):
        run_on(shells, APPEND, f"swift://{container}.sahara/out", str(number))
        assert sorted(shells.stored(container)) == [f"out/part-{n}" for n in range(number + 1)]


def test_a_single_object_is_rewritten_replaced_by_a_folder_and_removed(shells, container):
    shells.put(f"{container}/out", b"old")
    url = f"swift://{container}/out"
    run_on(shells, 'echo new >"$1"\n', url)
    assert shells.stored(container) == {"out": b"new\n"}
    run_on(shells, OVERWRITE, url, "1")
    assert shells.stored(container) == {"out/_SUCCESS": b"", "out/part-1": b"1\n"}
    run_on(shells, 'rm -r "$1"; echo again >"$1"\n', url)
    assert shells.stored(container) == {"out": b"again\n"}
    run_on(shells, 'rm "$1"\n', url)
    assert shells.stored(container) == {}


def test_what_is_not_touched_stays_the_same_version(shells, container):
    shells.put(f"{container}/out/kept", b"kept")
    shells.put(f"{container}/outside", b"outside")
    shells.put(f"{container}/out/changed", b"same size")
    before = shells.ask("object-store", "HEAD", f"/{container}/out/kept").headers["Last-Modified"]
    run_on(shells, 'printf "SAME SIZE" >"$1/changed"\n', f"swift://{container}/out")
    stored = shells.stored(container)
    assert stored == {"out/kept": b"kept", "outside": b"outside", "out/changed": b"SAME SIZE"}
    assert shells.ask("object-store", "HEAD", f"/{container}/out/kept").headers["Last-Modified"] == before


def test_a_failed_job_changes_nothing(shells, container):
    shells.put(f"{container}/out/kept", b"kept")
    run = run_on(shells, 'rm -r "$1"; exit 3\n', f"swift://{container}/out")
    assert run.info["status"] == "FAILED"
    assert shells.stored(container) == {"out/kept": b"kept"}


def test_of_two_that_write_one_place_the_second_fails_and_says_why(shells, container, tmp_path):
    source = shells.source(f"swift://{container}/out").id
    script = f'while [ ! -e "{tmp_path}/$2" ]; do sleep 0.05; done\n{OVERWRITE}'
    runs = [shells.begin(script, source, name, configs=BY_ID) for name in ("first", "second")]
    for run in runs:
        shells.until_running(run)
    (tmp_path / "first").touch()
    assert shells.end(runs[0]).info["status"] == "SUCCEEDED"
    (tmp_path / "second").touch()
    second = shells.end(runs[1])
    assert second.info["status"] == "FAILED"
    assert f"swift://{container}/out/_SUCCESS' was changed by another job or user" in second.info["reason"]
    assert sorted(shells.stored(container)) == ["out/_SUCCESS", "out/part-first"]
    left = shells.sahara.service.settings.jobs / second.id / "data" / "0" / "out" / "part-second"
    assert left.read_text() == "second\n", "what it made can still be had"


def test_many_at_once_never_mix(shells, container):
    source = shells.source(f"swift://{container}/out").id
    runs = [shells.begin(OVERWRITE, source, str(number), configs=BY_ID) for number in range(8)]
    statuses = [shells.end(run).info["status"] for run in runs]
    assert statuses.count("SUCCEEDED") >= 1
    parts = [name for name in shells.stored(container) if "part-" in name]
    assert len(parts) == 1
    assert statuses[int(parts[0].rpartition("-")[2])] == "SUCCEEDED"


def test_two_that_only_read_do_not_disturb_each_other(shells, container):
    shells.put(f"{container}/in", b"text")
    source = shells.source(f"swift://{container}/in").id
    runs = [shells.begin('cat "$1"\n', source, configs=BY_ID) for _ in range(3)]
    shells.put(f"{container}/in", b"newer")
    assert [shells.end(run).info["status"] for run in runs] == ["SUCCEEDED"] * 3


def test_names_are_taken_as_they_stand(shells, container):
    names = ["part-?.txt", "day=1#a", "a b", "50%", "x#", "plain?", "ü"]
    shells.ask("object-store", "PUT", f"/{container}")
    for name in names:
        shells.ask("object-store", "PUT", f"/{container}/{quote(name)}", data=name.encode())
    for name in names:
        run = run_on(shells, 'cat "$1"; echo "new" >"$1.new"; echo more >>"$1"\n', f"swift://{container}/{name}")
        assert run.info["status"] == "SUCCEEDED", run.info
        assert list(shells.runs.logs(run.id)) == [name]
    run = run_on(shells, 'echo out >"$1"\n', f"swift://{container}/out?#1")
    got = shells.ask("object-store", "GET", f"/{container}/{quote('out?#1')}")
    assert got.content == b"out\n"
    assert shells.ask("object-store", "GET", f"/{container}/{quote('part-?.txt')}").content == b"part-?.txtmore\n"


def test_a_pattern_is_an_input(shells, container):
    for name in ("logs/1.txt", "logs/2.txt", "logs/3.csv", "other/4.txt", "logs/deep/5.txt"):
        shells.put(f"{container}/{name}", name.encode() + b"\n")
    before = shells.stored(container)
    for pattern, wanted in {
        "logs/*.txt": ["logs/1.txt", "logs/2.txt"],
        "*/[1-4].{txt,csv}": ["logs/1.txt", "logs/2.txt", "logs/3.csv", "other/4.txt"],
        "logs/?.csv": ["logs/3.csv"],
    }.items():
        run = run_on(shells, '#!/bin/bash\neval "cat $1"\n', f"swift://{container}/{pattern}")
        assert run.info["status"] == "SUCCEEDED", run.info
        assert sorted(shells.runs.logs(run.id)) == wanted
    assert shells.stored(container) == before


def test_urls_in_arguments_are_fetched_and_stored(shells, container):
    shells.put(f"{container}/in", b"words\n")
    urls = [f"swift://{container}.sahara/in", f"swift://{container}.sahara/out"]
    run = shells.run('cp "$1" "$2"; echo "$3"\n', *urls, f"see {urls[0]}", configs=SWIFT)
    assert run.info["status"] == "SUCCEEDED", run.info
    assert shells.stored(container) == {"in": b"words\n", "out": b"words\n"}
    assert list(shells.runs.logs(run.id)) == [f"see {urls[0]}"]
    # without the config, only what a data source knows
    shells.source(urls[0])
    run = shells.run('cat "$1"; echo "$2"\n', *urls)
    assert list(shells.runs.logs(run.id)) == ["words", urls[1]]


def test_references_are_resolved_as_sahara_does(shells, container):
    """Where the configs ask for it, and a whole value is one."""
    shells.put(f"{container}/in", b"x")
    name = f"named-{container}"
    source = shells.source(f"swift://{container}/in", name)
    args = [f"datasource://{name}", source.id, f"see datasource://{name}", "datasource://no-such"]
    echo = 'for word do echo "$word"; done\n'
    for configs in ({}, {"edp.substitute_data_source_for_name": "1"}, {"edp.substitute_data_source_for_uuid": "no"}):
        assert list(shells.runs.logs(shells.run(echo, *args, configs=configs).id)) == args
    run = shells.run(echo, *args, configs=BY_NAME)
    assert [line.rpartition("/")[2] for line in shells.runs.logs(run.id)] == ["in", source.id, f"named-{container}",
                                                                             "no-such"]  # fmt: skip
    run = shells.run(echo, *args, configs=BY_ID | BY_NAME)
    told = list(shells.runs.logs(run.id))
    assert told[0] == told[1]
    assert told[2:] == args[2:]
    assert run.data_source_urls == {source.id: f"swift://{container}/in"}


def test_what_was_written_when_the_service_was_gone_is_stored(master, tmp_path):
    def service():
        return LocalSahara(state=tmp_path / "state", spark_master=master)

    with service() as running:
        shells = Shells(running)
        shells.put("c/out/old", b"old")
        wait = f'while [ ! -e "{tmp_path}/go" ]; do sleep 0.05; done\n'
        run = shells.begin(wait + OVERWRITE, shells.source("swift://c/out").id, "1", configs=BY_ID)
        shells.until_running(run)
    (tmp_path / "go").touch()
    for _ in range(2):
        with service() as running:
            shells = Shells(running)
            assert shells.end(run).info["status"] == "SUCCEEDED"
            assert shells.stored("c") == {"out/_SUCCESS": b"", "out/part-1": b"1\n"}


@pytest.mark.parametrize(
    ("glob", "fits", "others"),
    [
        ("a*", ["a", "abc", "a/b/c"], ["b", "ba"]),
        ("a/*", ["a/b", "a/b/c"], ["a", "b/a"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
        ("[^a]x", ["bx"], ["ax"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("{one,two}.txt", ["one.txt", "two.txt"], ["onetwo.txt", "three.txt"]),
        (r"a\*", ["a*"], ["ab"]),
        ("a.b?", ["a.bc"], ["axbc", "a.b"]),
    ],
)
def test_patterns(glob, fits, others):
    pattern = globs.compiled(glob)
    assert [name for name in (*fits, *others) if pattern.fullmatch(name)] == fits


@given(st.text(alphabet="ab/*?[]{},^!-\\."), st.text(alphabet="ab/"))
def test_any_pattern_fits_or_not_and_its_folder_is_no_pattern(glob, name):
    pattern, fixed = globs.compiled(glob), globs.fixed_part(glob)
    if pattern is not None and fixed and pattern.fullmatch(name) and "\\" not in fixed:
        assert name.startswith(f"{fixed}/")
