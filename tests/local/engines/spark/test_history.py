"""Spark's history server where its start takes long: whoever looks again finds it, and a stop does not wait for it."""

import json
import threading
import time

import pytest
import requests

from saharaclient.local.engines import processes
from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.spark import history

APPLICATION = "app-20260131120000-0000"
EVENTS = [
    {"Event": "SparkListenerLogStart", "Spark Version": "3.5.0"},
    {
        "Event": "SparkListenerApplicationStart",
        "App Name": "count",
        "App ID": APPLICATION,
        "Timestamp": 1769860800000,
        "User": "somebody",
    },
    {"Event": "SparkListenerApplicationEnd", "Timestamp": 1769860801000},
]


@pytest.fixture
def server(tmp_path):
    events = tmp_path / "jobs" / "run" / "events"
    events.mkdir(parents=True)
    lines = (json.dumps(event, separators=(",", ":")) for event in EVENTS)  # by whose beginnings Spark tells them
    (events / APPLICATION).write_text("".join(f"{line}\n" for line in lines))
    (tmp_path / "history").mkdir()
    made = history.HistoryServer(tmp_path / "history", tmp_path / "jobs", tmp_path / "java")
    yield made
    made.stop()


def test_a_start_that_took_too_long_is_waited_for_again(server, monkeypatch):
    assert server.page("none") is None
    with monkeypatch.context() as patched:
        patched.setattr(history, "PATIENCE", 0.0)
        for _ in range(2):
            with pytest.raises(EngineError, match="did not become ready in time"):
                server.page("run")
    page = server.page("run")
    (shown,) = requests.get(f"{page.partition('/history/')[0]}/api/v1/applications", timeout=60).json()
    assert shown["name"] == "count"
    assert server.page("run") == page


def test_a_stop_does_not_wait_for_a_start(server, tmp_path):
    refused = []

    def look():
        try:
            server.page("run")
        except EngineError as error:
            refused.append(str(error))

    looking = threading.Thread(target=look)
    looking.start()
    while not processes.running(tmp_path / "history"):  # Java, which takes a second at least until it is ready
        time.sleep(0.01)
    began = time.monotonic()
    server.stop()
    looking.join()
    assert refused
    assert "ended at its start" in refused[0]
    assert time.monotonic() - began < history.PATIENCE / 2
