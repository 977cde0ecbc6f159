"""Lists: filters, order, pages, odd records."""

from __future__ import annotations

import json
from typing import Any

from saharaclient.osc import (
    clusters,
    data_sources,
    images,
    job_binaries,
    job_templates,
    jobs,
    lists,
    node_group_templates,
    plugins,
)

CLUSTER = {"id": "1", "name": "c", "status": "Active", "plugin_name": "fake", "node_groups": [], "info": {}}


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


def test_the_template_filter_has_the_versions_own_name(commands: Any) -> None:
    get = commands.wire.get(f"{commands.base}/node-group-templates", json={"node_group_templates": []})
    commands(node_group_templates.ListNodeGroupTemplates, "--plugin fake --plugin-version 0.1")
    field = "hadoop_version" if commands.version == "1.1" else "plugin_version"
    assert get.last_request.qs["plugin_name"] == ["fake"]
    assert get.last_request.qs[field] == ["0.1"]


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


def test_every_list_has_the_common_options() -> None:
    from saharaclient.osc import cluster_templates, job_types

    modules = (
        clusters, cluster_templates, node_group_templates, images, data_sources, job_binaries, job_templates, jobs,
        job_types, plugins,
    )  # fmt: skip
    found = [cls for module in modules for name, cls in vars(module).items() if name.startswith("List")]
    assert len(found) == 10
    assert all(issubclass(cls, lists.List) for cls in found)
