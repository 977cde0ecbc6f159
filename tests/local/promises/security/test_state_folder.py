"""The state folder: this user's alone, with nothing in it that leads elsewhere, whoever wrote a job."""

import logging
import os
import stat
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from saharaclient.local import LocalSahara
from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runs import logs, runs
from saharaclient.local.engines.runs.supervisor import write
from saharaclient.local.sahara.jobs import data as object_data
from saharaclient.local.server import state_folder
from saharaclient.local.server.state_folder import StateError
from saharaclient.local.web.files import ContentResponse
from tests.local.promises.durability.process import COMMAND
from tests.local.promises.fuzz.conftest import Target


def test_everything_in_it_is_private(tmp_path):
    before = os.umask(0)  # the least careful one there is
    try:
        with LocalSahara(tmp_path / "state", access_log=True) as sahara:
            target = Target(sahara)
            target.fill()
            store = f"/object-store/v1/AUTH_{target.project}/c"
            assert target.request("PUT", store)[0] == 201
            assert target.request("PUT", f"{store}/o", b"x" * 100_000)[0] == 201
            assert target.request("COPY", f"{store}/o", b"", {"Destination": "c/p"})[0] == 201
            image = target.json("POST", "/image/v2/images", {"name": "i"})["id"]
            assert target.request("PUT", f"/image/v2/images/{image}/file", b"x")[0] == 204
            [handler] = [h for h in _handlers() if h.baseFilename.startswith(str(tmp_path))]
            handler.doRollover()
            found = [tmp_path / "state", *(tmp_path / "state").rglob("*")]
            modes = {path: path.stat().st_mode for path in found}
            target.close()
    finally:
        os.umask(before)
    made = {"password", "lock", "running.json", "sahara.db", "sahara.db-wal", "service.log", "service.log.1"}
    assert {path.name for path in found} >= made | {"objects", "binaries", "images"}
    assert [path for path, mode in modes.items() if mode & (stat.S_IRWXG | stat.S_IRWXO)] == []
    assert sum(stat.S_ISREG(mode) for mode in modes.values()) > 10


def _handlers():
    return logging.getLogger("saharaclient.local").handlers


def test_a_folder_with_other_things_in_it_is_refused(tmp_path):
    """The service removes what it does not know from its folders."""
    (tmp_path / "objects").mkdir()
    mine = tmp_path / "objects" / "thesis"
    mine.write_text("years of work")
    with pytest.raises(StateError, match="not this service's.*choose an empty one"), LocalSahara(tmp_path):
        pass
    command = [COMMAND, "serve", "--port", "0", "--state", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert mine.read_text() == "years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["objects"]


def test_a_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(StateError, match=f"symbolic link: give the folder it leads to, {tmp_path / 'real'}"):
        state_folder.prepare(tmp_path / "link")
    assert not list((tmp_path / "real").iterdir())


@pytest.mark.parametrize("name", ["objects", "uploads", "jobs", "lock", "password", "sahara.db", "service.log"])
def test_a_link_inside_is_refused(tmp_path, name):
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    state_folder.prepare(state)
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    (state / name).unlink(missing_ok=True)
    (state / name).symlink_to(elsewhere if name in ("objects", "uploads", "jobs") else elsewhere / "kept")
    with pytest.raises(StateError, match=f"{name} in the state folder is a symbolic link"), LocalSahara(state):
        pass
    assert (elsewhere / "kept").read_text() == "kept"


def test_who_does_not_get_the_folder_leaves_its_password(tmp_path):
    state = tmp_path / "state"
    with LocalSahara(state):
        _, password = state_folder.find_running(state)
        with pytest.raises(StateError, match="already runs"), LocalSahara(state, password="another"):  # noqa: S106
            pass
        assert state_folder.find_running(state)[1] == password
    with LocalSahara(state, password="another") as running:  # noqa: S106
        assert running.session().get_token()
        assert state_folder.find_running(state)[1] == "another"


def test_many_at_once_make_one_password(tmp_path):
    at_once = threading.Barrier(8)

    def prepared(state):
        at_once.wait()
        return state_folder.prepare(state)

    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            state = tmp_path / str(number)
            assert {*pool.map(prepared, [state] * 8)} == {(state / "password").read_text().strip()}
            assert [path.name for path in state.iterdir()] == ["password"]


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o770, 0o777])
def test_a_folder_that_others_reach_into_is_refused(tmp_path, mode):
    state = tmp_path / "state"
    state_folder.prepare(state)
    state.chmod(mode)
    with pytest.raises(StateError, match=f"Others can reach into.*chmod 700 {state}"), LocalSahara(state):
        pass
    state.chmod(0o700)
    state_folder.prepare(state)


