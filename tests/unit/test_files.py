"""Uploads and downloads: whole files or none, constant memory, nothing overwritten unasked."""

import io
import os
import pathlib
import stat
import threading
import tracemalloc

import pytest
import requests
import urllib3
from keystoneauth1 import exceptions

from saharaclient.api import base
from tests.support import URL, make_client

ID = "5"
DATA = f"{URL}/job-binaries/{ID}/data"
SIZE = 32 * 1024 * 1024


@pytest.fixture
def binaries():
    return make_client("2").job_binaries


@pytest.fixture
def internals():
    return make_client("1.1").job_binary_internals


def test_a_path_gets_the_bytes(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, content=b"bytes", headers={"Content-Length": "5"})
    told = []
    assert binaries.download(ID, tmp_path / "f", on_progress=lambda *a: told.append(a)) == 5
    assert (tmp_path / "f").read_bytes() == b"bytes"
    assert told == [(5, 5)]
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").stat().st_mode & 0o600 == 0o600


def test_a_file_object_gets_the_bytes(binaries, internals, requests_mock):
    requests_mock.get(DATA, content=b"bytes")
    requests_mock.get(f"{URL}/job-binary-internals/{ID}/data", content=b"others")
    file = io.BytesIO()
    assert binaries.download(ID, file) == 5
    assert internals.download(ID, file) == 6
    assert file.getvalue() == b"bytesothers"


def test_nothing_is_overwritten_unasked(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, content=b"new")
    target = tmp_path / "f"
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        binaries.download(ID, target)
    assert requests_mock.request_history == []
    assert target.read_bytes() == b"old"
    binaries.download(ID, str(target), overwrite=True)
    assert target.read_bytes() == b"new"


def test_what_comes_to_the_path_meanwhile_stays(binaries, requests_mock, tmp_path):
    target = tmp_path / "f"

    def reply(*_):
        target.write_bytes(b"somebody else's")
        return b"mine"

    requests_mock.get(DATA, content=reply)
    with pytest.raises(FileExistsError):
        binaries.download(ID, target)
    assert target.read_bytes() == b"somebody else's"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_link_is_written_through(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, content=b"new")
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "f", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere" / "g")
    for path in (link, tmp_path / "dangling"):
        with pytest.raises(FileExistsError):
            binaries.download(ID, path)
        assert binaries.download(ID, path, overwrite=True) == 3
        assert path.is_symlink()
    assert {p.name: p.read_bytes() for p in (tmp_path / "elsewhere").iterdir()} == {"f": b"new", "g": b"new"}


def test_a_pipe_and_a_device_are_written_to(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, content=b"new")
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert binaries.download(ID, pipe, overwrite=True) == 3
    reader.join()
    assert (read, stat.S_ISFIFO(pipe.stat().st_mode)) == ([b"new"], True)
    assert binaries.download(ID, "/dev/null", overwrite=True) == 3
    assert stat.S_ISCHR(pathlib.Path("/dev/null").stat().st_mode)
    assert [*tmp_path.iterdir()] == [pipe]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode(mode, binaries, requests_mock, tmp_path):
    seen = []

    def body(request, context):
        seen.extend(stat.S_IMODE(p.stat().st_mode) & ~mode for p in tmp_path.iterdir())
        return b"new"

    requests_mock.get(DATA, content=body)
    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(mode)
    binaries.download(ID, path, overwrite=True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)
    assert set(seen) == {0}


