"""The commands of python-swiftclient, python-glanceclient and rclone."""

import os
import shutil
import signal

import pytest

from tests.consumers.conftest import Program, until

SWIFT = ("python-swiftclient==4.11.0", "python-keystoneclient==6.0.0")
GLANCE = ("python-glanceclient==4.13.0",)


@pytest.fixture(scope="module")
def large():
    return os.urandom(3 * 1024 * 1024 + 7)


@pytest.mark.parametrize("kind", [[], ["--use-slo"]], ids=["dynamic", "static"])
def test_swift_uploads_in_segments(installed, tmp_path, large, kind):
    swift = installed("swift", *SWIFT)
    (tmp_path / "data").write_bytes(large)
    for _ in range(2):  # over itself the second time
        swift("swift", "upload", "segmented", "data", "--segment-size", "1M", *kind, folder=tmp_path)
    swift("swift", "download", "segmented", "data", "-o", "back", folder=tmp_path)
    assert (tmp_path / "back").read_bytes() == large
    swift("swift", "post", "segmented", "data", "-m", "color:blue", folder=tmp_path)
    assert "Meta Color: blue" in swift("swift", "stat", "segmented", "data", folder=tmp_path)
    swift("swift", "delete", "segmented", folder=tmp_path)
    assert "not found" in swift("swift", "stat", "segmented", folder=tmp_path, status=1).lower()


def test_what_an_interrupted_upload_of_swift_leaves_is_in_nobodys_way(installed, tmp_path, large):
    """The program ends where it is, on any Swift: the segments that it has sent are found, and go like others."""
    swift = installed("swift", *SWIFT)
    with (tmp_path / "data").open("wb") as file:
        file.writelines([large] * 100)
    upload = ("swift", "upload", "interrupted", "data", "--segment-size", "1M")
    swift("swift", "post", "interrupted_segments", folder=tmp_path)
    process = swift.start(*upload, folder=tmp_path)
    until(lambda: swift("swift", "list", "interrupted_segments", folder=tmp_path))
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode != 0, printed
    assert "data" not in swift("swift", "list", "interrupted", folder=tmp_path)
    (tmp_path / "data").write_bytes(large)
    swift(*upload, folder=tmp_path)
    swift("swift", "download", "interrupted", "data", "-o", "back", folder=tmp_path)
    assert (tmp_path / "back").read_bytes() == large
    for container in ("interrupted", "interrupted_segments"):
        swift("swift", "delete", container, folder=tmp_path)


def test_swift_copies(installed, tmp_path):
    swift = installed("swift", *SWIFT)
    (tmp_path / "one").write_text("words\n")
    swift("swift", "upload", "copied", "one", folder=tmp_path)
    swift("swift", "copy", "copied", "one", "-d", "/copied/two", folder=tmp_path)
    assert swift("swift", "list", "copied", folder=tmp_path).split() == ["one", "two"]
    swift("swift", "download", "copied", "two", "-o", "back", folder=tmp_path)
    assert (tmp_path / "back").read_text() == "words\n"
    refused = swift("swift", "post", "-r", ".r:*", "copied", folder=tmp_path, status=1)
    assert "x-container-read is not done here" in refused
    assert "501" not in refused, "which is tried again for half a minute"


def test_glance_lists_and_says_what_is_missing(installed, tmp_path):
    glance = installed("glance", *GLANCE)
    assert "local-spark" in glance("glance", "image-list", folder=tmp_path)
    missing = "00000000-0000-4000-8000-000000000000"
    assert missing in glance("glance", "image-show", missing, folder=tmp_path, status=1)
    wrong = ["--name", "x", "--disk-format", "nonsense", "--container-format", "bare"]
    assert "nonsense" in glance("glance", "image-create", *wrong, folder=tmp_path, status=1)


@pytest.fixture(scope="module")
def rclone(login, tmp_path_factory):
    found = shutil.which("rclone")
    if not found:
        pytest.skip("rclone is not on this machine: apt-get install rclone")
    options = {
        "TYPE": "swift",
        "USER": login["OS_USERNAME"],
        "KEY": login["OS_PASSWORD"],
        "AUTH": login["OS_AUTH_URL"],
        "DOMAIN": "Default",
        "TENANT": login["OS_PROJECT_NAME"],
        "TENANT_DOMAIN": "Default",
        "CHUNK_SIZE": "1Mi",
    }
    path = tmp_path_factory.mktemp("rclone")
    (path / "bin").mkdir()
    (path / "bin" / "rclone").symlink_to(found)
    variables = {f"RCLONE_CONFIG_CLOUD_{name}": value for name, value in options.items()}
    return Program(path, {**variables, "RCLONE_CONFIG": ""})  # which it would tell that it does not find


def test_rclone_keeps_a_folder(rclone, tmp_path, large):
    here = tmp_path / "here"
    (here / "deep").mkdir(parents=True)
    (here / "small").write_text("words\n")
    (here / "deep" / "large").write_bytes(large)
    for _ in range(2):
        rclone("rclone", "sync", "here", "cloud:kept", folder=tmp_path)
        rclone("rclone", "check", "here", "cloud:kept", folder=tmp_path)
    (here / "small").unlink()
    rclone("rclone", "sync", "here", "cloud:kept", folder=tmp_path)
    rclone("rclone", "copy", "cloud:kept", "back", folder=tmp_path)
    assert (tmp_path / "back" / "deep" / "large").read_bytes() == large
    assert not (tmp_path / "back" / "small").exists()
    rclone("rclone", "purge", "cloud:kept", folder=tmp_path)


@pytest.mark.parametrize("interrupted", [False, True], ids=["failed", "interrupted"])
def test_rclone_takes_away_the_segments_of_what_it_did_not_finish(rclone, tmp_path, large, interrupted):
    data = tmp_path / "data"
    data.write_bytes(large * 4)  # so that it takes twelve seconds
    rclone("rclone", "mkdir", "cloud:unfinished", folder=tmp_path)
    rclone("rclone", "mkdir", "cloud:unfinished_segments", folder=tmp_path)

    def segments():
        return rclone("rclone", "ls", "cloud:unfinished_segments", folder=tmp_path).split()

    slowly = ("--bwlimit", "1M", "--buffer-size", "0", "--retries", "1")
    process = rclone.start("rclone", "copy", *slowly, "data", "cloud:unfinished", folder=tmp_path)
    until(segments)
    if interrupted:
        process.send_signal(signal.SIGINT)
    else:
        with data.open("ab") as file:
            file.write(b"more")  # a file that grows while it is read is an error to rclone
    printed, _ = process.communicate(timeout=60)
    assert process.returncode != 0, printed
    assert len(segments()) <= interrupted  # one may have been on its way
    rclone("rclone", "copy", "data", "cloud:unfinished", folder=tmp_path)
    rclone("rclone", "check", "--download", "data", "cloud:unfinished", folder=tmp_path)
    for container in ("unfinished", "unfinished_segments"):
        rclone("rclone", "purge", f"cloud:{container}", folder=tmp_path)


def test_rclone_takes_what_is_piped(rclone, tmp_path, large):
    (tmp_path / "data").write_bytes(large)
    rclone("rclone", "mkdir", "cloud:piped", folder=tmp_path)
    script = (
        f"'{rclone.path}/bin/rclone' rcat cloud:piped/x <data && '{rclone.path}/bin/rclone' cat cloud:piped/x >back"
    )
    (rclone.path / "bin" / "sh").symlink_to("/bin/sh")
    rclone("sh", "-c", script, folder=tmp_path)
    assert (tmp_path / "back").read_bytes() == large
