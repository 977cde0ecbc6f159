"""Files on their way to where clusters read them, and back."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osc_lib.exceptions import CommandError

from saharaclient.osc import (
    data_sources,
    job_binaries,
)

if TYPE_CHECKING:
    from pathlib import Path

ID = "11111111-2222-4333-8444-555555555555"


def test_a_job_binary_whose_data_are_gone_can_be_deleted(commands1: Any) -> None:
    binary = {"id": ID, "name": "b", "url": "internal-db://gone"}
    commands1.wire.get(f"{commands1.base}/job-binaries", [{"json": {"binaries": [binary]}}, {"json": {"binaries": []}}])
    commands1.wire.delete(f"{commands1.base}/job-binaries/{ID}", status_code=204)
    internal = commands1.wire.delete(
        f"{commands1.base}/job-binary-internals/gone", status_code=404, json={"error_code": 404, "error_message": "no"}
    )
    outcome = commands1(job_binaries.DeleteJobBinary, "b")
    assert (outcome.code, outcome.stdout) == (0, 'Job binary "b" has been removed successfully.\n')
    assert internal.called


def test_data_that_another_job_binary_uses_stay(commands1: Any) -> None:
    binaries = [{"id": str(i), "name": f"b{i}", "url": "internal-db://shared"} for i in range(2)]
    commands1.wire.get(
        f"{commands1.base}/job-binaries", [{"json": {"binaries": binaries}}, {"json": {"binaries": binaries[1:]}}]
    )
    commands1.wire.delete(f"{commands1.base}/job-binaries/0", status_code=204)
    assert commands1(job_binaries.DeleteJobBinary, "b0").code == 0
    assert not any("internals" in request.path for request in commands1.wire.request_history)


def test_any_bytes_are_uploaded_in_1_1_and_taken_back_if_the_binary_is_refused(commands1: Any, tmp_path: Path) -> None:
    data = bytes(range(256))
    (tmp_path / "app.jar").write_bytes(data)
    sent = []

    def answer(request: Any, _: Any) -> dict[str, Any]:
        sent.append(b"".join(request.body))
        return {"job_binary_internal": {"id": "7", "name": "app.jar"}}

    commands1.wire.put(f"{commands1.base}/job-binary-internals/app.jar", json=answer)
    undo = commands1.wire.delete(f"{commands1.base}/job-binary-internals/7", status_code=204)
    commands1.wire.get(f"{commands1.base}/job-binaries", json={"binaries": []})
    post = commands1.wire.post(
        f"{commands1.base}/job-binaries", status_code=400, json={"error_code": 400, "error_message": "refused"}
    )
    outcome = commands1(job_binaries.CreateJobBinary, f"--data {tmp_path / 'app.jar'}")
    assert outcome.code == 1
    assert "refused" in outcome.told
    assert post.last_request.json()["url"] == "internal-db://7"
    assert sent == [data]
    assert undo.called


def test_an_empty_file_is_refused_before_1_1_refuses_it(commands1: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.py").touch()
    outcome = commands1(job_binaries.CreateJobBinary, f"--data {tmp_path / 'empty.py'}")
    assert (outcome.code, "empty.py is empty" in outcome.told) == (1, True)
    assert not commands1.wire.called


class Swift:
    def __init__(self, code: int = 201) -> None:
        self.objects: dict[str, bytes] = {}
        self.code = code

    def put(self, path: str, data: Any = None, headers: Any = None) -> Any:  # noqa: ARG002
        if data is not None:
            self.objects[path] = b"".join(data)
        return SimpleNamespace(ok=self.code < 400, status_code=self.code, reason="Told")

    def delete(self, path: str) -> None:
        del self.objects[path]


def test_a_file_goes_to_object_storage_in_api_2(commands2: Any, tmp_path: Path) -> None:
    (tmp_path / "app.jar").write_bytes(b"\x80\xff")
    commands2.sdk.object_store = swift = Swift()
    commands2.sdk.config = SimpleNamespace(get_auth_args=dict)  # as with a token
    post = commands2.wire.post(
        f"{commands2.base}/job-binaries", json={"job_binary": {"id": "1", "name": "n", "url": "u"}}
    )
    arguments = f"--name n --data {tmp_path / 'app.jar'} --username u --password p"
    assert commands2(job_binaries.CreateJobBinary, arguments).code == 0
    body = post.last_request.json()
    assert body["extra"] == {"user": "u", "password": "p"}
    assert commands2(job_binaries.CreateJobBinary, f"--name m --data {tmp_path / 'app.jar'}").code == 2
    assert len(swift.objects) == 1  # nobody could have read the second
    assert swift.objects == {body["url"].replace("swift:/", ""): b"\x80\xff"}
    post = commands2.wire.post(f"{commands2.base}/job-binaries", status_code=400, json={"error_message": "no"})
    assert commands2(job_binaries.CreateJobBinary, arguments).code == 1
    assert len(swift.objects) == 1  # the second is taken back
    commands2.sdk.object_store = Swift(403)
    outcome = commands2(job_binaries.CreateJobBinary, arguments)
    assert "Object storage refuses container sahara-uploads: HTTP 403" in outcome.told


def test_data_go_to_object_storage(commands: Any, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(b"words")
    commands.sdk.object_store = swift = Swift()
    post = commands.wire.post(f"{commands.base}/data-sources", json={"data_source": {"id": "1", "name": "n"}})
    commands.sdk.config = SimpleNamespace(get_auth_args=lambda: {"username": "me", "password": "hunter2"})
    outcome = commands(data_sources.CreateDataSource, f"n --data {tmp_path / 'in.txt'} --container box")
    assert outcome.code == 0, outcome.told
    assert "Clusters will read the file with the credentials of me." in outcome.told
    assert "hunter2" not in outcome.told
    body = post.last_request.json()
    assert body["credentials"] == {"user": "me", "password": "hunter2"}
    assert (body["type"], body["url"][:12]) == ("swift", "swift://box/")
    assert swift.objects == {body["url"].replace("swift:/", ""): b"words"}
    assert commands(data_sources.CreateDataSource, "n --type swift").code == 2
    assert commands(data_sources.CreateDataSource, "n --data x --type hdfs").code == 2


def test_a_download_to_standard_output_is_the_bytes_alone(commands: Any, monkeypatch: Any) -> None:
    commands.wire.get(f"{commands.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    commands.wire.get(f"{commands.base}/job-binaries/{ID}/data", content=b"\x00\xff\n")
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", written := io.TextIOWrapper(io.BytesIO()))
        assert commands(job_binaries.DownloadJobBinary, "b --file -").code == 0
    assert written.buffer.getvalue() == b"\x00\xff\n"


def test_a_download_that_sahara_fails_at_names_the_way_out(commands: Any, tmp_path: Path) -> None:
    commands.wire.get(f"{commands.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    commands.wire.get(f"{commands.base}/job-binaries/{ID}/data", status_code=500)
    outcome = commands(job_binaries.DownloadJobBinary, f"b --file {tmp_path / 'b'}")
    assert outcome.code == 1
    assert ("use --os-data-processing-api-version 1.1" in outcome.told) == (commands.version == "2")
    assert list(tmp_path.iterdir()) == []


def test_a_download_does_not_replace_a_file(commands: Any, tmp_path: Path) -> None:
    commands.wire.get(f"{commands.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    (tmp_path / "b").write_text("mine")
    outcome = commands(job_binaries.DownloadJobBinary, f"b --file {tmp_path / 'b'}")
    assert outcome.code == 1
    assert "exists; name another file with --file" in outcome.told
    assert (tmp_path / "b").read_text() == "mine"


@pytest.mark.parametrize("name", ["../b", "/tmp/b", "a/b", "..", ".", "", "a\\b", "c:b", "a\nb", "a\0b"])
def test_a_name_that_leads_out_of_the_folder_is_no_files(
    name: str, commands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    commands.wire.get(f"{commands.base}/job-binaries/{ID}", json={"job_binary": {"id": ID, "name": name, "url": "u"}})
    data = commands.wire.get(f"{commands.base}/job-binaries/{ID}/data", content=b"bytes")
    outcome = commands(job_binaries.DownloadJobBinary, ID)
    assert outcome.code == 1
    assert "name one with --file" in outcome.told
    assert not data.called
    assert [path.name for path in tmp_path.rglob("*")] == ["work"]
    assert commands(job_binaries.DownloadJobBinary, f"{ID} --file mine").code == 0
    assert (tmp_path / "work/mine").read_bytes() == b"bytes"


def test_a_name_that_is_a_dash_is_no_standard_output(commands: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    commands.wire.get(f"{commands.base}/job-binaries/{ID}", json={"job_binary": {"id": ID, "name": "-", "url": "u"}})
    commands.wire.get(f"{commands.base}/job-binaries/{ID}/data", content=b"bytes")
    assert commands(job_binaries.DownloadJobBinary, ID).code == 0
    assert (tmp_path / "-").read_bytes() == b"bytes"


@given(st.text(max_size=40) | st.text(alphabet="./\\:ab-~ \0", max_size=8))
def test_any_name_stays_in_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        path = folder / job_binaries._file_name(name)
    except CommandError as error:
        assert "--file" in str(error)
    else:
        assert path.resolve().parent == folder.resolve()
        assert path.name == name


@pytest.mark.parametrize("there", [[], [{"id": "d", "name": "d", "url": "swift://c.sahara/x", "type": "swift"}]])
def test_a_name_that_is_taken_meanwhile_is_compared(commands: Any, there: list[dict[str, Any]]) -> None:
    commands.wire.get(
        f"{commands.base}/data-sources", [{"json": {"data_sources": []}}, {"json": {"data_sources": there}}]
    )
    taken = {"error_code": 409, "error_name": "NAME_ALREADY_EXISTS", "error_message": "it already exists"}
    commands.wire.post(f"{commands.base}/data-sources", status_code=409, json=taken)
    line = "d --type swift --url swift://c.sahara/x --username u --password p --if-not-exists"
    outcome = commands(data_sources.CreateDataSource, line)
    assert (outcome.code, "it already exists" in str(outcome.error)) == ((0, False) if there else (1, True))
