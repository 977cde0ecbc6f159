"""Shell code of a page: blocks of commands, and sessions whose output is compared with what the page shows."""

import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 400  # that a block may take
REST = "…"  # a line that stands for any others
# what differs from run to run
VARYING = [
    (re.compile(r"\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "<time>"),
    (re.compile(r"\b\d+(\.\d+)? ?s\b"), "<seconds>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r"/tmp/[\w./-]+"), "<path>"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "<digest>"),
    (re.compile(r"\b3\.5\.\d+\b"), "<spark>"),
    (re.compile(r"[█ ]*│[█ ]*│?[█ ]*│"), "<bar>"),
    (re.compile(r"[ ]{2,}"), " "),
    (re.compile(r"-{3,}|─{2,}|━{2,}"), "-"),
]
# which states are seen on the way depends on when the command looks
PROGRESS = re.compile(r'(Cluster|Job) "\S+": .*\(<seconds>\)$')
# takes up what an earlier block has left, and leaves it to the next one
KEEP = """\
[ -e {state} ] && . {state} 2>/dev/null
__keep() {{
    {{ declare -p | grep -v '^declare -[a-zA-Z]*r'; declare -f; printf 'cd %q\\n' "$PWD"; }} >{state}
    env -0 >{variables}
}}
trap __keep EXIT
"""


def comparable(text):
    for varying, name in VARYING:
        text = varying.sub(name, text)
    return [line.rstrip() for line in text.strip().splitlines() if not PROGRESS.match(line)]


def agrees(shown, printed):
    """Whether a page shows what was printed, but for what differs from run to run and lines left out by an ellipsis."""
    pattern = "".join(r"(?:.*\n)*?" if line == REST else re.escape(line) + "\n" for line in comparable(shown))
    return re.fullmatch(pattern, "".join(line + "\n" for line in comparable(printed))) is not None


@dataclass
class Shell:
    """A page's shell: variables, functions and the working directory go on from block to block.

    Args:
        folder: where it starts, and where its own files are.
        environment: its variables at first.
    """

    folder: Path
    environment: dict[str, str]
    groups: list[int] = field(default_factory=list)

    @property
    def _variables(self):
        return self.folder / ".shell-variables"

    def run(self, script):
        """Run a script as a reader would who pastes it; answers its exit status and all that it printed."""
        state, output = self.folder / ".shell-state", self.folder / ".shell-output"
        prelude = KEEP.format(state=state, variables=self._variables)
        with output.open("w") as file:
            process = subprocess.Popen(
                ["bash", "-c", prelude + script],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.groups.append(process.pid)
            try:
                status = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.close()
                return f"none after {SECONDS} s", output.read_text(errors="replace").replace(str(self.folder), "~")
        return status, output.read_text(errors="replace").replace(str(self.folder), "~")

    def variables(self):
        """The variables that programs started now would get."""
        file = self._variables
        entries = file.read_text().split("\0") if file.exists() else []
        return self.environment | dict(entry.split("=", 1) for entry in entries if "=" in entry)

    def block(self, source):
        status, printed = self.run(f"set -euo pipefail\n{source}")
        assert status == 0, f"exit status {status}:\n{printed}"

    def session(self, source):
        """Run a session's commands; answers for each of them what the page shows and what was printed."""
        exchanges = exchanges_of(source)
        mark = "@@ end of a command @@"
        script = "__status=0\n" + "".join(
            f"(exit $__status)\n{command}\n__status=$?; echo; echo '{mark}'\n" for command, _ in exchanges
        )
        _, printed = self.run(script)
        parts = [part.removesuffix("\n") for part in printed.split(mark + "\n")]
        return [(command, shown, part) for (command, shown), part in zip(exchanges, parts, strict=False)]

    def close(self):
        """End what blocks have left in the background."""
        for group in self.groups:
            try:
                os.killpg(group, signal.SIGTERM)
            except ProcessLookupError:
                continue
        self.groups.clear()


def exchanges_of(source):
    """The commands of a session, each with the output that is shown below it."""
    found = []
    for line in source.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
        else:
            found[-1][1] += line + "\n"
    return found
