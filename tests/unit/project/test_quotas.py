"""What a plan's clusters take of quotas, and what is told where that is more than is left."""

import pytest
import requests_mock

from saharaclient import project
from saharaclient.project import quotas
from tests.support import URL, make_client

TEXT = """
node_group_templates:
  worker: {plugin_name: fake, plugin_version: "0.1", flavor: m1.small, node_processes: [datanode], volumes_per_node: 2,
    volumes_size: 10}
cluster_templates:
  t:
    plugin_name: fake
    plugin_version: "0.1"
    node_groups: {w: {template: worker, count: 2}}
clusters:
  one: {template: t}
  two: {template: t, node_groups: {w: {count: 4}}}
"""
ROOMY = {"maxTotalInstances": 100, "maxTotalCores": 100, "maxTotalRAMSize": -1}
STORAGE = {"maxTotalVolumes": 12, "totalVolumesUsed": 0, "maxTotalVolumeGigabytes": 200, "totalGigabytesUsed": 80}
LISTS = ["clusters", "cluster_templates", "node_group_templates", "jobs", "job_templates", "data_sources", "images"]


@pytest.fixture(params=["1.1", "2"])
def client(request):
    return make_client(request.param)


@pytest.fixture
def cloud():
    """An empty cloud; its limits are those of compute and of block storage in one."""
    with requests_mock.Mocker() as wire:
        for name in LISTS:
            wire.get(f"{URL}/{name.replace('_', '-')}", json={name: []})
        wire.get(f"{URL}/job-binaries", json={"binaries": []})
        wire.get(f"{URL}/plugins", json={"plugins": [{"name": "fake", "versions": ["0.1"]}]})
        flavors = [{"id": "7", "name": "m1.small", "vcpus": 3, "ram": 2048}]
        wire.get(f"{URL}/flavors", json={"flavors": flavors})
        wire.get(f"{URL}/flavors/detail", json={"flavors": flavors})
        wire.limits = lambda **said: wire.get(f"{URL}/limits", json={"limits": {"absolute": {**STORAGE, **said}}})
        wire.limits(**ROOMY)
        yield wire


def told(client, text=TEXT):
    with pytest.raises(project.ProjectError) as caught:
        project.plan(client, project.Project.parse(text), environment={})
    return [str(problem) for problem in caught.value.problems]


def test_what_fits_is_planned(client, cloud):
    made = project.plan(client, project.Project.parse(TEXT), environment={})
    assert len(made.actions) == 4
    assert made.notes == []


def test_all_that_does_not_fit_is_told_at_once_with_lines(client, cloud):
    cloud.limits(maxTotalInstances=10, totalInstancesUsed=5, maxTotalCores=12, totalCoresUsed=0, maxTotalRAMSize=-1)
    advice = "ask for less, or have the quota raised"
    assert told(client) == [
        f"11:3: the cluster one needs 2 more instances, all clusters of the plan together 6, "
        f"and the quota leaves 5: {advice}",
        f"11:3: the cluster one needs 6 more cores, all clusters of the plan together 18, "
        f"and the quota leaves 12: {advice}",
        f"12:3: the cluster two needs 12 more cores, all clusters of the plan together 18, "
        f"and the quota leaves 12: {advice}",
        f"12:3: the cluster two needs 4 more instances, all clusters of the plan together 6, "
        f"and the quota leaves 5: {advice}",
    ]


def test_volumes_count_where_there_are_any(client, cloud):
    cloud.limits(**ROOMY, maxTotalVolumes=11)
    assert all("more volumes" in line for line in told(client))
    without = TEXT.replace(", volumes_per_node: 2,\n    volumes_size: 10", "")
    assert project.plan(client, project.Project.parse(without), environment={}).notes == []


def test_a_quota_that_nobody_tells_is_noted_and_hinders_nothing(client, cloud):
    cloud.get(f"{URL}/limits", status_code=404)
    made = project.plan(client, project.Project.parse(TEXT), environment={})
    assert len(made.actions) == 4
    assert [note.partition(":")[0] for note in made.notes] == [
        "what the quota of block-storage leaves is not known",
        "what the quota of compute leaves is not known",
    ]


def test_without_clusters_no_quota_is_asked(client, cloud):
    project.plan(client, project.Project.parse(TEXT[: TEXT.index("clusters:\n  one")]), environment={})
    assert not [sent.path for sent in cloud.request_history if sent.path in ("/limits", "/flavors/detail")]


# what the clusters need, what is left → who is told that it does not fit
SHORT = {
    "exactly": ({"a": 3, "b": 2}, 5, []),
    "together": ({"a": 3, "b": 3}, 5, ["a", "b"]),
    "what is given back counts": ({"a": 6, "b": -2}, 4, []),
    "what gives back is not to blame": ({"a": 7, "b": -2}, 4, ["a"]),
    "a project over its quota may shrink": ({"a": -1}, -3, []),
    "and not grow": ({"a": 1}, -3, ["a"]),
}


@pytest.mark.parametrize("case", SHORT)
def test_who_does_not_fit(case):
    needs, left, short = SHORT[case]
    needed = {("clusters", name): {"instances": number} for name, number in needs.items()}
    assert [key[1] for key, _ in quotas.shortfalls(needed, {"instances": left})] == short
