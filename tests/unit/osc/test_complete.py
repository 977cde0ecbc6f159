"""Tab completion: words on the way to a command, options, names from the cloud; a shell is never disturbed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from saharaclient.osc import command_line, complete, program

COMMANDS = command_line.commands_of("2")


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
    assert command_line.command_at(["cluster", "update", "keypair", "x"], COMMANDS) == ("cluster", "update", "keypair")
    assert command_line.command_at(["cluster", "update", "x"], COMMANDS) == ("cluster", "update")
    assert command_line.command_at(["cluster"], COMMANDS) is None


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
    """What a shell is answered."""
    done = subprocess.run(
        [sys.executable, "-m", "saharaclient.osc.complete", "answer"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "COMP_LINE": line},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("openstack dataprocessing job ty", ["type"]),
        ("openstack --os-data-processing-api-version 2 dataprocessing cluster delete --f", ["--force"]),
        ("openstack dataprocessing job type configs get Sp", ["Spark"]),
        ("openstack dataprocessing cluster show x", []),  # no cloud
        ("sahara job ty", ["type"]),
        ("sahara --os-data-processing-api-version 2 cluster delete --f", ["--force"]),
        ("sahara --os-clou", ["--os-cloud"]),
        ("sahara nonsense ", []),
    ],
)
def test_a_shell_is_answered(line: str, answer: list[str]) -> None:
    assert ask(line) == answer


def test_options_are_offered_where_there_are_no_names() -> None:
    assert {"--help", "--name"} <= {*ask("sahara cluster create ")}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_code_for_a_shell_is_its_language(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    printed = subprocess.run(
        [sys.executable, "-m", "saharaclient.osc.complete", shell], capture_output=True, text=True, check=True
    ).stdout
    done = subprocess.run([shell, "-n"], input=printed, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["complete", "tcsh"]) == 2
    assert "bash, zsh, fish, not for tcsh" in capsys.readouterr().err
