"""Files that jobs need, on their way to where a cluster reads them: the service itself (API 1.1) or object storage.

Uploads stream, with a bar on a terminal. What was stored for something that then failed is removed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from osc_lib import exceptions

from saharaclient._core import files
from saharaclient.api import base
from saharaclient.osc import progress
from saharaclient.osc.inputs import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.osc import command

CONTAINER = "sahara-uploads"
_INTERNAL = "internal-db://"
_OBJECT = "swift://"


@contextlib.contextmanager
def stored(cmd: command._Common, path: str, name: str, container: str | None = None) -> Iterator[str]:
    """Store a file and give its URL; if the block fails, the file is removed again.

    Args:
        cmd: the command.
        path: the file.
        name: the name of what it becomes.
        container: where in object storage; None is the service's own storage where it has one, else `CONTAINER`.
    """
    if not Path(path).is_file():
        raise exceptions.CommandError(f"{path}: there is no such file")
    if cmd.version.stores_binaries and container is None:
        if not Path(path).stat().st_size:
            raise exceptions.CommandError(f"{path} is empty: the service stores no empty files")
        manager = cmd.client.job_binary_internals
        try:
            with progress.transfer(f"Uploading {path}") as tell:
                internal = manager.upload(name, path, on_progress=tell)
        except base.NameAlreadyExists:
            yield f"{_INTERNAL}{_same(manager, name, path)}"
            return
        url = f"{_INTERNAL}{internal.id}"
        with _undone(lambda: forget(cmd, url)):
            yield url
        return
    place = container or CONTAINER
    key = f"{place}/{name}-{secrets.token_hex(4)}/{Path(path).name}"
    swift = cmd.sdk.object_store
    _check(swift.put(f"/{quote(place)}"), f"container {place}")
    with progress.transfer(f"Uploading {path}") as tell, files.upload_body(path, tell) as body:
        headers = {"Content-Type": "application/octet-stream"}
        _check(swift.put(f"/{quote(key)}", data=body, headers=headers), f"object {key}")
    with _undone(lambda: swift.delete(f"/{quote(key)}")):
        yield f"{_OBJECT}{key}"


def readable_with(cmd: command._Common, url: str, given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The credentials that a cluster shall read a stored file with: the given ones, else the user's own.

    Args:
        cmd: the command.
        url: where the file is.
        given: credentials, if there are any.

    Returns:
        ``user`` and ``password``, or None where none are needed.
    """
    if given or not url.startswith(_OBJECT):
        return given or None
    own = cmd.sdk.config.get_auth_args()
    if not (own.get("username") and own.get("password")):
        raise UsageError("--username and --password must be given: a cluster reads object storage with them")
    sys.stderr.write(f"Clusters will read the file with the credentials of {own['username']}.\n")
    return {"user": own["username"], "password": own["password"]}


def forget(cmd: command._Common, url: str, *, objects: bool = False) -> None:
    """Delete what is stored of a job binary, unless another one uses it or it is gone already.

    Args:
        cmd: the command.
        url: the binary's.
        objects: whether what is in object storage goes too, not only what the service itself stores.

    Raises:
        CommandError: object storage refuses.
    """
    internal = cmd.version.stores_binaries and url.startswith(_INTERNAL)
    if not (internal or (objects and url.startswith(_OBJECT))):
        return
    if any(binary.url == url for binary in cmd.client.job_binaries.iterate()):
        return
    if internal:
        with contextlib.suppress(base.NotFound):
            cmd.client.job_binary_internals.delete(url.removeprefix(_INTERNAL))
        return
    key = url.removeprefix(_OBJECT)
    gone = cmd.sdk.object_store.delete(f"/{quote(key)}")
    if gone.status_code != HTTPStatus.NOT_FOUND:
        _check(gone, f"to delete {key}")


def _same(manager: Any, name: str, path: str) -> str:
    """The id of what the service stores by a name already: for another command at this moment, or one that was cut off.

    Raises:
        CommandError: these are other bytes.
    """
    for internal in manager.find(name=name):
        with tempfile.TemporaryFile() as there, Path(path).open("rb") as here:
            manager.download(internal.id, there)
            there.seek(0)
            if hashlib.file_digest(there, "sha256").digest() == hashlib.file_digest(here, "sha256").digest():
                return str(internal.id)
    raise exceptions.CommandError(f"The service stores another file by the name {name!r}: give another --name")


def _check(response: Any, what: str) -> None:
    if not response.ok:
        reason = f"HTTP {response.status_code} {response.reason}"
        raise exceptions.CommandError(f"Object storage refuses {what}: {reason}")


@contextlib.contextmanager
def _undone(undo: Any) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            undo()
        raise