def test_an_empty_folder_becomes_private_unless_all_can_write_there(tmp_path):
    for name, mode in (("usual", 0o755), ("team", 0o775)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
        state_folder.prepare(tmp_path / name)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700
    (tmp_path / "all").mkdir()
    (tmp_path / "all").chmod(0o1777)  # as /tmp is
    with pytest.raises(StateError, match="Others can reach"):
        state_folder.prepare(tmp_path / "all")
    assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o1777


def test_a_folder_of_another_user_is_refused(tmp_path):
    if os.geteuid():
        pytest.skip("only root can make a folder that belongs to another user")
    (tmp_path / "state").mkdir(mode=0o700)
    os.chown(tmp_path / "state", 65534, 65534)
    with pytest.raises(StateError, match="belongs to another user"):
        state_folder.prepare(tmp_path / "state")


# ---- what a job can put into its folder ----


@pytest.fixture
def run(local_sahara):
    """A run's folder of data with one place to write to, as it is before the run: where copies go, folder, places."""
    settings = local_sahara.service.settings
    folder = settings.jobs / "run"
    (folder / "data" / "0").mkdir(parents=True, exist_ok=True)
    path = str(folder / "data" / "0" / "out")
    place = object_data.Place("project", "container", "out", path, path)
    yield settings.uploads, folder, [place.dump()]
    subprocess.run(["rm", "-rf", folder], check=True)
    assert list(settings.uploads.iterdir()) == []


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("secret")
    return path


def refused(run):
    with pytest.raises(EngineError) as caught:
        object_data.changes(*run)
    return str(caught.value)


def test_files_are_stored(run):
    output = run[1] / "data" / "0" / "out"
    output.mkdir()
    (output / "part").write_text("counted")
    [found] = object_data.changes(*run)
    assert {name: upload.path.read_text() for name, upload in found.written.items()} == {"out/part": "counted"}
    object_data.discard([found])


@pytest.mark.parametrize("where", ["file", "folder", "part", "part of a part", "data"])
def test_links_are_not_followed(run, secret, where):
    output = run[1] / "data" / "0" / "out"
    if where == "file":
        output.symlink_to(secret)
    elif where == "folder":
        output.symlink_to(secret.parent)
    elif where == "data":
        output.parent.rmdir()
        output.parent.symlink_to(secret.parent)
        (secret.parent / "out").write_text("secret")
    else:
        output.mkdir()
        (output / "first").write_text("x")
        (output / "part").symlink_to(secret if where == "part" else secret.parent)
    assert "link, which is not stored" in refused(run)


@pytest.mark.parametrize("name", ["stderr", "result", "run.json", ".lock"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_read(run, secret, name, kind):
    """A pipe would keep the thread that follows all runs."""
    folder = run[1]
    (folder / name).unlink(missing_ok=True)
    if kind == "link":
        (folder / name).symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(folder / name)
    else:
        (folder / name).mkdir()
    assert logs.tail(folder / name) == ""
    assert runs._text(folder / name) is None
    assert runs._supervised(folder) is False
    with pytest.raises(FileNotFoundError):
        ContentResponse(folder / name, "text/plain")


def test_what_is_written_beside_a_run_replaces_links(run, secret):
    folder = run[1]
    for name in (".run.json.new", "run.json", "cancelled"):
        (folder / name).symlink_to(secret)
    write(folder / "run.json", "{}")
    write(folder / "cancelled", "")
    assert secret.read_text() == "secret"
    assert (folder / "run.json").read_text() == "{}"


def test_a_link_in_the_place_of_a_content_is_not_served(local_sahara, mine, secret):
    assert mine.request("PUT", f"{mine.store}/mine/swapped", b"content")[0] == 201
    [file] = [f for f in local_sahara.service.settings.objects.iterdir() if f.read_bytes() == b"content"]
    file.unlink()
    file.symlink_to(secret)
    status, content = mine.request("GET", f"{mine.store}/mine/swapped")
    assert (status, b"its content is gone" in content) == (404, True)
    assert mine.request("COPY", f"{mine.store}/mine/swapped", b"", {"Destination": "mine/copy"})[0] == 404
    assert mine.request("DELETE", f"{mine.store}/mine/swapped")[0] == 204
    assert secret.read_text() == "secret"


def test_the_default_address_is_this_machine_s():
    assert LocalSahara()._options.get("host") is None
    with LocalSahara() as sahara:
        assert sahara.service.settings.host == "127.0.0.1"
        assert sahara.url.startswith("http://127.0.0.1:")


def test_who_asks_for_the_holder_stands_in_no_services_way(tmp_path):
    asking = threading.Event()

    def ask():
        while not asking.wait(0.001):
            state_folder.holder(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask) for _ in range(4)]
        try:
            for _ in range(200):
                with state_folder.lock(tmp_path):
                    pass
        finally:
            asking.set()
    assert [one.result() for one in asked] == [None] * 4
