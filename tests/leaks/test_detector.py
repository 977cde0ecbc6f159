"""The detector finds what it is meant to find: without this the other tests would prove nothing."""

import base64
import logging
import subprocess
import sys
from urllib.parse import quote

import psutil
import pytest

from tests.leaks.marks import Everything, Marks


@pytest.fixture
def marks():
    marks = Marks()
    assert marks["one"] != marks["two"]
    return marks


@pytest.mark.parametrize(
    "hidden",
    [
        lambda s: s,
        lambda s: f'{{"password": "{s}"}}',
        lambda s: f"http://u:{quote(s, safe='')}@h/",
        lambda s: f"Basic {base64.b64encode(f'user:{s}'.encode()).decode()}",
        lambda s: repr({"a": [s]}),
    ],
)
def test_in_texts(marks, hidden):
    assert marks.found_in(f"before {hidden(marks['one'])} after") == ["one"]
    assert marks.found_in("before *** after") == []


def test_in_logs(marks):
    log, logger = Everything(), logging.getLogger("a.test")
    logger.addHandler(log)
    logger.warning("request %s", {"password": marks["one"]})
    try:
        raise ValueError(marks["two"])
    except ValueError:
        logger.exception("failed")
    logger.removeHandler(log)
    assert marks.found_in(log.text) == ["one", "two"]


def test_in_errors_and_what_led_to_them(marks):
    try:
        try:
            raise ValueError(marks["one"])
        except ValueError as error:
            raise RuntimeError("no secret") from error
    except RuntimeError as error:
        assert marks.found_in_error(error) == ["one"]
    detailed = RuntimeError("no secret")
    vars(detailed)["details"] = marks["two"]
    assert marks.found_in_error(detailed) == ["two"]


def test_in_files(marks, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"\x00\xff" + marks["one"].encode())
    (tmp_path / "c").write_text("nothing")
    assert marks.found_in_files(tmp_path) == {"a/b": ["one"]}


def test_in_processes(marks):
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", marks["one"]]
    environment = {"PATH": "/usr/bin", "TOKEN": marks["two"]}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        process.stdout.readline()  # before it runs, it has neither
        found = marks.found_in_processes([psutil.Process(process.pid)])
        process.kill()
    assert list(found.values()) == [["one", "two"]]