@pytest.mark.parametrize("name", ["n" * 255, "名" * 85])
def test_any_valid_name_will_do(name, binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, content=b"new")
    binaries.download(ID, tmp_path / name)
    binaries.download(ID, tmp_path / name, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == [name]


class Breaking(io.BytesIO):
    """A body whose connection breaks after the first piece."""

    def read(self, *args):
        if self.tell():
            raise urllib3.exceptions.ProtocolError("broken")
        return super().read(2)


@pytest.mark.parametrize(
    "reply",
    [
        {"body": Breaking(b"bytes")},
        {"content": b"short", "headers": {"Content-Length": "500"}},
    ],
)
def test_a_broken_download_leaves_nothing(reply, binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, **reply)
    with pytest.raises(exceptions.ConnectFailure, match="after"):
        binaries.download(ID, tmp_path / "f")
    assert [*tmp_path.iterdir()] == []


def test_an_error_leaves_nothing(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, status_code=404, json={"error_code": 404, "error_message": "no"})
    with pytest.raises(base.NotFound):
        binaries.download(ID, tmp_path / "f")
    with pytest.raises(OSError, match="nowhere"):
        requests_mock.get(DATA, content=b"x")
        binaries.download(ID, tmp_path / "nowhere" / "f")
    assert [*tmp_path.iterdir()] == []


class Zeros(io.RawIOBase):
    """A body of many bytes that is nowhere in memory."""

    def __init__(self, size):
        self.left = size

    def read(self, amount=-1):
        amount = min(self.left, 65536 if amount is None or amount < 0 else amount)
        self.left -= amount
        return bytes(amount)


def peak(call):
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_download_takes_constant_memory(binaries, requests_mock, tmp_path):
    requests_mock.get(DATA, body=Zeros(SIZE))
    assert peak(lambda: binaries.download(ID, tmp_path / "f")) < 8_000_000
    assert (tmp_path / "f").stat().st_size == SIZE


UPLOADED = {"json": {"job_binary_internal": {"id": ID, "name": "n"}}}


def consume(request, _context):
    """A server that takes a streamed body; its text is what arrived."""
    body = request.body or b""  # no bytes are no body
    request.received = body if isinstance(body, bytes) else b"".join(body)
    return UPLOADED["json"]


@pytest.fixture
def store(requests_mock):
    requests_mock.put(f"{URL}/job-binary-internals/n", json=consume)
    return lambda: requests_mock.last_request


def test_uploads_from_paths_and_files(internals, store, tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"0123456789")
    told = []
    assert internals.upload("n", path, on_progress=lambda *a: told.append(a)).id == ID
    assert store().received == b"0123456789"
    assert store().headers["Content-Length"] == "10"
    assert told == [(10, 10)]
    with path.open("rb") as file:
        file.seek(4)
        internals.upload("n", file)
        assert store().received == b"456789"
        file.seek(7)
        internals.create("n", file)
        assert store().received == b"789"


def test_an_empty_file_and_one_that_cannot_seek(internals, store):
    internals.upload("n", io.BytesIO())
    assert store().received == b""
    reader, writer = os.pipe()
    os.write(writer, b"through a pipe")
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as file:
        internals.upload("n", file)
    assert store().received == b"through a pipe"
    assert store().headers["Content-Length"] == "14"


def test_an_upload_takes_constant_memory(internals, requests_mock, tmp_path):
    def count(request, _context):
        assert sum(map(len, request.body)) == SIZE
        return UPLOADED["json"]

    requests_mock.put(f"{URL}/job-binary-internals/n", json=count)
    with (tmp_path / "f").open("wb") as file:
        file.truncate(SIZE)
    assert peak(lambda: internals.upload("n", tmp_path / "f")) < 8_000_000


def test_a_repeated_upload_begins_again(internals, requests_mock, tmp_path):
    refused = requests.exceptions.ConnectTimeout("slow")
    bodies = []

    def reply(request, context):
        bodies.append(b"".join(request.body))
        if len(bodies) == 1:
            raise refused
        return UPLOADED["json"]

    requests_mock.put(f"{URL}/job-binary-internals/n", json=reply)
    internals.upload("n", io.BytesIO(b"whole"))
    assert bodies == [b"whole", b"whole"]


def test_a_file_of_text_is_refused(internals):
    with pytest.raises(TypeError, match="'rb'"):
        internals.upload("n", io.StringIO("text"))
