"""`job run`: what is uploaded, made or used again, and what the outcome says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from saharaclient.osc import job_run

if TYPE_CHECKING:
    from pathlib import Path

    from requests_mock import Mocker

CLUSTER = {"id": "c1", "name": "c"}


class Server:
    """The part of a server that `job run` needs; keeps what it is told."""

    def __init__(self, commands: Any, states: list[dict[str, Any]]) -> None:
        self.binaries: list[dict[str, Any]] = []
        self.templates: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.states = states
        v1 = commands.version == "1.1"
        wire: Mocker = commands.wire
        base = commands.base
        key, path = ("job", "jobs") if v1 else ("job_template", "job-templates")
        run, runs = ("job_execution", "job-executions") if v1 else ("job", "jobs")
        wire.get(f"{base}/clusters", json={"clusters": [CLUSTER]})
        wire.get(f"{base}/job-binaries", json=lambda *_: {"binaries": self.binaries})
        wire.get(f"{base}/{path}", json=lambda *_: {f"{key}s": self.templates})
        wire.post(f"{base}/job-binaries", json=self._binary)
        wire.post(f"{base}/{path}", json=lambda request, context: self._beaten({key: self._template(request)}, context))
        submit = re.compile(r"/jobs/\d+/execute$") if v1 else f"{base}/jobs"
        wire.post(
            submit, json=lambda request, _: {run: self._add(self.runs, request, id="0", info={"status": "PENDING"})}
        )
        wire.get(f"{base}/{runs}/0{'/refresh-status' if v1 else ''}", json=lambda *_: {run: self._state()})
        self.cancels = (
            wire.get(f"{base}/{runs}/0/cancel", json=lambda *_: {run: self._state()})
            if v1
            else wire.patch(f"{base}/{runs}/0", json=lambda *_: {run: self._state()})
        )
        if v1:
            wire.get(f"{base}/{runs}/0", json=lambda *_: {run: self._state()})
        self.output: dict[str, str] | None = None  # a real Sahara has no call for it
        wire.get(re.compile(r"/logs/(stdout|stderr)\?"), content=self._log)
        self.uploads = wire.register_uri("PUT", re.compile("job-binary-internals"), json=self._internal)
        self.internals: list[dict[str, Any]] = []
        wire.get(f"{base}/job-binary-internals", json=lambda *_: {"binaries": self.internals})
        wire.get(f"{base}/job-binary-internals/other/data", content=b"print(1)")
        self.removals = wire.delete(re.compile("job-binary-internals"), status_code=204)
        self.beside = False  # whether another command makes each thing just before this one

    def _add(self, things: list[dict[str, Any]], request: Any, **more: Any) -> dict[str, Any]:
        things.append({"id": str(len(things)), **request.json(), **more})
        return things[-1]

    def _beaten(self, answer: dict[str, Any], context: Any) -> dict[str, Any]:
        """The answer for who came second."""
        if not self.beside:
            return answer
        context.status_code = 409
        return {"error_code": 409, "error_name": "NAME_ALREADY_EXISTS", "error_message": "it already exists"}

    def _template(self, request: Any) -> dict[str, Any]:
        body = request.json()
        parts = {part: [{"id": id_, "name": "b"} for id_ in body.get(part) or []] for part in ("mains", "libs")}
        return self._add(self.templates, request, **parts)

    def _binary(self, request: Any, context: Any) -> dict[str, Any]:
        return self._beaten({"job_binary": self._add(self.binaries, request)}, context)

    def _internal(self, request: Any, context: Any) -> dict[str, Any]:
        b"".join(request.body)
        for other in self.internals:
            other["name"] = request.path.rpartition("/")[2]
            context.status_code = 409
            return {"error_code": 409, "error_name": "DB_DUPLICATE_ENTRY", "error_message": "it already exists"}
        return {"job_binary_internal": {"id": "internal", "name": "n"}}

    def _log(self, request: Any, context: Any) -> bytes:
        if self.output is None:
            context.status_code = 404
            return b"no such path"
        text = self.output[request.path.rpartition("/")[2]].encode()
        context.headers = {"X-Log-Size": str(len(text)), "X-Log-Complete": "true"}
        return text[int(request.qs["offset"][0]) :]

    def _state(self) -> dict[str, Any]:
        info = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {"id": "0", "info": info, "cluster_id": "c1", "start_time": "2026-01-01T00:00:00"}


def test_the_same_program_again_uses_the_same_binary_and_template(commands1: Any, tmp_path: Path) -> None:
    program = tmp_path / "word count.py"
    program.write_text("print(1)")
    server = Server(commands1, [{"status": "RUNNING"}, {"status": "SUCCEEDED"}])
    for _ in range(2):
        outcome = commands1(job_run.RunJob, f"{str(program)!r} --cluster c --args a b --main-class Main -f json")
        assert outcome.code == 0, outcome.told
        assert json.loads(outcome.stdout)["Status"] == "SUCCEEDED"
    (binary,), (template,) = server.binaries, server.templates
    assert binary["url"] == "internal-db://internal"
    assert binary["name"].startswith("word-count-")
    assert binary["name"].endswith(".py")
    assert (template["type"], template["mains"][0]["id"], template["libs"]) == ("Spark", "0", [])
    assert server.uploads.call_count == 1
    configs = server.runs[0]["job_configs"]
    assert configs == {"args": ["a", "b"], "configs": {"edp.java.main_class": "Main"}}
    program.write_text("print(2)")
    assert commands1(job_run.RunJob, f"{str(program)!r} --cluster c").code == 0
    assert (len(server.binaries), len(server.templates)) == (2, 2)


def test_two_at_once_use_the_same_binary_and_template(commands1: Any, tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text("print(1)")
    server = Server(commands1, [{"status": "SUCCEEDED"}])
    server.beside = True
    server.internals.append({"id": "other"})
    outcome = commands1(job_run.RunJob, f"{program} --cluster c")
    assert outcome.code == 0, outcome.told
    assert [binary["url"] for binary in server.binaries] == ["internal-db://other"]
    assert [template["mains"][0]["id"] for template in server.templates] == ["0"]
    assert not server.removals.called


def test_what_one_that_was_cut_off_left_is_used(commands1: Any, tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text("print(1)")
    server = Server(commands1, [{"status": "SUCCEEDED"}])
    server.internals.append({"id": "other"})
    outcome = commands1(job_run.RunJob, f"{program} --cluster c")
    assert outcome.code == 0, outcome.told
    program.write_text("print(2)")
    outcome = commands1(job_run.RunJob, f"{program} --cluster c")
    assert (outcome.code, "stores another file by the name" in outcome.told) == (1, True), outcome.told


def test_the_jobs_outcome_is_the_exit_code(commands: Any) -> None:
    server = Server(commands, [{"status": "FAILED", "reason": "no main class"}])
    server.binaries.append({"id": "b", "name": "there.jar", "url": "swift://a/b"})
    outcome = commands(job_run.RunJob, "there.jar --cluster c")
    assert outcome.code == 3
    assert "no main class" in outcome.told
    server.states[:] = [{"status": "RUNNING"}]
    outcome = commands(job_run.RunJob, "there.jar --cluster c --timeout 9")
    assert outcome.code == 4
    assert "job wait 0" in outcome.told


def test_what_a_job_waits_for_is_told(commands: Any) -> None:
    place, room = "Place 2 among the jobs that wait", "No worker has room for it"
    states = [{"status": "PENDING", "reason": place}, {"status": "RUNNING"}, {"status": "RUNNING", "reason": room}]
    server = Server(commands, [*states, {"status": "RUNNING", "reason": room}, {"status": "SUCCEEDED"}])
    server.binaries.append({"id": "b", "name": "there.sh", "url": "swift://a/b"})
    outcome = commands(job_run.RunJob, "there.sh --cluster c --quiet")
    told = [line.partition(" (")[0] for line in outcome.told.splitlines() if line.startswith('Job "0"')]
    ways = [f"PENDING: {place}", "RUNNING", f"RUNNING: {room}", "SUCCEEDED"]
    assert told == [f'Job "0": {way}' for way in ways]


def test_detached_it_does_not_wait(commands: Any) -> None:
    server = Server(commands, [{"status": "RUNNING"}])
    server.binaries.append({"id": "b", "name": "there.sh", "url": "swift://a/b"})
    outcome = commands(job_run.RunJob, "there.sh --cluster c --detach -f json")
    assert (outcome.code, json.loads(outcome.stdout)["Status"]) == (0, "PENDING")


LOG = """\
Using Spark's default log4j profile: org/apache/spark/log4j2-defaults.properties
26/01/31 12:00:00 INFO SparkContext: Running
  in so many words
