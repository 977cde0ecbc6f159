"""The files of a run: users' programs and libraries beside the service's own, whatever they are called."""

import os
import subprocess

import pytest

from saharaclient.local.engines.base import FILES

OWN = ["spark.conf", "conf", "scratch", "stdout", "run.json", "data", "files", "launch_command"]


def test_libraries_may_be_called_as_the_services_own_files(shells):
    libs = [shells.library(name, f"user's {name}\n".encode()) for name in OWN]
    run = shells.run("cat spark.conf conf scratch stdout run.json data files launch_command\n", libs=libs)
    assert run.info["status"] == "SUCCEEDED", list(shells.runs.logs(run.id, stderr=True))
    assert list(shells.runs.logs(run.id)) == [f"user's {name}" for name in OWN]


def test_a_program_starts_beside_its_libraries(shells):
    lib = shells.library("greet.sh", b"echo hello\n")
    run = shells.run(". ./greet.sh; echo made >made; ls\n", libs=[lib])
    assert list(shells.runs.logs(run.id))[0] == "hello"
    folder = shells.sahara.service.settings.jobs / run.id
    assert (folder / FILES / "made").read_text() == "made\n"


def test_a_large_library_is_kept_once(shells):
    content = os.urandom(1024 * 1024)
    lib = shells.library("large.bin", content)
    settings, paths = shells.sahara.service.settings, []
    for _ in range(2):
        run = shells.run("cksum large.bin\n", libs=[lib])
        paths.append(settings.jobs / run.id / FILES / "large.bin")
    assert paths[0].stat().st_ino == paths[1].stat().st_ino
    assert paths[0].stat().st_nlink == 3
    assert paths[0].read_bytes() == content
    # a new version of the object is another file
    shells.put("scripts/libs/large.bin", b"new")
    assert paths[0].read_bytes() == content
    assert paths[0].stat().st_nlink == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes to what nobody may write to")
def test_a_job_cannot_change_its_library(shells):
    lib = shells.library("kept.txt", b"kept\n")
    run = shells.run("echo more >>kept.txt\n", libs=[lib])
    assert "Permission denied" in run.info["reason"]


def test_launch_again_by_hand(shells):
    run = shells.run("echo by hand\n")
    folder = shells.sahara.service.settings.jobs / run.id
    again = subprocess.run(["sh", folder / "launch_command"], capture_output=True, text=True, check=True)
    assert again.stdout == "by hand\n"
