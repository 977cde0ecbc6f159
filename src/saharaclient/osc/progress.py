"""How commands wait: progress on standard error, the option ``--timeout``, what Ctrl-C says, transfers with a bar.

On a terminal rich keeps one line up to date; elsewhere each change is a line. Standard output stays clean.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from saharaclient._core.clock import DEFAULT_WAIT
from saharaclient.api import replies
from saharaclient.osc.inputs import positive_seconds

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from saharaclient._core.files import ProgressCallback
    from saharaclient.osc import command

_COMMAND = "openstack dataprocessing"


def add_wait(parser: argparse.ArgumentParser, until: str) -> None:
    """Add ``--wait`` and ``--timeout``."""
    parser.add_argument("--wait", action="store_true", help=f"Wait until {until}; exit code 3 if that fails")
    add_timeout(parser)


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Add ``--timeout``."""
    parser.add_argument(
        "--timeout",
        metavar="<seconds>",
        type=positive_seconds,
        default=DEFAULT_WAIT,
        help=f"Give up waiting after so many seconds, exit code 4 (default: {DEFAULT_WAIT:g})",
    )


def resumable(cmd: command._Common, what: str, again: str) -> None:
    """Say from now on, at Ctrl-C, that an operation goes on; see `following` for the arguments."""
    cmd.resumption = f"{what}: the operation goes on. To follow it again: {_COMMAND} {again}"


@contextlib.contextmanager
def following(
    cmd: command._Common, what: str, again: str, describe: Callable[[Any], str]
) -> Iterator[Callable[[Any], None]]:
    """Tell of what is waited for; gives what a manager's ``wait`` takes as ``on_progress``.

    Args:
        cmd: the command that waits; it says on Ctrl-C how the wait can be taken up again.
        what: what is waited for, such as ``Cluster "c"``.
        again: the arguments that take the wait up again, such as ``cluster wait c``.
        describe: what there is to tell of a resource.
    """
    resumable(cmd, what, again)
    if on_terminal():
        with _line("spinner") as progress:
            task = progress.add_task(what, total=None)
            yield lambda resource: progress.update(task, description=f"{what}: {describe(resource)}")
    else:
        began, told = time.monotonic(), ""

        def tell(resource: Any) -> None:
            nonlocal told
            text = describe(resource)
            if text != told:
                told = text
                sys.stderr.write(f"{what}: {text} ({time.monotonic() - began:.0f} s)\n")
                sys.stderr.flush()

        yield tell
    cmd.resumption = None


@contextlib.contextmanager
def transfer(what: str) -> Iterator[ProgressCallback | None]:
    """A bar for an upload or a download, where standard error is a terminal; gives what it is to be told with."""
    if not on_terminal():
        yield None
        return
    with _line("bar", "bytes") as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def on_terminal() -> bool:
    """Whether somebody looks on; as rich finds out, without importing it."""
    return sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR"))


def _line(*parts: str) -> Any:
    """A line of progress: what it is of, the parts, the time; rich is imported where there is a terminal for it."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    text, time_ = TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    kinds = {"spinner": SpinnerColumn, "bar": BarColumn, "bytes": DownloadColumn}
    made = [kinds[part]() for part in parts]
    columns = [*made, text, time_] if parts == ("spinner",) else [text, *made, time_]
    # what is printed meanwhile goes above the line, where both go to the terminal
    return Progress(
        *columns, console=Console(stderr=True, soft_wrap=True), transient=True, redirect_stdout=sys.stdout.isatty()
    )


def of_cluster(cluster: Any) -> str:
    """A cluster's state, with the step under way and how many instances have done it."""
    info = cluster._info
    steps = [step for step in replies.objects(info.get("provision_progress")) if step.get("successful") is None]
    text = str(info.get("status"))
    if not steps:
        return text
    step = max(steps, key=lambda step: str(step.get("created_at")))
    return f"{text}: {step.get('step_name')}, {instances_done(step)} of {step.get('total')} done"


def instances_done(step: dict[str, Any]) -> int:
    """On how many instances a provisioning step is done."""
    return sum(1 for event in replies.objects(step.get("events")) if event.get("successful"))


def of_job(run: Any) -> str:
    """A run's state, and what it waits for."""
    return ": ".join(filter(None, (str(run._status()), run._waits_for())))
