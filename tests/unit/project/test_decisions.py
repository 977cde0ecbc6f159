"""What has to be done, decided without any request: differences, order, adoption by name."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saharaclient.api import versions
from saharaclient.project import Plan, Project, desired, difference, order
from saharaclient.project.cloud import Cloud, Found
from tests.projects import ENVIRONMENT, PLUGIN, projects

few = settings(max_examples=30)
NEIGHBOURS = {
    "flavors": {"1": "m1.tiny", "2": "m1.small"},
    "networks": {"n-1": "private"},
    "images": {"i-1": "local-spark"},
}


def empty_cloud(version=versions.V2):
    return Cloud(version, others=dict(NEIGHBOURS), plugins={"fake": ["0.1"]})


def cloud_of(project, but=()):
    """A cloud in which everything stands that a project says, but for some."""
    cloud = empty_cloud()
    for one in wanted(project, cloud):
        if (one.section, one.name) not in but:
            status = {"clusters": {"status": "Active"}, "jobs": {"info": {"status": "SUCCEEDED"}}}.get(one.section, {})
            entry = one.written if one.section == "jobs" else one.fields
            info = {**entry, **status}
            cloud.found.setdefault(one.section, {})[one.name] = [
                Found(one.section, one.name, f"id of {one.name}", info, entry)
            ]
    return cloud


def wanted(project, cloud):
    return desired.entries(project, ENVIRONMENT, (), cloud)


def decide(project, cloud, contents=()):
    return difference.actions(wanted(project, cloud), cloud, dict(contents))


@few
@given(projects)
def test_nothing_is_to_be_done_where_everything_stands(project):
    actions, equal, refused = decide(project, cloud_of(project))
    assert (actions, refused) == ([], [])
    assert len(equal) == sum(1 for _ in project.entries())


@few
@given(projects)
def test_in_an_empty_cloud_everything_is_made_after_what_it_names(project):
    cloud = empty_cloud()
    actions, equal, _ = decide(project, cloud)
    assert equal == []
    place = {action.key: number for number, action in enumerate(actions)}
    for key, needed in order.needs(wanted(project, cloud)).items():
        assert all(place[other] < place[key] for other in needed)
    assert {action.do for action in actions} <= {"create"}


@few
@given(projects, st.data())
def test_what_is_missing_is_made_and_the_rest_left_alone(project, data):
    keys = [(section, name) for section, name, _ in project.entries()]
    gone = set(data.draw(st.lists(st.sampled_from(keys), unique=True))) if keys else set()
    actions, _, _ = decide(project, cloud_of(project, gone))
    assert {action.key for action in actions} == gone


@few
@given(projects)
def test_a_destruction_takes_what_names_others_first(project):
    cloud = cloud_of(project)
    actions, refused = difference.deletions(wanted(project, cloud), cloud)
    assert refused == []
    place = {action.key: number for number, action in enumerate(actions)}
    for key, needed in order.needs(wanted(project, cloud)).items():
        assert all(place[other] > place[key] for other in needed)


@few
@given(projects)
def test_a_plan_is_kept_whole_and_nothing_from_outside_is_in_it(project):
    actions, equal, _ = decide(project, empty_cloud())
    plan = Plan(actions=actions, equal=equal, sections=project.sections)
    text = plan.to_json()
    assert msgspec.to_builtins(Plan.from_json(text)) == msgspec.to_builtins(plan)
    assert ENVIRONMENT["PASSWORD"] not in text


CLUSTER = """
clusters:
  c:
    plugin_name: fake
    plugin_version: "0.1"
    description: before
    node_groups:
      w: {count: 1, flavor: m1.tiny, node_processes: [datanode]}
"""
# what the file changes → what is done, and the fields
CHANGES = {
    ("description: before", "description: after"): ("update", ["description"]),
    ("count: 1", "count: 3"): ("scale", ["node_groups.w.count"]),
    ("m1.tiny", "m1.small"): ("replace", ["node_groups.w.flavor"]),
    ("    node_groups:\n", "    node_groups:\n      x: {count: 1, flavor: m1.tiny, node_processes: [datanode]}\n"): (
        "scale",
        ["node_groups.x"],
    ),
    ("      w:", "      v:"): ("replace", ["node_groups.v", "node_groups.w"]),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[1].strip()[:24])
def test_what_a_change_of_a_cluster_takes(change):
    cloud = cloud_of(Project.parse(CLUSTER))
    ((action,), _, _) = decide(Project.parse(CLUSTER.replace(*change)), cloud)
    assert (action.do, [changed.field for changed in action.changes]) == CHANGES[change]


def test_what_stands_on_a_replaced_one_is_replaced_too():
    text = """
node_group_templates:
  n: {plugin_name: fake, plugin_version: "0.1", flavor: m1.tiny, node_processes: [datanode]}
