"""What release 5 adds, at the real executable: waiting with outcomes, running jobs, pages, pictures, both versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.services import IMAGE

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack


def test_a_cluster_from_creation_to_deletion(openstack: OpenStack, prefix: str, templates: str) -> None:
    name = f"{prefix}-c"
    where = ["--cluster-template", templates, "--image", "ubuntu-spark", "--neutron-network", "private"]
    late = openstack("cluster", "create", "--name", name, *where, "--wait", "--timeout", "0.5")
    assert late.exit == 4
    assert f"openstack dataprocessing cluster wait {name}" in late.stderr
    assert openstack.do(f"cluster wait {name} -f json").json["Status"] == "Active"

    first = openstack("cluster", "verification", name, "--show", "--wait", "-f", "json")  # the server's own
    assert first.json["Verification status"] == "GREEN"
    checked = openstack("cluster", "verification", name, "--start", "--wait", "-f", "json")
    assert checked.json["Verification status"] == "GREEN"
    stopped = openstack.interrupted("cluster", "scale", name, "--instances", f"{prefix}-w:2", "--wait", "-f", "json")
    assert stopped.exit == 130
    told = f"the operation goes on. To follow it again: openstack dataprocessing cluster wait {name}"
    assert told in stopped.stderr
    assert "Traceback" not in stopped.stderr
    openstack.do(f"cluster wait {name}")
    scaled = openstack.do(f"cluster scale {name} --instances {prefix}-w:3 --wait -f json")
    assert f"{prefix}-w:3" in scaled.json["Node groups"]
    lines = [line for line in scaled.stderr.splitlines() if line.startswith(f'Cluster "{name}": ')]
    assert len(lines) >= 2, scaled
    assert any("Waiting" in line or "Preparing" in line or "Configuring" in line for line in lines), scaled
    assert openstack("cluster", "timeline", name).stdout.count("done") >= 4
    for ending in "svg", "png", "html":
        picture = openstack.directory / f"timeline.{ending}"
        assert openstack("cluster", "timeline", name, "--output", str(picture)).exit == 0
        assert picture.stat().st_size > 1000

    listed = openstack("cluster", "list", "--property", f"name={name}", "--sort-by", "name:desc", "-f", "json").json
    assert [row["Name"] for row in listed] == [name]
    everything = openstack("cluster", "list", "-f", "json").json
    assert len(openstack("cluster", "list", "--limit", "1", "-f", "json").json) == 1
    assert openstack("cluster", "list", "--marker", everything[-1]["Id"], "-f", "json").json == []

    run_a_job(openstack, prefix, name)
    gone = openstack("cluster", "delete", name, "--wait")
    assert gone.exit == 0
    assert f'Cluster "{name}" has been removed successfully.' in gone.stdout
    assert openstack("cluster", "wait", name, "--deleted").exit == 0


def run_a_job(openstack: OpenStack, prefix: str, cluster: str) -> None:
    (openstack.directory / f"{prefix}.sh").write_text("echo hello\n", "utf-8")
    program = f"{prefix}.sh"
    if openstack.version == "2":  # the cloud has no object storage to upload to
        credentials = ["--username", "u", "--password", "p"]
        url = "swift://demo.sahara/x.sh"
        made = openstack("job", "binary", "create", "--name", f"{prefix}-b.sh", "--url", url, *credentials)
        assert made.exit == 0, made
        program = f"{prefix}-b.sh"
    template = ["--job-template", f"{prefix}-j"]
    ran = openstack("job", "run", program, "--cluster", cluster, *template, "--args", "a", "b", "-f", "json")
    assert ran.json["Status"] == "SUCCEEDED", ran
    again = openstack("job", "execute", *template, "--cluster", cluster, "--params", "k:v:w", "--wait", "-f", "json")
    assert again.json["Status"] == "SUCCEEDED", again
    for run in ran, again:
        job = run.json["Id"]
        assert openstack("job", "wait", job).exit == 0
        suspended = openstack("job", "suspend", job).exit
        assert suspended == 1 or openstack.version == "2"  # it has ended, which Sahara minds in API 1.1 alone
        assert openstack("job", "delete", job, "--wait").exit == 0
    assert openstack("job", "template", "delete", f"{prefix}-j").exit == 0
    for row in openstack("job", "binary", "list", "--name", prefix, "-f", "json").json:
        assert openstack("job", "binary", "delete", row["Id"]).exit == 0


@pytest.mark.parametrize("openstack", ["2"], indirect=True)
def test_templates_move_between_versions(openstack: OpenStack, prefix: str, templates: str) -> None:
    exported = {}
    for version in "1.1", "2":
        openstack.version = version
        exported[version] = openstack("node", "group", "template", "export", f"{prefix}-w").stdout
        (openstack.directory / f"{version}.json").write_text(exported[version], "utf-8")
        cluster = ["cluster", "template", "export", templates, "--file", f"c{version}.json"]
        assert openstack(*cluster).exit == 0
    assert {"hadoop_version", "plugin_version"} <= {
        k for t in exported.values() for k in json.loads(t)["node_group_template"]
    }
    for version, other in ("1.1", "2"), ("2", "1.1"):
        openstack.version = version
        needed = ["--flavor_id", "1", "--image_id", IMAGE]
        name = f"{prefix}-v{version[0]}"
        made = openstack("node", "group", "template", "import", f"{other}.json", "--name", name, *needed, "-f", "json")
        assert made.json["Node processes"] == "datanode, tasktracker", made
    groups = ["--node-groups", f"{prefix}-m:1", f"{prefix}-v1:3"]
    made = openstack("cluster", "template", "import", "c1.1.json", "--name", f"{prefix}-t2", *groups, "-f", "json")
    assert made.json["Node groups"] == f"{prefix}-m:1, {prefix}-v1:3", made
    openstack.do(f"cluster template delete {prefix}-t2")
    openstack.do(f"node group template delete {prefix}-v1 {prefix}-v2")


@pytest.mark.parametrize("openstack", ["1.1"], indirect=True)  # API 2 stores files in object storage
def test_any_bytes_go_up_and_come_back(openstack: OpenStack, prefix: str) -> None:
    data = bytes(range(256)) * 1000
    (openstack.directory / "app.jar").write_bytes(data)
    made = openstack("job", "binary", "create", "--name", prefix, "--data", "app.jar", "-f", "json")
    assert made.json["Url"].startswith("internal-db://")
    assert openstack("job", "binary", "download", prefix, "--file", "back.jar").exit == 0
    assert (openstack.directory / "back.jar").read_bytes() == data
    assert openstack("job", "binary", "download", prefix, "--file", "back.jar").exit == 1
    assert openstack("job", "binary", "delete", prefix).exit == 0
