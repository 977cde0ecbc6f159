"""A cluster's instances, pages and diagnosis; scaling by group; what programs and people get of lists and objects."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

from tests.services import IMAGE, NETWORK

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack


def test_tools(openstack: OpenStack, templates: str, prefix: str) -> None:
    openstack.do(
        f"cluster create --name {prefix}-c --cluster-template {templates} --image {IMAGE} "
        f"--neutron-network {NETWORK} --user-keypair demo-key --wait"
    )
    rows = openstack.show(f"cluster instances {prefix}-c")
    assert [(row["Group"], row["Processes"]) for row in rows] == [
        (f"{prefix}-m", "namenode, jobtracker"),
        (f"{prefix}-w", "datanode, tasktracker"),
    ]
    assert all(row["Address"] for row in rows)
    assert f"| {rows[0]['Name']} " in openstack.do(f"cluster instances {prefix}-c").stdout
    scaled = openstack.show(f"cluster scale {prefix}-c {prefix}-w=2 --wait")
    assert scaled["Node groups"] == f"{prefix}-m:1, {prefix}-w:2"
    wrong = openstack("cluster", "scale", f"{prefix}-c", "workers")
    assert (wrong.exit, "'workers' should be <group>=<count>" in wrong.stderr) == (2, True)
    line = openstack.do(f"cluster ssh {prefix}-c {rows[0]['Name']} --print --identity key").stdout
    assert line == f"ssh -i key -- root@{rows[0]['Address']}\n"
    assert openstack("cluster", "ssh", f"{prefix}-c", "no-such", "--print").exit == 1
    no_page = openstack("cluster", "open", f"{prefix}-c", "--print")
    assert (no_page.exit, "tells of no web page" in no_page.stderr) == (1, True) or "http" in no_page.stdout
    openstack.do(f"cluster diagnose {prefix}-c --output found.tar.gz")
    with tarfile.open(openstack.directory / "found.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        record = json.load(archive.extractfile(f"{prefix}-c/cluster.json"))  # type: ignore[arg-type]
    assert names >= {"cluster.json", "events.json", "checks.json"}
    assert record["name"] == f"{prefix}-c"
    again = openstack("cluster", "diagnose", f"{prefix}-c", "--output", "found.tar.gz")
    assert (again.exit, "found.tar.gz exists" in again.stderr) == (1, True)
    joined = openstack.show(f"cluster show {prefix}-c")
    nested = openstack("cluster", "show", f"{prefix}-c", "-f", "json", "--nested").json
    assert list(nested) == list(joined)
    assert joined["Node groups"] == f"{prefix}-m:1, {prefix}-w:2"
    assert [group["count"] for group in nested["Node groups"]] == [1, 2]
    table = openstack.do(f"cluster show {prefix}-c").stdout
    assert "{'" not in table
    listed = openstack("node", "group", "template", "list", "--long", "--nested", "-f", "json").json
    assert all(isinstance(row["Node processes"], list) for row in listed)
    openstack.do(f"cluster delete {prefix}-c --wait")
