"""What release 5 adds, at the real executable: waiting with outcomes, running jobs, pages, pictures, both versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.cloud

IMAGE = "11111111-0000-4000-8000-000000000002"


@pytest.fixture
def templates(openstack: Any, prefix: str) -> Iterator[str]:
    """The name of a cluster template; all that was made is deleted at the end."""
    plugin = ["--plugin", "fake", "--plugin-version", "0.1", "--flavor", "m1.tiny"]
    assert openstack("image", "register", IMAGE, "--username", "root").exit == 0
    assert openstack("image", "tags", "set", IMAGE, "--tags", "fake", "0.1").exit == 0
    for name, processes in ("m", ["namenode", "jobtracker"]), ("w", ["datanode", "tasktracker"]):
        create = ["node", "group", "template", "create", "--name", f"{prefix}-{name}", "--processes", *processes]
        made = openstack(*create, *plugin)
        assert made.exit == 0, made
    groups = [f"{prefix}-m:1", f"{prefix}-w:1"]
    made = openstack("cluster", "template", "create", "--name", f"{prefix}-t", "--node-groups", *groups)
    assert made.exit == 0, made
    yield f"{prefix}-t"
    openstack("cluster", "template", "delete", f"{prefix}-t", f"{prefix}-t2")
    openstack("node", "group", "template", "delete", f"{prefix}-m", f"{prefix}-w", f"{prefix}-v1", f"{prefix}-v2")


def test_a_cluster_from_creation_to_deletion(openstack: Any, prefix: str, templates: str) -> None:
    name = f"{prefix}-c"
    where = ["--cluster-template", templates, "--image", "cirros-fake", "--neutron-network", "private"]
    made = openstack("cluster", "create", "--name", name, *where, "-f", "json").json
    assert made["Status"] in ("Validating", "InfraUpdating")
    late = openstack("cluster", "wait", name, "--timeout", "0.5")
    assert late.exit == 4
    assert f"openstack dataprocessing cluster wait {name}" in late.stderr
    stopped = openstack.interrupted("cluster", "wait", name)
    assert stopped.exit == 130
    assert "the operation goes on. To follow it again: openstack dataprocessing cluster wait" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    waited = openstack("cluster", "wait", name, "-f", "json")
    assert waited.json["Status"] == "Active", waited
    lines = [line for line in waited.stderr.splitlines() if line.startswith(f'Cluster "{name}": ')]
    assert len(lines) >= 2
    assert any("Spawning" in line or "Waiting" in line or "Configuring" in line for line in lines)

    first = openstack("cluster", "verification", name, "--show", "--wait", "-f", "json")  # the server's own
    assert first.json["Verification status"] == "GREEN"
    checked = openstack("cluster", "verification", name, "--start", "--wait", "-f", "json")
    assert checked.json["Verification status"] == "GREEN"
    scaled = openstack("cluster", "scale", name, "--instances", f"{prefix}-w:2", "--wait", "-f", "json").json
    assert f"{prefix}-w:2" in scaled["Node groups"]
    assert openstack("cluster", "timeline", name).stdout.count("done") >= 4
    for ending in "svg", "png", "html":
        picture = openstack.directory / f"timeline.{ending}"
        assert openstack("cluster", "timeline", name, "--output", str(picture)).exit == 0
        assert picture.stat().st_size > 1000

    listed = openstack("cluster", "list", "--property", f"name={name}", "--sort-by", "name:desc", "-f", "json").json
    assert [row["Id"] for row in listed] == [made["Id"]]
    everything = openstack("cluster", "list", "-f", "json").json
    assert len(openstack("cluster", "list", "--limit", "1", "-f", "json").json) == 1
    assert openstack("cluster", "list", "--marker", everything[-1]["Id"], "-f", "json").json == []

    run_a_job(openstack, prefix, name)
    gone = openstack("cluster", "delete", name, "--wait")
    assert gone.exit == 0
    assert f'Cluster "{name}" has been removed successfully.' in gone.stdout
    assert openstack("cluster", "wait", name, "--deleted").exit == 0


def run_a_job(openstack: Any, prefix: str, cluster: str) -> None:
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
        assert openstack("job", "suspend", job).exit == 1  # it has ended
        assert openstack("job", "delete", job, "--wait").exit == 0
    assert openstack("job", "template", "delete", f"{prefix}-j").exit == 0
    for row in openstack("job", "binary", "list", "--name", prefix, "-f", "json").json:
        assert openstack("job", "binary", "delete", row["Id"]).exit == 0


def test_templates_move_between_versions(openstack: Any, prefix: str, templates: str) -> None:
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
    assert openstack("cluster", "template", "delete", f"{prefix}-t2").exit == 0


def test_any_bytes_go_up_and_come_back(openstack: Any, prefix: str) -> None:
    if openstack.version == "2":
        pytest.skip("the cloud has no object storage, where API 2 stores files")
    data = bytes(range(256)) * 1000
    (openstack.directory / "app.jar").write_bytes(data)
    made = openstack("job", "binary", "create", "--name", prefix, "--data", "app.jar", "-f", "json")
    assert made.json["Url"].startswith("internal-db://")
    assert openstack("job", "binary", "download", prefix, "--file", "back.jar").exit == 0
    assert (openstack.directory / "back.jar").read_bytes() == data
    assert openstack("job", "binary", "download", prefix, "--file", "back.jar").exit == 1
    assert openstack("job", "binary", "delete", prefix).exit == 0
