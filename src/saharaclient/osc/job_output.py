"""What jobs print: shown while they run, and why one failed; the commands `job logs` and `job wait`."""

from __future__ import annotations

import collections
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import command, inputs, jobs, progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

_TAIL = 20  # lines of the output of a failed job that has no traceback, and of its log's warnings
_LAST_LINES = 10.0  # seconds for what a job printed last, after its end is known
_TRACEBACK = "Traceback (most recent call last)"
# a line of Spark's or Hadoop's log, "26/01/31 12:00:00 WARN Class: text"
_LOGGED = re.compile(r"\d\d(?:\d\d)?[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\S* (\w+)")
_WORTH_TELLING = frozenset({"WARN", "ERROR", "FATAL"})
_ABOUT_THE_LOG = ("Using Spark's default log4j", "Setting default log level", "To adjust logging level")


def warnings_of(lines: Iterable[str]) -> Iterator[str]:
    """Of a job's log the warnings, the errors and what is no log: no notices, and no lines that go on with one."""
    telling = True
    for line in lines:
        if logged := _LOGGED.match(line):
            telling = logged[1] in _WORTH_TELLING
        if telling and not line.startswith(_ABOUT_THE_LOG):
            yield line


def telling_part(lines: Iterable[str]) -> list[str]:
    """A failed program's output from its first traceback on; where there is none, its end."""
    found: list[str] = []
    last: collections.deque[str] = collections.deque(maxlen=_TAIL)
    for line in lines:
        if found or line.startswith(_TRACEBACK):
            found.append(line)
        last.append(line)
    return found or [*last]


def explain_failure(cmd: command._Common, run: Any, parsed_args: argparse.Namespace, *, printed: bool = False) -> None:
    """Show why a run failed: its output, unless that is `printed` already, then the warnings of its log."""
    logs = jobs.JOB.of(cmd.client).logs
    try:
        if not printed:
            _say_lines(parsed_args, telling_part(logs(run.id)))
        _say_lines(parsed_args, collections.deque(warnings_of(logs(run.id, stderr=True)), maxlen=_TAIL))
    except base.NotFound:  # it failed before it began
        return
    except base.NotSupported:
        pass
    say_where(run, parsed_args)


def show_output(cmd: command._Common, run: Any, parsed_args: argparse.Namespace) -> None:
    """Show all that a run printed."""
    try:
        for line in jobs.JOB.of(cmd.client).logs(run.id):
            command.say(parsed_args, line)
    except base.NotSupported:
        pass
    except base.NotFound:
        return
    say_where(run, parsed_args)


def say_where(run: Any, parsed_args: argparse.Namespace) -> None:
    """Say where a run's files are."""
    if folder := (run._info.get("info") or {}).get("spark-path"):
        command.say(parsed_args, f"Files of the run, on the cluster's master instance: {folder}")


def _say_lines(parsed_args: argparse.Namespace, lines: Iterable[str]) -> None:
    if text := "\n".join(lines):
        command.say(parsed_args, text)


class Stream:
    """Shows what a run prints while something else is done; leaving the block shows the last of it.

    Args:
        cmd: the command.
        job_id: the run's id.
        parsed_args: the command's arguments.
    """

    def __init__(self, cmd: command._Common, job_id: str, parsed_args: argparse.Namespace) -> None:
        self.shown = False  # whether there was a server that has the output
        self._lines = jobs.JOB.of(cmd.client).logs(job_id, follow=True)
        self._say: Callable[[str], None] = lambda line: command.say(parsed_args, line)
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Stream:
        self._thread.start()
        return self

    def __exit__(self, cls: type[BaseException] | None, *_: object) -> None:
        ended = cls is None or issubclass(cls, base.OperationFailed)
        self._thread.join(_LAST_LINES if ended else 0)

    def _show(self) -> None:
        from keystoneauth1.exceptions import ClientException  # which help does without

        try:
            for line in self._lines:
                self.shown = True
                self._say(line)
            self.shown = True
        except (base.APIException, ClientException, OSError, ValueError):  # how the run ends tells whoever waits for it
            return


class ShowLogs(command.Command):
    """Show what a job has printed; on a cloud whose Sahara has no call for it, say where it is."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        jobs.add_job(parser, "to show")
        parser.add_argument("--follow", action="store_true", help="Go on until the job has ended")
        parser.add_argument("--stderr", action="store_true", help="Show its standard error, with Spark's log")
        parser.add_argument(
            "--tail", metavar="<count>", type=inputs.positive_count, help="Show only the last lines, so many of them"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        manager = jobs.JOB.of(self.client)
        run = jobs.find(self, parsed_args.job)
        offset = 0
        try:
            if parsed_args.tail:
                lines = collections.deque(manager.logs(run.id, stderr=parsed_args.stderr), maxlen=parsed_args.tail)
                self._show(lines)
                offset = lines[-1].offset if lines else 0
            if parsed_args.follow or not parsed_args.tail:
                self._show(manager.logs(run.id, follow=parsed_args.follow, stderr=parsed_args.stderr, offset=offset))
        except base.NotSupported as error:
            raise exceptions.CommandError(str(error)) from error

    def _show(self, lines: Iterable[str]) -> None:
        for line in lines:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


class WaitJob(jobs.ShowJob):
    """Wait until a job has ended."""

    purpose = "to wait for"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        progress.add_timeout(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        try:
            return command.columns_of(jobs.details(jobs.wait(self, self.find(parsed_args).id, parsed_args.timeout)))
        except base.OperationFailed as error:
            explain_failure(self, error.resource, parsed_args)
            raise
