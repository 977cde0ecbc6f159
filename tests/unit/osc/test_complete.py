"""Tab completion: words on the way to a command, options, names from the cloud; a shell is never disturbed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from saharaclient.osc import complete

COMMANDS = complete.commands_of("2")


@pytest.mark.parametrize(
    ("words", "prefix", "following"),
    [
        ([], "cl", ["cluster"]),
        (["cluster"], "t", ["template", "timeline"]),
        (["node", "group", "template"], "ex", ["export"]),
        (["cluster", "create"], "", []),
        (["nonsense"], "", []),
    ],
)
def test_words_on_the_way_to_a_command(words: list[str], prefix: str, following: list[str]) -> None:
    assert complete.next_words(words, prefix, COMMANDS) == following


def test_the_longest_command_counts() -> None:
    assert complete.command_at(["cluster", "update", "keypair", "x"], COMMANDS) == ("cluster", "update", "keypair")
    assert complete.command_at(["cluster", "update", "x"], COMMANDS) == ("cluster", "update")
    assert complete.command_at(["cluster"], COMMANDS) is None


def completer_of(command: tuple[str, ...], dest: str, client: Any) -> Any:
    actions = complete.parser_of(COMMANDS[command], client)._actions
    return next(action.completer for action in actions if action.dest == dest)  # type: ignore[attr-defined]


def test_names_come_from_the_cloud(commands: Any) -> None:
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [{"name": "alpha"}, {"name": "beta"}, {}]})
    completer = completer_of(("cluster", "show"), "cluster", lambda: commands.client)
    assert completer("al") == ["alpha"]
    path, key = ("job-executions", "job_executions") if commands.version == "1.1" else ("jobs", "jobs")
    commands.wire.get(f"{commands.base}/{path}", json={key: [{"id": "run-1"}]})
    assert completer_of(("job", "show"), "job", lambda: commands.client)("") == ["run-1"]


def test_a_cloud_out_of_reach_gives_no_names() -> None:
    def unreachable() -> Any:
        raise OSError("no way")

    assert completer_of(("cluster", "show"), "cluster", unreachable)("") == []


def ask(line: str) -> list[str]:
    """What a shell gets as answer on file descriptor 8."""
    script = 'exec 8>&1 9>/dev/null 1>/dev/null; exec "$0" -m saharaclient.osc.complete'
    environment = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\013", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    path = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run(
        ["bash", "-c", script, sys.executable], env={**path, **environment}, capture_output=True, text=True, check=False
    )
    return [word.strip() for word in done.stdout.split("\013") if word.strip()]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("openstack dataprocessing job ty", ["type"]),
        ("openstack --os-data-processing-api-version 2 dataprocessing cluster delete --f", ["--force"]),
        ("openstack dataprocessing job type configs get Sp", ["Spark"]),
        ("openstack dataprocessing cluster show x", []),  # no cloud
    ],
)
def test_a_shell_is_answered(line: str, answer: list[str]) -> None:
    assert ask(line) == answer


def test_the_shell_code_is_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "saharaclient.osc.complete"], capture_output=True, text=True, check=True
    )
    assert subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=False).returncode == 0
    assert "complete -o default -F _saharaclient openstack" in done.stdout
