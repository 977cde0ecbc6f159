"""Runs `openstack` in forks of a process that has imported everything, which is nine tenths of the work of a start.

A line of JSON asks for a run: arguments, environment, folder, files for its output, seconds after which it is killed.
A line with the exit code answers.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import signal
import sys
import traceback
import warnings
from importlib.metadata import entry_points
from typing import Any

from openstackclient import shell


def import_everything() -> None:
    """Import what `openstack` looks through at each start."""
    found = entry_points()
    for group in found.groups:
        if group.startswith(("openstack.", "keystoneauth1.")):
            for entry in found.select(group=group):
                with contextlib.suppress(ImportError, AttributeError):  # what depends on more than is installed
                    entry.load()


def run(asked: dict[str, Any]) -> None:
    """Be `openstack`, from the fork to the exit."""
    signal.alarm(asked["timeout"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, path in enumerate([os.devnull, asked["stdout"], asked["stderr"]]):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["openstack", *asked["arguments"]]
    code: Any = 1
    try:
        code = shell.main(sys.argv[1:])
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)  # taking the interpreter apart would take longer than the run


def main() -> None:
    """Answer until standard input ends."""
    warnings.simplefilter("ignore")
    import_everything()
    gc.freeze()  # collections in forks would copy what they only look at
    for line in sys.stdin:
        child = os.fork()
        if not child:
            return run(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


if __name__ == "__main__":
    main()
