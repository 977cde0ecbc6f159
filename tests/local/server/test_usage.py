"""What a service uses of the machine: what is said of files, processes and limits."""

import os

import pytest

from saharaclient.local import LocalSahara
from saharaclient.local.server import usage
from saharaclient.local.server.state_folder import find_running
from saharaclient.local.store.files import disk_use


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (10240, "10 KiB"),
        (1536 * 1024, "1.5 MiB"),
        (2**60, "1048576.0 TiB"),
    ],
)
def test_sizes(number, told):
    assert usage.size(number) == told


def test_files_are_counted_as_they_lie_on_the_disk(tmp_path):
    assert disk_use(tmp_path) == 0
    (tmp_path / "folder").mkdir()
    before = disk_use(tmp_path)
    (tmp_path / "folder" / "file").write_bytes(os.urandom(1 << 20))
    assert disk_use(tmp_path) - before == pytest.approx(1 << 20, rel=0.05)
    assert disk_use(tmp_path / "none") == 0


def test_facts_of_a_running_service(tmp_path):
    with LocalSahara(tmp_path / "state", max_upload_bytes=5 << 20) as local:
        state = local.service.settings.state
        running, _ = find_running(state)
        (state / "more").write_bytes(os.urandom(8 << 20))
        facts = usage.facts(running, state)
    assert facts["State folder"] == str(state)
    assert facts["Largest object"] == "5.0 MiB"
    used, unit = facts["Disk"].split()[:2]
    assert (float(used) >= 8, unit) == (True, "MiB")
    assert facts["Memory"].startswith("service ")
    assert "clusters and jobs 0 B in 0 processes" in facts["Memory"]
