"""The state folder: private, used by one service at a time; holds its password and tells where it runs."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import stat
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD, LOCK, RUNNING = "password", "lock", "running.json"
_PARTIAL = re.compile(rf"{PASSWORD}\.[0-9a-f]{{8}}")  # a password that is being written
_ATTEMPTS, _MOMENT = 10, 0.02  # to take the lock, and seconds between two


class StateError(Exception):
    """The state folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Running:
    """How to reach the service that runs on a state folder. The password is in its own file."""

    url: str
    pid: int
    username: str
    project_name: str
    region: str
    cacert: str | None = None
    limits: dict[str, int] = field(default_factory=dict)


def default_state() -> Path:
    """The state folder of the commands: `$SAHARA_LOCAL_STATE`, else `sahara-local` in the user's state folder (XDG)."""
    given = os.environ.get("SAHARA_LOCAL_STATE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "sahara-local"


def prepare(state: Path, password: str | None = None) -> str:
    """Makes the folder and its password if they are missing; two at once make one password.

    Args:
        state: The folder.
        password: The one to have, in place of the one there is; see `keep_password`.

    Returns:
        The password.

    Raises:
        StateError: if the folder cannot be made or written, or is not this user's alone.
    """
    try:
        check(state)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        state.chmod(0o700)
        path = state / PASSWORD
        if not path.exists():  # one that begins with "-" would be an option to a command
            write_private(path, (password or secrets.token_hex(18)) + "\n", replace=False)
        path.chmod(0o600)
        return password or path.read_text().strip()
    except OSError as error:
        raise StateError(f"The state folder {state} cannot be used: {error.strerror}. Choose another one.") from None


def keep_password(state: Path, password: str) -> None:
    """Makes a password the folder's, for the service that has the folder: another one's would lead nowhere."""
    path = state / PASSWORD
    if not path.exists() or path.read_text().strip() != password:
        write_private(path, password + "\n")


def check(state: Path) -> None:
    """Refuses a folder that others could have a hand in, or that holds what is not the service's: it removes files."""
    if state.is_symlink():
        raise StateError(
            f"The state folder {state} is a symbolic link: give the folder it leads to, {state.resolve()}."
        )
    if not state.exists():
        return
    found = state.stat()
    if found.st_uid != os.geteuid():
        raise StateError(f"The state folder {state} belongs to another user: choose another one.")
    inside = [path for path in state.iterdir() if path.name != "lost+found" and not _PARTIAL.fullmatch(path.name)]
    if inside and not (state / PASSWORD).exists():
        raise StateError(
            f"The folder {state} holds files that are not this service's, which may remove some: choose an empty one."
        )
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO if inside else stat.S_IWOTH):
        raise StateError(f"Others can reach into the state folder {state}: look what is in it, then: chmod 700 {state}")
    for path in inside:
        if path.is_symlink():
            raise StateError(f"{path} in the state folder is a symbolic link: put in its place what it leads to.")


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Writes a file that only its owner can read, whole or not at all.

    Args:
        path: The file.
        text: What is to be in it.
        replace: Whether it takes the place of one that is there by then.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        if replace:
            partial.replace(path)
        else:
            _name_if_free(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _name_if_free(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except FileExistsError:
        return
    except OSError:  # the file system has no links
        file.replace(name)


@contextmanager
def lock(state: Path) -> Iterator[None]:
    """Keeps the folder for this process. The system frees it when the process ends, however it ends.

    Raises:
        StateError: if another process has it.
    """
    path = state / LOCK
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+") as file:
        if not _locked(file):
            held = path.read_text().strip() or "unknown"
            raise StateError(
                f"A service already runs on the state folder {state} (process {held}). "
                "Stop it, or give this one another folder with --state."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _locked(file: IO[str]) -> bool:
    for _ in range(_ATTEMPTS):  # who asks for the holder has a lock of its own for a moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(_MOMENT)
        else:
            return True
    return False


def holder(state: Path) -> int | None:
    """The process that has a folder, or None."""
    try:
        with (state / LOCK).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                held = file.read().strip()
                return int(held) if held.isdecimal() else None
    except OSError:
        pass
    return None


@contextmanager
def announced(state: Path, running: Running) -> Iterator[None]:
    """Tells in the folder how to reach the service, while the block runs."""
    path = state / RUNNING
    write_private(path, json.dumps(asdict(running), indent=2) + "\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def limits(state: Path) -> dict[str, int]:
    """The limits of the service that runs on a folder; none where none does."""
    try:
        return find_running(state)[0].limits
    except StateError:
        return {}


def find_running(state: Path) -> tuple[Running, str]:
    """How to reach the service that runs on a folder.

    Returns:
        The service and its password.

    Raises:
        StateError: if none runs there.
    """
    try:
        running = Running(**json.loads((state / RUNNING).read_text()))
        password = (state / PASSWORD).read_text().strip()
        # A service that was killed leaves its files; another one that starts has the lock before it has told.
        if holder(state) == running.pid:
            return running, password
    except (OSError, ValueError, TypeError):
        pass
    raise StateError(f"No service runs on the state folder {state}. Start it with: sahara-local serve --state {state}")
