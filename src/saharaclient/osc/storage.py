"""Files that jobs need, on their way to where a cluster reads them: the service itself (API 1.1) or object storage.

Uploads stream, with a bar on a terminal. What was stored for something that then failed is removed again.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from osc_lib import exceptions

from saharaclient._core import files
from saharaclient.api import base
from saharaclient.osc import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.osc import command

CONTAINER = "sahara-uploads"
_INTERNAL = "internal-db://"


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
        manager = cmd.client.job_binary_internals
        with progress.transfer(f"Uploading {path}") as tell:
            internal = manager.upload(name, path, on_progress=tell)
        with _undone(lambda: manager.delete(internal.id)):
            yield f"{_INTERNAL}{internal.id}"
        return
    place = container or CONTAINER
    key = f"{place}/{name}-{secrets.token_hex(4)}/{Path(path).name}"
    swift = cmd.sdk.object_store
    _check(swift.put(f"/{quote(place)}"), f"container {place}")
    with progress.transfer(f"Uploading {path}") as tell, files.upload_body(path, tell) as body:
        headers = {"Content-Type": "application/octet-stream"}
        _check(swift.put(f"/{quote(key)}", data=body, headers=headers), f"object {key}")
    with _undone(lambda: swift.delete(f"/{quote(key)}")):
        yield f"swift://{key}"


def readers_credentials(cmd: command._Common, url: str) -> dict[str, str]:
    """User and password to read with what `stored` has just put into object storage: those it was put there with.

    Sahara wants some for everything in object storage. A session that has no password, such as one with a token, gives
    none; then Sahara's refusal says what to add.
    """
    if not url.startswith("swift:"):
        return {}
    auth = cmd.sdk.config.config.get("auth") or {}
    user, password = auth.get("username"), auth.get("password")
    return {"user": user, "password": password} if user and password else {}


def forget(cmd: command._Common, url: str) -> None:
    """Delete what the service itself stores of a job binary, unless another one uses it or it is gone already."""
    if not (cmd.version.stores_binaries and url.startswith(_INTERNAL)):
        return
    if any(binary.url == url for binary in cmd.client.job_binaries.iterate()):
        return
    with contextlib.suppress(base.NotFound):
        cmd.client.job_binary_internals.delete(url.removeprefix(_INTERNAL))


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
