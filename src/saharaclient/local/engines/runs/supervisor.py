"""Runs one job and writes down how it ends; a program of its own, so that a run goes on when the service does not.

Started as ``python -I supervisor.py FOLDER`` with the run's environment. It imports the standard library alone. In the
folder it holds a lock as long as it lives, which tells others that it does, however it ends.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def write(path: Path, text: str, *, patient: bool = False) -> None:
    """Write a file so that readers see all of it or none.

    Args:
        path: The file.
        text: What is to be in it.
        patient: Whether to wait for room where the disk is full.
    """
    fresh = path.with_name(f".{path.name}.new")
    while True:
        try:
            fresh.unlink(missing_ok=True)  # a job could have put a link there
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
        except OSError as error:
            if not patient or error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            time.sleep(0.5)
        else:
            fresh.replace(path)
            return


def take(lock: int) -> bool:
    """Take the folder's lock; those who look whether it is taken hold it for a moment themselves."""
    for _ in range(50):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


def main(folder: Path) -> int:
    """Run the job of a folder unless it has run already; 0 if it was run."""
    lock = (folder / ".lock").open("a")
    if not take(lock.fileno()):
        return 3  # another one runs it
    if (folder / "run.json").exists():
        return 3
    launch = json.loads((folder / "launch.json").read_text())
    run: dict[str, Any] = {"started_at": time.time(), "pid": None}
    try:
        with contextlib.ExitStack() as held:
            if launch["turn"]:
                # Jobs that share what only one process can open wait for their turn here.
                turn = held.enter_context(Path(launch["turn"]).open("a"))
                write(folder / "run.json", json.dumps(run))
                fcntl.flock(turn, fcntl.LOCK_EX)
            stdout = held.enter_context((folder / "stdout").open("ab"))
            stderr = held.enter_context((folder / "stderr").open("ab"))
            if (folder / "cancelled").exists():
                return finish(folder, run, 130)
            child = subprocess.Popen(  # noqa: S603 - the service wrote it
                ["/bin/sh", str(folder / "launch_command")],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            run["pid"] = child.pid
            write(folder / "run.json", json.dumps(run), patient=True)
            code = child.wait()
    except OSError as error:
        (folder / "stderr").open("a").write(f"The job cannot be started: {error}\n")
        code = 126
    return finish(folder, run, code if code >= 0 else 128 - code)


def finish(folder: Path, run: dict[str, Any], code: int) -> int:
    """Write down the end of the run."""
    write(folder / "run.json", json.dumps(run | {"finished_at": time.time()}), patient=True)
    write(folder / "result", f"{code}\n", patient=True)
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(Path(sys.argv[1])))
