"""What release 4.2.0 printed for a whole life cycle, replayed: headings, order, texts and exit codes are the same.

`recorded/` holds commands and what they printed; what was a fault then is corrected in `CORRECTIONS`, nothing else.
"""

from __future__ import annotations

import json
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.cli.launch import CALLS

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack

RECORDED = Path(__file__).with_name("recorded")

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIXED = re.compile(r"11111111-0000-4000-8000-|6e1b0d9a-0000-4000-8000-")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
OURS = re.compile(r"PREFIX")

# The beginning of a command that failed in 4.2.0, or said something wrong, and its exit code now.
CORRECTIONS = {
    "node group template import": 0,
    "cluster template import": 0,
    "cluster template delete PREFIX-ct2": 0,
    "node group template delete PREFIX-j PREFIX-imp": 0,
    "node group template list --long --plugin": 0,
    "image tags": 0,
    "job type list --type Spark --plugin fake": 0,
    "cluster scale": 0,
    "job binary create --name PREFIX-jb --data": 0,
    "job binary download PREFIX-jb --file got.jar": None,  # the second time the file is there
    "job execute --job-template PREFIX-jt --cluster PREFIX-c --config-json": 0,
    "job execute --job-template PREFIX-jt --cluster PREFIX-c --interface": 0,
    "job execute --json": 0,
    "job binary delete": 0,
    "job binary list": 0,
    "job list": 0,
    "job template delete": 0,
}


def normal(value: Any) -> Any:
    """A value without what differs from run to run."""
    if isinstance(value, str):
        value = re.sub(r"Error ID: \S+", "Error ID", value)
        return TIME.sub("<time>", UUID.sub(lambda m: m[0] if FIXED.match(m[0]) else "<id>", value))
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items()}
    return [normal(v) for v in value] if isinstance(value, list) else value


def differences(was: dict[str, Any], outcome: Any, prefix: str, unlike: set[str]) -> str | None:
    """What is not as recorded, or None; `unlike` are headings whose values don't count."""
    command = was["command"].removeprefix("openstack dataprocessing ")
    corrected = next((code for start, code in CORRECTIONS.items() if command.startswith(start)), was["exit"])
    if corrected is None:
        return None
    if outcome.exit != corrected:
        return f"exit {outcome.exit}, not {corrected}: {outcome.stderr}"
    if was["exit"] != 0:
        return _error(was, outcome, prefix) if corrected else None
    stdout = outcome.stdout.replace(prefix, "PREFIX")
    if "-f json" in command:
        now = json.loads(stdout)
        return _listed(now, was["stdout"]) if isinstance(now, list) else _shown(now, was["stdout"], unlike)
    return _text(stdout, was["stdout"])


def _error(was: dict[str, Any], outcome: Any, prefix: str) -> str | None:
    told = normal(was["stderr"]).strip().splitlines()[0].lower()
    if told.startswith(("no network", "no flavor")):  # the SDK has words of its own
        told = " ".join(told.split()[:2])
    return None if told in normal(outcome.stderr).replace(prefix, "PREFIX").lower() else outcome.stderr


