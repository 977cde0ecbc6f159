"""Bytes from and to files: in constant memory, and whole files or none. Sending and receiving is not done here."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

import requests
import urllib3.exceptions
from keystoneauth1 import exceptions

from saharaclient._core import errors

CHUNK = 64 * 1024  # bytes

PathOrFile = str | os.PathLike[str] | IO[bytes]
# Called with the bytes done so far and the bytes in all, None if that is not known.
ProgressCallback = Callable[[int, int | None], object]


class UploadBody:
    """A file as a request's body: read piece by piece, and from its beginning again if the request is repeated.

    Args:
        file: a binary file that can seek; it is read from where it stands.
        on_progress: called with the bytes sent so far and the bytes in all.
    """

    def __init__(self, file: IO[bytes], on_progress: ProgressCallback | None = None) -> None:
        self._file = file
        self._start = file.tell()
        self._length = file.seek(0, os.SEEK_END) - self._start
        self._on_progress = on_progress

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._start)
        done = 0
        while done < self._length and (piece := self._file.read(min(CHUNK, self._length - done))):
            yield piece
            done += len(piece)
            if self._on_progress is not None:
                self._on_progress(done, self._length)


@contextlib.contextmanager
def upload_body(source: PathOrFile, on_progress: ProgressCallback | None = None) -> Iterator[UploadBody | bytes]:
    """The body that sends `source`, a path or a binary file object, without holding it in memory.

    What can't seek is first copied to a temporary file, since the server wants to know the length.

    Raises:
        OSError: the path can't be read.
        TypeError: the file object gives text.
    """
    with contextlib.ExitStack() as stack:
        file: IO[bytes]
        if isinstance(source, str | os.PathLike):
            file = stack.enter_context(Path(source).open("rb"))
        else:
            file = source
            if isinstance(file.read(0), str):
                raise TypeError("the file to upload gives text; open it in binary mode ('rb')")
            if not (hasattr(file, "seekable") and file.seekable()):
                copy = stack.enter_context(tempfile.TemporaryFile())
                while piece := file.read(CHUNK):
                    copy.write(piece)
                copy.seek(0)
                file = copy
        body = UploadBody(file, on_progress)
        # requests would send a stream of no bytes in chunks, which not every server takes
        yield body if len(body) else b""


def receive(response: requests.Response, write: Callable[[bytes], object], on_progress: ProgressCallback | None) -> int:
    """Write a streamed reply's body piece by piece; returns how many bytes it had.

    Raises:
        keystoneauth1.exceptions.ConnectFailure: the connection broke, or the body was shorter than announced.
    """
    announced = response.headers.get("Content-Length", "")
    total = int(announced) if announced.isdecimal() and "Content-Encoding" not in response.headers else None
    done = 0
    try:
        for piece in response.iter_content(CHUNK):
            write(piece)
            done += len(piece)
            if on_progress is not None:
                on_progress(done, total)
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        reason = f"The download of {response.url} broke after {done} bytes: {error}"
        raise errors.locate(exceptions.ConnectFailure(reason), response) from error
    finally:
        response.close()
    if total is not None and done != total:
        reason = f"The download of {response.url} ended after {done} of {total} bytes"
        raise errors.locate(exceptions.ConnectFailure(reason), response)
    return done


def save(
    response: requests.Response,
    target: PathOrFile,
    *,
    overwrite: bool = False,
    on_progress: ProgressCallback | None = None,
) -> int:
    """Write a streamed reply's body to `target`, a path or a binary file object; returns how many bytes it had.

    A path gets the whole body or nothing: it is written to a temporary file beside it, which takes its name at the end.
    Only what is no file (a pipe, a device) is written to as the bytes come.

    Raises:
        FileExistsError: the path exists, and `overwrite` is not set.
        OSError: the path can't be written.
        keystoneauth1.exceptions.ConnectFailure: the connection broke, or the body was shorter than announced.
    """
    if not isinstance(target, str | os.PathLike):
        return receive(response, cast("IO[Any]", target).write, on_progress)
    path = Path(target)
    with contextlib.closing(response), _replacement(path, overwrite=overwrite) as file:
        return receive(response, file.write, on_progress)


def refuse_existing(target: PathOrFile) -> None:
    """Raise FileExistsError if `target` is a path at which something exists.

    Ask before a download is begun: nothing is fetched that could not be kept.
    """
    if isinstance(target, str | os.PathLike) and os.path.lexists(target):
        raise FileExistsError(f"{os.fspath(target)!r} exists; pass overwrite=True to replace it")


@contextlib.contextmanager
def _replacement(path: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """A file that becomes `path` when the block ends well, and nothing otherwise.

    A link stays, and what it points to is replaced, with its mode. What is no file (a pipe, a device) is written to.
    """
    old = _status(path) if overwrite else None
    if old is not None and not stat.S_ISREG(old.st_mode):
        with path.open("wb") as file:
            yield file
        return
    if overwrite:
        path = path.resolve()
    temporary = path.with_name(f".{_beginning(path.name)}.{secrets.token_hex(4)}.part")
    # nobody reads half of what not everybody may read
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - of a file that is open
        try:
            if old is not None:
                _take_after(descriptor, old)
            yield file
            file.flush()
            if overwrite:
                temporary.replace(path)
            else:
                _rename_to_new(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _status(path: Path) -> os.stat_result | None:
    """What is at a path, or at the end of its links; None if nothing is."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _take_after(descriptor: int, old: os.stat_result) -> None:
    """Give a file the mode of another and, as far as that is allowed, its owner."""
    if hasattr(os, "fchown"):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _beginning(name: str) -> str:
    """As much of a file's name as leaves room for more: names have 255 bytes at most."""
    return os.fsencode(name)[:100].decode(errors="ignore")


def _rename_to_new(temporary: Path, path: Path) -> None:
    """Rename without replacing what may have come to `path` meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        refuse_existing(path)
        raise
    except OSError:  # a file system without hard links
        refuse_existing(path)
        temporary.rename(path)
    else:
        temporary.unlink()