cluster_templates:
  t: {plugin_name: fake, plugin_version: "0.1", node_groups: {w: {template: n, count: 1}}}
clusters:
  c: {template: t}
"""
    cloud = cloud_of(Project.parse(text))
    actions, _, refused = decide(Project.parse(text.replace("m1.tiny", "m1.small")), cloud)
    assert [(action.do, action.name) for action in actions] == [("replace", "n"), ("replace", "t"), ("replace", "c")]
    assert refused == []
    without = text.partition("clusters:\n  c")[0].replace("m1.tiny", "m1.small")
    _, _, refused = decide(Project.parse(without), cloud)
    assert "the cluster c, which the file does not name" in refused[0][1]


WRONG = {
    "cluster_templates: {t: {PLUGIN, node_groups: {w: {template: nn, count: 1}}}}": "no node group template 'nn'",
    "clusters: {c: {template: t}}": "there is no cluster template 't', neither in the file nor in the cloud",
    "node_group_templates: {n: {PLUGIN, flavor: m1.tny, node_processes: [a]}}": "did you mean 'm1.tiny'? --map flavor",
    "job_templates: {j: {type: Shell, mains: [b]}}": "no job binary 'b'",
    "job_binaries: {b: {file: not-there, credentials: {user: u, password: p}}}": "no file 'not-there' beside",
    "job_binaries: {b: {description: x}}": "either file or url must be given",
    "job_binaries: {b: {url: 'swift://a/b'}}": "credentials with user and password must be given",
    "node_group_templates: {n: {plugin_name: spurk, plugin_version: '1', flavor: m1.tiny, node_processes: [a]}}": (
        "what needs the plugin spurk can't run here"
    ),
    "node_group_templates: {n: {plugin_name: fake, plugin_version: '9', flavor: m1.tiny, node_processes: [a]}}": (
        "the plugin fake has no version 9: there are 0.1"
    ),
    "clusters: {c: {description: x}}": "a template, or plugin_name and plugin_version and node_groups must be given",
    "images: {none: {username: a}}": "no image 'none' in the cloud; --map image:none=OTHER",
    "node_group_templates: {n: {PLUGIN, flavor: m1.tiny, node_processes: [a], volumes_size: 3}}": (
        "volumes_size counts only where volumes_per_node is above 0"
    ),
    "clusters: {c: {PLUGIN, node_groups: {w: {count: 1}}}}": "w: a template, or flavor and node_processes",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:40])
def test_what_cannot_be_is_told_with_its_line(text):
    plugin = ", ".join(f"{name}: '{value}'" for name, value in PLUGIN.items())
    project = Project.parse(text.replace("PLUGIN", plugin))
    cloud = empty_cloud()
    problems = desired.check(project, wanted(project, cloud), cloud, {})
    assert any(WRONG[text] in problem.message and problem.line == 1 for problem in problems), problems


def test_names_that_several_have_are_told():
    cloud = cloud_of(Project.parse("data_sources: {a: {type: hdfs, url: 'hdfs://a/b'}}"))
    cloud.found["data_sources"]["a"] *= 2
    project = Project.parse("data_sources: {a: {type: hdfs, url: 'hdfs://a/b'}}")
    (problem,) = desired.check(project, wanted(project, cloud), cloud, {})
    assert "several data sources of the cloud are called 'a'" in problem.message


def test_values_that_are_not_set_are_told_all_at_once():
    text = "data_sources:\n  a: {type: swift, url: '${env:URL}', credentials: {user: '${env:U}', password: x}}"
    assert [problem.message for problem in desired.unset(Project.parse(text), {})] == [
        "url: the environment has no URL: set it",
        "credentials.user: the environment has no U: set it",
    ]


def test_of_a_value_that_is_not_set_nothing_else_is_told():
    given = "plugin_name: fake, plugin_version: '${env:VERSION}', flavor: '${env:FLAVOR}', node_processes: [x]"
    text = f"node_group_templates: {{n: {{{given}}}}}"
    project, cloud = Project.parse(text), empty_cloud()
    assert desired.check(project, wanted(project, cloud), cloud, {}) == []
    text = text.replace("${env:FLAVOR}", "nothing")
    assert len(desired.check(Project.parse(text), wanted(Project.parse(text), cloud), cloud, {})) == 1


def test_a_secret_is_not_shown_and_what_servers_hide_is_no_difference():
    plugin = "plugin_name: fake, plugin_version: '0.1'"
    text = f"cluster_templates: {{t: {{{plugin}, cluster_configs: {{a: {{'db password': VALUE}}}}}}}}"
    cloud = cloud_of(Project.parse(text.replace("VALUE", "'***'")))
    assert decide(Project.parse(text.replace("VALUE", "'${env:PASSWORD}'")), cloud)[0] == []
    ((action,), _, _) = decide(Project.parse(text.replace("VALUE", "other")), cloud)
    assert "***" not in str(action.changes[0].before)