def _listed(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> str | None:
    ours = [row for row in now if OURS.search(json.dumps(row)) or not OURS.search(json.dumps(then))]
    if not ours:
        return "nothing of ours is in the list"
    return next((f"headings {list(row)} not {list(then[0])}" for row in ours if list(row) != list(then[0])), None)


def _shown(now: dict[str, Any], then: dict[str, Any], unlike: set[str]) -> str | None:
    if list(now) != list(then):
        return f"headings {list(now)} not {list(then)}"
    values = {k for k in then if normal(now[k]) != normal(then[k])} - {"Status", "Engine job id"} - unlike
    return f"values {[(k, now[k], then[k]) for k in values]}" if values else None


def _text(now: str, then: str) -> str | None:
    if "{'" in then:  # it printed the whole resource where its name belongs
        return None if "removed successfully.\n" in now else now
    if "event-logs" in then:
        return None if "Event log dump saved to file: event-logs-" in now and "| Field" in now else now
    now, then = normal(now), normal(then)
    return None if now == then else f"{now!r}, not {then!r}"


class Replay:
    """Runs the recorded commands one after the other and keeps what they need of each other."""

    def __init__(self, openstack: OpenStack, prefix: str, unlike: set[str]) -> None:
        self.openstack = openstack
        self.prefix = prefix
        self.unlike = unlike
        self.ids: dict[str, str] = {}  # those of the recording, and what they are now
        self.template = self.cluster = ""
        openstack.write("labels.json", {"plugin_labels": {"hidden": {"status": True}}})
        openstack.write("conf.json", {"fs.a": "b"})
        openstack.write("iface.json", {})
        version = "hadoop_version" if openstack.version == "1.1" else "plugin_version"
        template = {"name": f"{prefix}-j", "plugin_name": "fake", version: "0.1"}
        openstack.write("ng.json", {**template, "flavor_id": "1", "node_processes": ["datanode"]})
        (openstack.directory / "app.jar").write_bytes(bytes(range(256)) * 40)
        (openstack.directory / "run.sh").write_text("echo hello\n", "utf-8")

    def recorded(self) -> list[dict[str, Any]]:
        """The recording of the API version; each version has an image of its own, so that both can run at once."""
        text = (RECORDED / f"v{self.openstack.version[0]}.json").read_text("utf-8")
        if self.openstack.version == "2":
            text = text.replace("11111111-0000-4000-8000-000000000002", "11111111-0000-4000-8000-000000000003")
            text = text.replace("cirros-fake", "centos-vanilla")
        steps: list[dict[str, Any]] = json.loads(text)
        return steps

    def run(self) -> list[str]:
        """Run everything; returns what is not as recorded."""
        return [told for was in self.recorded() if (told := self.step(was))]

    def step(self, was: dict[str, Any]) -> str | None:
        """Run a command; returns what is not as recorded, or None."""
        command = was["command"].replace("PREFIX", self.prefix)
        for then, now in self.ids.items():
            command = command.replace(then, now)
        if "exec.json" in command:
            self.openstack.write("exec.json", {"job_template_id": self.template, "cluster_id": self.cluster})
        if command.endswith(f"template delete {self.prefix}-jt"):
            self._delete_runs()
        if command.endswith("--verification -f json"):
            self._await_check()
        outcome = self.openstack(*shlex.split(command)[2:])
        if outcome.exit == 0 and command.endswith("-f json"):
            self._learn(command, was["stdout"], outcome.json)
        told = differences(was, outcome, self.prefix, self.unlike)
        return f"$ {command}\n    {told}" if told else None

    def _learn(self, command: str, then: Any, now: Any) -> None:
        if not (isinstance(now, dict) and "Id" in now):
            return
        if isinstance(then, dict):
            self.ids[then["Id"]] = now["Id"]
        if "job template" in command:
            self.template = now["Id"]
        if "cluster show" in command:
            self.cluster = now["Id"]
        if "job execute" in command:  # a run that has not begun can't be deleted at once
            assert self.openstack("job", "wait", now["Id"]).exit == 0
        assert now.get("Status") != "Error", now

    def _await_check(self) -> None:
        """Wait for the health check, which Sahara begins when it has called a cluster active; its rows come then."""
        self.openstack.do(f"cluster verification {self.prefix}-c --show --wait")

    def _delete_runs(self) -> None:
        """Delete the runs that 4.2.0 could not start."""
        for run in self.openstack("job", "list", "--property", f"cluster_id={self.cluster}", "-f", "json").json:
            assert self.openstack("job", "delete", run["Id"], "--wait").exit == 0


def test_life_cycles_as_recorded(executables: list[OpenStack], prefix: str, unlike_recorded: set[str]) -> None:
    replays = [Replay(openstack, f"{prefix}{openstack.version[0]}", unlike_recorded) for openstack in executables]
    with ThreadPoolExecutor() as pool:
        problems = list(pool.map(Replay.run, replays))
    for openstack, found in zip(executables, problems, strict=True):
        assert not found, f"API {openstack.version}:\n" + "\n".join(found)
        assert sum(1 for call in CALLS if call.version == openstack.version) >= 80
