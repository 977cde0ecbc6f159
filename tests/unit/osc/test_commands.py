"""What commands send, show and exit with; the wire is fake, the client is not."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from saharaclient.osc import (
    cluster_operations,
    clusters,
    data_sources,
    images,
    job_binaries,
    job_templates,
    node_group_templates,
    timeline,
)

if TYPE_CHECKING:
    from pathlib import Path

ID = "11111111-2222-4333-8444-555555555555"
CLUSTER = {"id": ID, "name": "c", "status": "Active", "plugin_name": "fake", "node_groups": [], "info": {}}
FAILED_STEP = {
    "step_name": "Configure instances",
    "step_type": "Engine: create cluster",
    "successful": False,
    "total": 2,
    "created_at": "2026-01-01T00:00:00",
    "events": [{"successful": False, "event_info": "no route to host", "instance_name": "c-w-1"}],
}


def with_cluster(commands: Any, **members: Any) -> dict[str, Any]:
    cluster = {**CLUSTER, **members}
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [cluster]})
    commands.wire.get(f"{commands.base}/clusters/{ID}", json={"cluster": cluster})
    return cluster


def test_a_missing_name_is_told(commands: Any) -> None:
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": []})
    outcome = commands(clusters.ShowCluster, "nope")
    assert outcome.code == 1
    assert "No matches found. There is no Cluster of the name or id 'nope'." in outcome.told


def test_an_ambiguous_name_is_told(commands: Any) -> None:
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [CLUSTER, {**CLUSTER, "id": "2"}]})
    outcome = commands(clusters.ShowCluster, "c")
    assert outcome.code == 1
    assert "Multiple matches found." in outcome.told


def test_waiting_for_a_cluster_that_fails_exits_3_with_reason_and_events(commands: Any) -> None:
    with_cluster(commands, status="Error", status_description="quota", provision_progress=[FAILED_STEP])
    outcome = commands(cluster_operations.WaitCluster, "c")
    assert outcome.code == 3
    assert "quota" in outcome.told
    assert "Configure instances on c-w-1: no route to host" in outcome.told


def test_waiting_too_long_exits_4_and_says_how_to_go_on(commands: Any) -> None:
    with_cluster(commands, status="Spawning")
    outcome = commands(cluster_operations.WaitCluster, "c --timeout 30")
    assert outcome.code == 4
    assert commands.clock.time >= 30
    assert "openstack dataprocessing cluster wait c" in outcome.told


def test_ctrl_c_says_that_it_goes_on(commands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cluster(commands, status="Spawning")

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.clock, "sleep", interrupt)
    outcome = commands(cluster_operations.WaitCluster, "c")
    assert outcome.code == 130
    assert "the operation goes on. To follow it again: openstack dataprocessing cluster wait c" in outcome.told


def test_progress_is_a_line_a_change_and_not_on_stdout(commands: Any) -> None:
    step = {**FAILED_STEP, "successful": None, "events": [{"successful": True}]}
    states = [("Validating", []), ("Spawning", [step]), ("Spawning", [step]), ("Active", [])]
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [CLUSTER]})
    commands.wire.get(
        f"{commands.base}/clusters/{ID}",
        [{"json": {"cluster": {**CLUSTER, "status": state, "provision_progress": steps}}} for state, steps in states],
    )
    outcome = commands(cluster_operations.WaitCluster, "c -f json")
    assert json.loads(outcome.stdout)["Status"] == "Active"
    lines = [line for line in outcome.told.splitlines() if line.startswith('Cluster "c"')]
    assert [line.partition(" (")[0] for line in lines] == [
        'Cluster "c": Validating',
        'Cluster "c": Spawning: Configure instances, 1 of 2 done',
        'Cluster "c": Active',
    ]


@pytest.mark.parametrize(
    ("option", "command"),
    [
        ("c --force", clusters.DeleteCluster),
        (
            "--name n --plugin p --plugin-version 1 --processes a --flavor f --boot-from-volume",
            node_group_templates.CreateNodeGroupTemplate,
        ),
    ],
)
def test_an_option_of_api_2_in_1_1(commands1: Any, option: str, command: Any) -> None:
    outcome = commands1(command, option)
    assert outcome.code == 2
    assert "needs --os-data-processing-api-version 2" in outcome.told


def test_deleting_several_goes_on_past_failures_and_exits_1(commands: Any) -> None:
    sources = [{"id": ID, "name": "a"}, {"id": "2", "name": "b"}]
    commands.wire.get(f"{commands.base}/data-sources", json={"data_sources": sources})
    error = {"error_code": 400, "error_name": "DELETION_FAILED", "error_message": "a is protected"}
    commands.wire.delete(f"{commands.base}/data-sources/{ID}", status_code=400, json=error)
    commands.wire.delete(f"{commands.base}/data-sources/2", status_code=204)
    outcome = commands(data_sources.DeleteDataSource, "a missing b")
    assert outcome.code == 1
    assert outcome.stdout == 'Data Source "b" has been removed successfully.\n'
    assert "a is protected" in outcome.told
    assert "'missing'" in outcome.told
    assert "2 of 3 could not be deleted." in outcome.told


def test_several_clusters_are_told_by_name_and_id(commands: Any) -> None:
    made = [{**CLUSTER, "id": f"id-{n}", "name": f"c-{n}"} for n in (1, 2)]
    for cluster in made:
        commands.wire.get(f"{commands.base}/clusters/{cluster['id']}", json={"cluster": cluster})
    reply = [c["id"] for c in made] if commands.version == "1.1" else [{"cluster": c} for c in made]
    path = "clusters/multiple" if commands.version == "1.1" else "clusters"
    commands.wire.post(f"{commands.base}/{path}", json={"clusters": reply})
    template = {"id": "t1", "name": "t", "plugin_name": "fake", "hadoop_version": "1", "plugin_version": "1"}
    commands.wire.get(f"{commands.base}/cluster-templates", json={"cluster_templates": [template]})
    commands.wire.get(f"{commands.base}/images", json={"images": [{"id": "i1", "name": "i"}]})
    outcome = commands(clusters.CreateCluster, "--name c --cluster-template t --image i --count 2 --wait")
    assert outcome.code == 0, outcome.told
    assert [line.split()[1:4:2] for line in outcome.stdout.splitlines()[3:5]] == [["c-1", "id-1"], ["c-2", "id-2"]]


def test_scaling_by_template_name_resizes_and_adds(commands: Any) -> None:
    group = {"name": "workers", "count": 1, "node_group_template_id": "t1"}
    with_cluster(commands, node_groups=[group])
    templates = [{"id": "t1", "name": "worker-template"}, {"id": "t2", "name": "other"}]
    commands.wire.get(f"{commands.base}/node-group-templates", json={"node_group_templates": templates})
    put = commands.wire.put(f"{commands.base}/clusters/{ID}", json={"cluster": CLUSTER})
    outcome = commands(cluster_operations.ScaleCluster, "c --instances worker-template:3 other:2")
    assert outcome.code == 0, outcome.told
    assert put.last_request.json() == {
        "resize_node_groups": [{"name": "workers", "count": 3}],
        "add_node_groups": [{"name": "other", "count": 2, "node_group_template_id": "t2"}],
    }


def test_on_a_terminal_progress_and_transfers_are_drawn(
    commands1: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # which makes rich take any stream for a terminal
    monkeypatch.setenv("COLUMNS", "120")
    with_cluster(commands1)
    outcome = commands1(cluster_operations.WaitCluster, "c -f json")
    assert json.loads(outcome.stdout)["Status"] == "Active"
    assert 'Cluster "c": Active' in outcome.told
    assert "\x1b[" in outcome.told
    commands1.wire.get(f"{commands1.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    commands1.wire.get(f"{commands1.base}/job-binaries/{ID}/data", content=b"x" * 200_000)
    outcome = commands1(job_binaries.DownloadJobBinary, f"b --file {tmp_path / 'b'}")
    assert "Downloading b" in outcome.told
    assert outcome.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ("set --tags a b", ["a", "b"]),
        ("add --tags new", ["new", "old"]),
        ("remove --tags old", []),
        ("remove --all", []),
    ],
)
def test_tags_in_api_2(commands2: Any, arguments: str, left: list[str]) -> None:
    image = {"id": ID, "name": "i", "tags": ["old"], "username": "u", "status": "ACTIVE"}
    commands2.wire.get(f"{commands2.base}/images", json={"images": [image]})
    put = commands2.wire.put(f"{commands2.base}/images/{ID}/tags", json={"image": {**image, "tags": left}})
    verb, _, rest = arguments.partition(" ")
    command = {"set": images.SetImageTags, "add": images.AddImageTags, "remove": images.RemoveImageTags}[verb]
    outcome = commands2(command, f"i {rest} -f json")
    assert put.last_request.json() == {"tags": left}
    assert json.loads(outcome.stdout)["Tags"] == ", ".join(left)


def test_registering_an_image_without_a_description_leaves_it_to_the_server(commands: Any) -> None:
    image = {"id": ID, "name": "i", "tags": [], "username": "u", "status": "ACTIVE", "description": "mine"}
    post = commands.wire.post(f"{commands.base}/images/{ID}", json={"image": image})
    commands.sdk.image = SimpleNamespace(find_image=lambda _, **__: SimpleNamespace(id=ID))
    assert commands(images.RegisterImage, "i --username u").code == 0
    assert post.last_request.json() == {"username": "u", "description": ""}


def test_an_exported_template_of_either_version_is_imported(commands: Any, tmp_path: Path) -> None:
    exported = {
        "name": "workers",
        "flavor_id": "{flavor_id}",
        "image_id": "{image_id}",
        "floating_ip_pool": "{floating_ip_pool}",
        "security_groups": "{security_groups}",
        "plugin_name": "fake",
        "node_processes": ["datanode"],
        "volumes_per_node": 0,
        "boot_from_volume": True,
    }
    post = commands.wire.post(
        f"{commands.base}/node-group-templates", json={"node_group_template": {"id": ID, "name": "workers"}}
    )
    for field in "hadoop_version", "plugin_version":
        path = tmp_path / "x.json"
        path.write_text(json.dumps({"node_group_template": {**exported, field: "0.1"}}))
        outcome = commands(node_group_templates.ImportNodeGroupTemplate, f"{path} --flavor_id 1 --image_id 2")
        assert outcome.code == 0, outcome.told
        body = post.last_request.json()
        own = "hadoop_version" if commands.version == "1.1" else "plugin_version"
        assert (body[own], body["flavor_id"], body["image_id"]) == ("0.1", "1", "2")
        assert not {"floating_ip_pool", "security_groups"} & body.keys()
        assert ("boot_from_volume is left out" in outcome.told) == (commands.version == "1.1")


def test_arguments_are_not_logged_with_their_secrets(commands: Any) -> None:
    commands.caplog.set_level("DEBUG")
    commands.wire.post(f"{commands.base}/data-sources", json={"data_source": {"id": ID, "name": "n"}})
    outcome = commands(
        data_sources.CreateDataSource, "n --type swift --url swift://a/b --username u --password hunter2"
    )
    assert outcome.code == 0
    assert "'password': '***'" in outcome.told
    assert "hunter2" not in outcome.told


def test_missing_options_are_named(commands: Any) -> None:
    outcome = commands(job_templates.CreateJobTemplate, "--name n")
    assert outcome.code == 2
    assert "--type must be given, or everything in a JSON file with --json" in outcome.told


def test_a_timeline_of_a_failure(commands: Any, tmp_path: Path) -> None:
    done = {**FAILED_STEP, "successful": True, "step_name": "Create <stack>", "updated_at": "2026-01-01T00:00:20"}
    later = {**FAILED_STEP, "created_at": "2026-01-01T00:00:20", "updated_at": "2026-01-01T00:00:40"}
    with_cluster(commands, provision_progress=[later, {**done, "events": []}])
    lines = commands(timeline.ShowTimeline, "c").stdout.splitlines()
    assert lines[0].startswith("Create <stack>      │█")
    assert lines[1].endswith("20 s  failed, c-w-1: no route to host")
    for ending, begin in {"svg": b"<svg", "html": b"<!DOCTYPE html>", "png": b"\x89PNG"}.items():
        path = tmp_path / f"x.{ending}"
        assert commands(timeline.ShowTimeline, f"c --output {path}").code == 0
        assert path.read_bytes().startswith(begin)
    assert "Create &lt;stack&gt;" in (tmp_path / "x.svg").read_text()
    outcome = commands(timeline.ShowTimeline, "c --output x.gif")
    assert (outcome.code, "should end in .svg, .png, .html" in outcome.told) == (2, True)
