"""Spark's own history server: what jobs have done, by their event logs, also after their clusters are gone.

It is started when somebody looks, on a port of its own of the loopback interface, and ends with the service.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

import requests

from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.processes import end
from saharaclient.local.engines.runs import events
from saharaclient.local.engines.runs.properties import write_properties
from saharaclient.local.engines.runtime import SparkRuntime
from saharaclient.local.engines.spark.daemons import WEB, start_history

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.engines.spark.daemons import StartingDaemon

PATIENCE = 60.0  # seconds until it is ready, and until it has read a job's log


class HistoryServer:
    """The history server of a service.

    Args:
        folder: Its own folder.
        runs: Where each run has a folder.
        tools: The folder of a ``java`` of our own, where there has to be one.
    """

    def __init__(self, folder: Path, runs: Path, tools: Path) -> None:
        self._folder, self._runs, self._tools = folder, runs, tools
        self._logs = folder / "events"
        self._lock = threading.Lock()
        self._started: StartingDaemon | None = None
        self._web: str | None = None

    def page(self, run: str) -> str | None:
        """The URL of a run's page; the server is started where it doesn't run yet.

        Args:
            run: The run's id.

        Returns:
            The URL; None where the run has no event log (any more).

        Raises:
            EngineError: The server does not start, or does not show the run.
        """
        found = events.logs(self._runs / run)
        if not found:
            return None
        with self._lock:
            self._link()
            web = self._running()
        application = events.application(found[-1])
        self._wait_for(web, application)
        return f"{web}/history/{application}/"

    def stop(self) -> None:
        """End the server if it runs, or is about to."""
        end([], self._folder)  # first: whoever waits for its start holds the lock
        with self._lock:
            if self._started is not None:
                end([self._started.process], self._folder)
                self._started = None

    def _link(self) -> None:
        """Shows the server the event logs that there are by now: it reads a single folder, not one for each run."""
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted: dict[str, Path] = {}
        for run in self._runs.iterdir():
            with contextlib.suppress(FileNotFoundError):  # a driver ends and renames its log
                wanted |= {events.linked_name(log, run.name): log for log in events.logs(run)}
        there = {path.name for path in self._logs.iterdir()}
        for name in there - wanted.keys():
            (self._logs / name).unlink(missing_ok=True)
        for name in wanted.keys() - there:
            (self._logs / name).symlink_to(wanted[name])

    def _running(self) -> str:
        if self._started is None or not self._started.process.alive():
            (self._folder / "conf").mkdir(mode=0o700, exist_ok=True)
            properties = self._folder / "history.conf"
            write_properties(
                properties,
                {
                    "spark.history.fs.logDirectory": f"file:{self._logs}",
                    "spark.history.fs.update.interval": "1s",
                    "spark.history.ui.port": "0",
                },
            )
            end([], self._folder)  # one of a service that was killed
            self._started = start_history(SparkRuntime.find(self._tools), self._folder, properties)
            self._web = None
        if self._web is None:  # a start that took too long for one who looked goes on for the next
            (found,) = self._started.hear(time.monotonic() + PATIENCE, WEB)
            self._web = f"http://127.0.0.1:{found[1]}"
        return self._web

    def _wait_for(self, web: str, application: str) -> None:
        deadline = time.monotonic() + PATIENCE
        with requests.Session() as session:
            session.trust_env = False
            while True:
                with contextlib.suppress(requests.RequestException):
                    if session.get(f"{web}/api/v1/applications/{application}", timeout=PATIENCE).ok:
                        return
                if time.monotonic() > deadline:
                    raise EngineError(f"The history server {web} does not show {application}; see its log.")
                time.sleep(0.1)