26/01/31 12:00:01 WARN TaskSetManager: Lost task 0.0
26/01/31 12:00:02 ERROR Executor: Exception in task
\tat java.lang.Thread.run
26/01/31 12:00:03 INFO ShutdownHookManager: Shutdown hook called
"""


def test_output_is_shown_as_it_comes(commands: Any) -> None:
    server = Server(commands, [{"status": "RUNNING"}, {"status": "SUCCEEDED", "spark-path": "/there/run"}])
    server.binaries.append({"id": "b", "name": "there.py", "url": "swift://a/b"})
    outcome = commands(job_run.RunJob, "there.py --cluster c")  # a Sahara that has no call for it
    assert "Files of the run, on the cluster's master instance: /there/run\n" in outcome.stdout
    server.output = {"stdout": "three words\n", "stderr": LOG}
    for more in ("", " --quiet"):
        outcome = commands(job_run.RunJob, f"there.py --cluster c{more}")
        assert outcome.stdout.count("three words\n") == 1
        assert "WARN" not in outcome.stdout
    outcome = commands(job_run.RunJob, "there.py --cluster c -f json")
    assert json.loads(outcome.stdout)["Status"] == "SUCCEEDED"
    assert "three words" in outcome.told


@pytest.mark.parametrize("more", ["", " --quiet"])
def test_a_failure_shows_why(commands: Any, more: str) -> None:
    server = Server(commands, [{"status": "FAILED", "reason": "it ended with exit status 1", "spark-path": "/there"}])
    server.binaries.append({"id": "b", "name": "there.py", "url": "swift://a/b"})
    server.output = {"stdout": "begun\nTraceback (most recent call last):\n  File\nKeyError: 7\n", "stderr": LOG}
    outcome = commands(job_run.RunJob, f"there.py --cluster c{more}")
    assert (outcome.code, "it ended with exit status 1" in outcome.told) == (3, True)
    assert ("begun" in outcome.stdout) == (not more)  # what came before the traceback, only where all is shown
    assert outcome.stdout.count("KeyError: 7") == 1
    after = outcome.stdout.partition("KeyError: 7\n")[2].splitlines()
    assert [line.split()[2] for line in after if line.startswith("26/")] == ["WARN", "ERROR"]
    assert "\tat java.lang.Thread.run" in after
    assert not [line for line in after if "INFO" in line or "so many words" in line or "log4j" in line]
    server.output["stdout"] = "".join(f"line {number}\n" for number in range(100))
    shown = commands(job_run.RunJob, "there.py --cluster c --quiet").stdout
    assert "line 99\n" in shown
    assert "line 79\n" not in shown


def test_rm_takes_away_what_was_made_and_nothing_else(commands1: Any, tmp_path: Path) -> None:
    program = tmp_path / "count.py"
    program.write_text("print(1)")
    server = Server(commands1, [{"status": "SUCCEEDED"}])
    server.binaries.append({"id": "own", "name": "own.jar", "url": "swift://a/b"})
    gone: list[str] = []
    commands1.wire.delete(re.compile("."), json=lambda request, _: gone.append(request.path), status_code=204)
    line = f"{program} --cluster c --libs own.jar --rm"
    commands1.wire.get(
        f"{commands1.base}/job-executions/0", status_code=404, json={"error_code": 404, "error_name": "NOT_FOUND"}
    )
    outcome = commands1(job_run.RunJob, line)
    assert outcome.code == 0, outcome.told
    paths = [path.removeprefix("/v1.1/project/") for path in gone]
    assert paths[:3] == ["job-executions/0", "jobs/0", "job-binaries/1"]
    assert "job-binaries/own" not in paths
    (template,) = server.templates
    assert template["name"].startswith("count-")
    assert (template["description"], server.binaries[1]["description"]) == (job_run.MARK, job_run.MARK)


@pytest.mark.parametrize(
    ("program", "code", "told"),
    [("missing.py", 1, "neither such a file nor such a job binary"), ("program.exe", 2, "--type must be given")],
)
def test_programs_that_are_not_there_or_unknown(commands: Any, program: str, code: int, told: str) -> None:
    Server(commands, [{}])
    outcome = commands(job_run.RunJob, f"{program} --cluster c")
    assert (outcome.code, told in outcome.told) == (code, True)


def test_a_template_of_another_program_is_not_used(commands: Any) -> None:
    server = Server(commands, [{"status": "SUCCEEDED"}])
    server.binaries.append({"id": "b", "name": "there.py", "url": "swift://a/b"})
    server.templates.append({"id": "9", "name": "t", "type": "Spark", "mains": [{"id": "other"}], "libs": []})
    outcome = commands(job_run.RunJob, "there.py --cluster c --job-template t")
    assert outcome.code == 1
    assert "There is a job template t of another program" in outcome.told


def test_ctrl_c_offers_to_cancel(commands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(commands, [{"status": "RUNNING"}])
    server.binaries.append({"id": "b", "name": "there.py", "url": "swift://a/b"})

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.clock, "sleep", interrupt)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    outcome = commands(job_run.RunJob, "there.py --cluster c")
    assert (outcome.code, server.cancels.call_count) == (130, 1)
    assert "Cancel it? [y/N]" in outcome.told
    assert "Job 0 is being cancelled." in outcome.told
