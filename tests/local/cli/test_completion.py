"""Completion as it is typed, in the real shells: the names of what is in the cloud come before options."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.local import LocalSahara

BIN = Path(sys.executable).parent
SECONDS = 60.0  # that a shell may take to show what is waited for
# without the start-up files of whoever runs the tests
SHELLS = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}


def need(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here: apt-get install {shell}")


@pytest.fixture(scope="module")
def environment(
    service: LocalSahara, cloud_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A shell's variables, and a template with a name that nothing else begins with."""
    templates = service.client("2").node_group_templates
    made = templates.create("quokka", "fake", "0.1", service.flavor(), node_processes=["datanode"])
    home = str(tmp_path_factory.mktemp("home"))
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    yield {**cloud_environment, "HOME": home, "PATH": path, "TERM": "dumb", "COLUMNS": "120"}
    templates.delete(made.id)


class Terminal:
    """A shell in a terminal: what is typed, and all that it has shown since the last typing."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder, start_new_session=True
        )
        os.close(theirs)
        self._shown = ""

    def type(self, text: str) -> None:
        self._shown = ""
        os.write(self._ours, text.encode())

    def wait_for(self, text: str) -> str:
        deadline = time.monotonic() + SECONDS
        while text not in self._shown:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} was not shown: {self._shown!r}"
            self._shown += os.read(self._ours, 1 << 16).decode(errors="replace")
        return self._shown

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("command", ["sahara", "openstack dataprocessing"])
def test_what_is_typed_is_completed(shell: str, command: str, environment: dict[str, str], tmp_path: Path) -> None:
    need(shell)
    terminal = Terminal([shell, *SHELLS[shell]], environment, tmp_path)
    try:
        terminal.type(f'eval "$(sahara complete {shell})"; echo is-$((6*7))\n')
        terminal.wait_for("is-42")
        terminal.type(f"{command} node group template sh\t")
        terminal.wait_for("show")
        terminal.type("quo\t")
        shown = terminal.wait_for("kka")
        assert "--" not in shown
    finally:
        terminal.close()


def test_fish_offers_names_and_then_options(environment: dict[str, str], tmp_path: Path) -> None:
    need("fish")

    def offered(line: str) -> list[str]:
        code = "sahara complete fish | source; complete -C $argv"
        done = subprocess.run(
            ["fish", "--no-config", "-c", code, line],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.splitlines()

    assert offered("sahara node group template show quo") == ["quokka"]
    assert "quokka" in offered("openstack dataprocessing node group template show ")
    assert not any(word.startswith("-") for word in offered("sahara node group template show "))
    assert "--long" in offered("sahara node group template list --l")
    assert offered("openstack server li") == []
