"""How tests run `openstack`: as a new process of the executable, or as a fork, which takes a fraction of the time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

EXECUTABLE = Path(sys.executable).with_name("openstack")


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    version: str
    words: tuple[str, ...]
    exit: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        assert self.exit == 0, self
        return json.loads(self.stdout)


CALLS: list[Outcome] = []
"""Every call of the session."""


class Launcher(Protocol):
    """Runs `openstack` with arguments; returns exit code, standard output and standard error."""

    def __call__(
        self, arguments: list[str], environment: dict[str, str], folder: Path, timeout: int
    ) -> tuple[int, str, str]: ...


def new_process(arguments: list[str], environment: dict[str, str], folder: Path, timeout: int) -> tuple[int, str, str]:
    done = subprocess.run(
        [str(EXECUTABLE), *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        env=environment,
    )
    return done.returncode, done.stdout, done.stderr


class Forks:
    """The launcher that forks; see `tests/cli/forks.py`."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "stdout", folder / "stderr"
        server = [sys.executable, str(Path(__file__).with_name("forks.py"))]
        self._server = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(
        self, arguments: list[str], environment: dict[str, str], folder: Path, timeout: int
    ) -> tuple[int, str, str]:
        stdout, stderr = self._files
        asked = {
            "arguments": arguments,
            "environment": environment,
            "folder": str(folder),
            "stdout": str(stdout),
            "stderr": str(stderr),
            "timeout": timeout,
        }
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return code, stdout.read_text("utf-8"), stderr.read_text("utf-8")

    def close(self) -> None:
        self._server.communicate()


@dataclass
class OpenStack:
    """Runs `openstack dataprocessing …` in one API version; notes every call in `CALLS`."""

    version: str
    directory: Path
    environment: dict[str, str]
    launch: Launcher

    def __call__(self, *words: str, timeout: int = 600, **environment: str) -> Outcome:
        arguments = ["--os-data-processing-api-version", self.version, "dataprocessing", *words]
        code, stdout, stderr = self.launch(arguments, {**self.environment, **environment}, self.directory, timeout)
        outcome = Outcome(self.version, words, code, stdout, stderr)
        assert "Traceback" not in outcome.stdout + outcome.stderr, outcome
        CALLS.append(outcome)
        return outcome

    def do(self, line: str) -> Outcome:
        """Run a command that must succeed, written as in a shell."""
        outcome = self(*shlex.split(line))
        assert outcome.exit == 0, outcome
        return outcome

    def show(self, line: str) -> Any:
        """What a command says in JSON."""
        return self.do(f"{line} -f json").json

    def write(self, name: str, content: Any) -> None:
        """Write a JSON file to where commands run."""
        (self.directory / name).write_text(json.dumps(content), "utf-8")

    def interrupted(self, *words: str) -> Outcome:
        """Run a command and press Ctrl-C as soon as it tells of progress."""
        command = [str(EXECUTABLE), "--os-data-processing-api-version", self.version, "dataprocessing", *words]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.directory,
            preexec_fn=_mind_interrupts,
        ) as process:
            assert process.stderr is not None
            first = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=120)
            return Outcome(self.version, words, process.returncode, stdout, first + stderr)

    def typed(self, text: str, *words: str) -> Outcome:
        """Run a command in a terminal and answer its prompt; standard output is what the terminal showed."""
        command = [str(EXECUTABLE), "--os-data-processing-api-version", self.version, "dataprocessing", *words]
        ours, terminal = pty.openpty()
        with subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=self.environment,
            cwd=self.directory,
            start_new_session=True,
            preexec_fn=_take_terminal,
        ) as process:
            os.close(terminal)
            shown = os.read(ours, 1 << 16)  # the prompt; what is typed before it, the terminal would show
            os.write(ours, f"{text}\n".encode())
            with contextlib.suppress(OSError):  # which ends a terminal
                while read := os.read(ours, 1 << 16):
                    shown += read
            process.wait(60)
        os.close(ours)
        outcome = Outcome(self.version, words, process.returncode, shown.decode(), "")
        CALLS.append(outcome)
        return outcome


def _take_terminal() -> None:
    """Make standard input the terminal of a new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _mind_interrupts() -> None:
    """Undo what shells do to what they start in the background: such processes ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
