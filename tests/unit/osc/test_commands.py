"""What commands send, show and exit with; the wire is fake, the client is not."""

from __future__ import annotations

import io
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
    jobs,
    lists,
    node_group_templates,
    plugins,
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


def test_a_list_survives_an_odd_record(commands: Any) -> None:
    odd = [{}, {"id": "1", "name": None, "node_groups": 5, "info": None}, {**CLUSTER, "status": ["x", 1]}, CLUSTER]
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": odd})
    outcome = commands(clusters.ListClusters, "--long -f json")
    assert outcome.code == 0, outcome.told
    assert [row["Name"] for row in json.loads(outcome.stdout)] == [None, None, "c", "c"]


def test_an_odd_job_does_not_break_the_list(commands: Any) -> None:
    path, key = ("job-executions", "job_executions") if commands.version == "1.1" else ("jobs", "jobs")
    runs = [{"id": "1", "info": None}, {"id": "2"}, {"id": "3", "info": {"status": "FAILED"}}]
    commands.wire.get(f"{commands.base}/{path}", json={key: runs})
    outcome = commands(jobs.ListJobs, "-f json")
    assert [row["Status"] for row in json.loads(outcome.stdout)] == [None, None, "FAILED"]
    outcome = commands(jobs.ListJobs, "--status failed -f json")
    assert [row["Id"] for row in json.loads(outcome.stdout)] == ["3"]


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
    post = commands1.wire.post(
        f"{commands1.base}/job-binaries", status_code=400, json={"error_code": 400, "error_message": "refused"}
    )
    outcome = commands1(job_binaries.CreateJobBinary, f"--data {tmp_path / 'app.jar'}")
    assert outcome.code == 1
    assert "refused" in outcome.told
    assert post.last_request.json()["url"] == "internal-db://7"
    assert sent == [data]
    assert undo.called


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


def test_a_download_to_standard_output_is_the_bytes_alone(commands: Any, monkeypatch: Any) -> None:
    commands.wire.get(f"{commands.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    commands.wire.get(f"{commands.base}/job-binaries/{ID}/data", content=b"\x00\xff\n")
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", written := io.TextIOWrapper(io.BytesIO()))
        assert commands(job_binaries.DownloadJobBinary, "b --file -").code == 0
    assert written.buffer.getvalue() == b"\x00\xff\n"


def test_a_download_does_not_replace_a_file(commands: Any, tmp_path: Path) -> None:
    commands.wire.get(f"{commands.base}/job-binaries", json={"binaries": [{"id": ID, "name": "b", "url": "u"}]})
    (tmp_path / "b").write_text("mine")
    outcome = commands(job_binaries.DownloadJobBinary, f"b --file {tmp_path / 'b'}")
    assert outcome.code == 1
    assert "exists; name another file with --file" in outcome.told
    assert (tmp_path / "b").read_text() == "mine"


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


def test_the_template_filter_has_the_versions_own_name(commands: Any) -> None:
    get = commands.wire.get(f"{commands.base}/node-group-templates", json={"node_group_templates": []})
    commands(node_group_templates.ListNodeGroupTemplates, "--plugin fake --plugin-version 0.1")
    field = "hadoop_version" if commands.version == "1.1" else "plugin_version"
    assert get.last_request.qs["plugin_name"] == ["fake"]
    assert get.last_request.qs[field] == ["0.1"]


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


def test_lists_are_limited_sorted_and_begun_after_a_marker(commands: Any) -> None:
    get = commands.wire.get(f"{commands.base}/clusters", json={"clusters": [CLUSTER], "markers": {"next": "x"}})
    outcome = commands(clusters.ListClusters, "--limit 1 --marker abc --sort-by name:desc -f json")
    assert len(json.loads(outcome.stdout)) == 1
    assert get.last_request.qs == {"limit": ["1"], "marker": ["abc"], "sort_by": ["-name"]}
    assert get.call_count == 1


def test_a_field_that_the_server_can_not_sort_by(commands: Any) -> None:
    commands.wire.get(f"{commands.base}/clusters", status_code=500, text="Internal Server Error")
    outcome = commands(clusters.ListClusters, "--sort-by colour")
    assert outcome.code == 1
    assert "--sort-by: the server refuses to sort by colour" in outcome.told


def test_all_pages_are_read(commands: Any) -> None:
    pages = [
        {"clusters": [{**CLUSTER, "name": "a"}], "markers": {"prev": None, "next": "m"}},
        {"clusters": [{**CLUSTER, "name": "b"}], "markers": {"prev": None, "next": None}},
    ]
    commands.wire.get(f"{commands.base}/clusters", [{"json": page} for page in pages])
    assert [row["Name"] for row in json.loads(commands(clusters.ListClusters, "-f json").stdout)] == ["a", "b"]


def test_properties_filter_and_unknown_ones_are_told(commands: Any) -> None:
    found = [{**CLUSTER, "is_public": True, "name": "p"}, {**CLUSTER, "is_public": False}]
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": found})
    outcome = commands(clusters.ListClusters, "--property is_public=true -f json")
    assert [row["Name"] for row in json.loads(outcome.stdout)] == ["p"]
    outcome = commands(clusters.ListClusters, "--property colour=red")
    assert outcome.code == 2
    assert "Clusters have no field colour; they have: id, info" in outcome.told
    assert commands(clusters.ListClusters, "--property colour").code == 2


def test_what_has_no_pages_is_cut_and_sorted_here(commands: Any) -> None:
    found = [{"name": name, "versions": ["1"]} for name in ("b", "a", "c")]
    commands.wire.get(f"{commands.base}/plugins", json={"plugins": found})
    outcome = commands(plugins.ListPlugins, "--sort-by name --marker a --limit 1 -f json")
    assert json.loads(outcome.stdout) == [{"Name": "b", "Versions": "1"}]
    assert commands(plugins.ListPlugins, "--sort-by size").code == 2
    assert "there is none of the id 'zzz'" in commands(plugins.ListPlugins, "--marker zzz").told


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


def test_every_list_has_the_common_options() -> None:
    from saharaclient.osc import cluster_templates, job_types

    modules = (
        clusters, cluster_templates, node_group_templates, images, data_sources, job_binaries, job_templates, jobs,
        job_types, plugins,
    )  # fmt: skip
    found = [cls for module in modules for name, cls in vars(module).items() if name.startswith("List")]
    assert len(found) == 10
    assert all(issubclass(cls, lists.List) for cls in found)
