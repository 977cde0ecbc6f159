"""A project as code on a real Sahara: written down, made, changed, scaled, deleted, and made again as it was."""

from pathlib import Path

import pytest

from saharaclient import project
from saharaclient.api import base
from saharaclient.local import LocalSahara
from tests.services import NETWORK

MINUTES = 180.0  # seconds that a cluster may take here; the machine may be busy
ENVIRONMENT = {"SWIFT_USERNAME": "demo", "SWIFT_PASSWORD": "demo"}
TEXT = """
images:
  centos-vanilla: {username: root, description: of a project, tags: ["0.1", fake]}
data_sources:
  TAG-in:
    type: swift
    url: swift://demo.sahara/in.txt
    credentials: {user: "${env:SWIFT_USERNAME}", password: "${env:SWIFT_PASSWORD}"}
  TAG-out: {type: hdfs, url: "hdfs://demo/out", description: "of $${env:SWIFT_USERNAME}"}
job_binaries:
  TAG-script: BINARY
  TAG-lib:
    url: swift://demo.sahara/lib.jar
    description: a library
    credentials: {user: "${env:SWIFT_USERNAME}", password: "${env:SWIFT_PASSWORD}"}
node_group_templates:
  TAG-m:
    flavor: m1.tiny
    node_processes: [namenode, jobtracker]
    plugin_name: fake
    plugin_version: '0.1'
  TAG-w:
    flavor: m1.tiny
    node_processes: [datanode, tasktracker]
    plugin_name: fake
    plugin_version: '0.1'
    description: workers
cluster_templates:
  TAG-t:
    plugin_name: fake
    plugin_version: '0.1'
    description: of a project
    anti_affinity: [datanode]
    network: private
    node_groups:
      m: {count: 1, template: TAG-m}
      w: {count: 1, template: TAG-w}
      own: {count: 1, flavor: m1.tiny, node_processes: [tasktracker]}
clusters:
  TAG-c: {template: TAG-t, image: centos-vanilla}
job_templates:
  TAG-run:
    type: Shell
    mains: [TAG-script]
    description: says hello
    interface:
      - {name: whom, location: "0", mapping_type: args, default: you}
jobs:
  TAG-once: {template: TAG-run, cluster: TAG-c, args: [a], params: {WHO: me}, interface: {whom: them}}
"""


@pytest.fixture(scope="module")
def tag(version):
    return f"p{version.replace('.', '')}"


@pytest.fixture(scope="module")
def wanted(tag, version, tmp_path_factory):
    """The project, read from its file."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "hello.sh").write_text("echo hello\n")
    swift = "{url: swift://demo.sahara/script.sh, credentials: {user: demo, password: '${env:SWIFT_PASSWORD}'}}"
    binary = "{file: hello.sh}" if version == "1.1" else swift
    (folder / "project.yaml").write_text(TEXT.replace("BINARY", binary).replace("TAG", tag))
    return project.Project.read(folder / "project.yaml")


def plan_and_apply(sahara, wanted, **options):
    made = project.plan(sahara, wanted, environment=ENVIRONMENT)
    project.apply(sahara, made, environment=ENVIRONMENT, timeout=MINUTES, **options)
    return made


def everything(sahara, tag):
    """What an export of all that the project is made of says."""
    wanted = [("jobs", "once"), ("job_binaries", "lib"), ("data_sources", "in"), ("data_sources", "out")]
    return project.export(sahara, [(section, f"{tag}-{name}") for section, name in wanted])


@pytest.fixture(scope="module")
def applied(sahara, wanted):
    """The project stands in the cloud; destroyed at the end."""
    made = plan_and_apply(sahara, wanted)
    assert {action.do for action in made.actions} <= {"create", "wait"}
    yield wanted
    project.apply(sahara, project.plan_destroy(sahara, wanted), timeout=MINUTES)
    left = project.plan(sahara, wanted, environment=ENVIRONMENT)
    assert {action.do for action in left.actions} == {"create"}


def test_nothing_is_left_to_do_and_nothing_drifts(sahara, applied):
    again = project.plan(sahara, applied, environment=ENVIRONMENT)
    assert again.actions == []
    assert len(again.equal) == 11


def test_the_export_says_what_was_applied_and_no_secret(sahara, applied, tag, tmp_path):
    exported = everything(sahara, tag)
    assert exported.lost == []
    assert "demo" not in [*exported.variables] and sorted(exported.variables) == sorted(ENVIRONMENT)
    sections = exported.project.sections
    assert sections.clusters == applied.sections.clusters
    assert sections.jobs == applied.sections.jobs
    assert sections.job_templates == applied.sections.job_templates
    assert sections.data_sources == applied.sections.data_sources
    assert sections.node_group_templates == applied.sections.node_group_templates
    assert sections.cluster_templates == applied.sections.cluster_templates
    written = project.Project.read(exported.write(tmp_path))
    assert project.plan(sahara, written, environment=ENVIRONMENT).actions == []
    assert everything(sahara, tag).text() == exported.text()


def test_what_was_exported_comes_home(sahara, applied, tag, version, tmp_path):
    """To the embedded service, where an image has another name: made as it was, its job run."""
    path = everything(sahara, tag).write(tmp_path)
    with LocalSahara(fake_delay=0.02) as home, home.client(version) as client:
        read = project.Project.read(path)
        with pytest.raises(project.ProjectError, match="--map image:centos-vanilla=OTHER"):
            project.plan(client, read, environment=ENVIRONMENT)
        options = {"maps": [("images", "centos-vanilla", "local-spark")], "environment": ENVIRONMENT}
        project.apply(client, project.plan(client, read, **options), environment=ENVIRONMENT)
        assert project.plan(client, read, **options).actions == []
        there = project.export(client).project.sections
        assert there.job_templates == applied.sections.job_templates
        assert there.data_sources == applied.sections.data_sources
        assert there.jobs == applied.sections.jobs


def test_export_destroy_apply_export_is_the_same_text(sahara, applied, tag, tmp_path):
    before = everything(sahara, tag)
    path = before.write(tmp_path / "before")
    project.apply(sahara, project.plan_destroy(sahara, applied), timeout=MINUTES)
    plan_and_apply(sahara, project.Project.read(path))
    after = everything(sahara, tag)
    assert after.text() == before.text()
    assert after.files == before.files


def test_a_cluster_is_scaled_and_described_in_place(sahara, applied, tag):
    more = f"{tag}-c: {{description: larger, node_groups: {{w: {{count: 2}}}}, "
    text = Path(applied.origin.file).read_text().replace(f"{tag}-c: {{", more)
    other = project.Project.parse(text, applied.base)
    made = plan_and_apply(sahara, other)
    assert [(action.do, action.name) for action in made.actions] == [("scale", f"{tag}-c")]
    groups = sahara.clusters.find_unique(name=f"{tag}-c").node_groups
    assert {group["name"]: group["count"] for group in groups} == {"m": 1, "w": 2, "own": 1}
    assert project.plan(sahara, other, environment=ENVIRONMENT).actions == []


def test_names_are_unique_in_a_project(sahara, applied, tag, version):
    """The identity that a project file relies on."""
    field = {"hadoop_version" if version == "1.1" else "plugin_version": "0.1"}
    with pytest.raises(base.NameAlreadyExists):
        sahara.data_sources.create(f"{tag}-out", "", "hdfs", "hdfs://other/out")
    with pytest.raises(base.NameAlreadyExists):
        sahara.node_group_templates.create(f"{tag}-m", "fake", flavor_id="1", node_processes=["namenode"], **field)
    with pytest.raises(base.NameAlreadyExists):
        sahara.cluster_templates.create(f"{tag}-t", "fake", net_id=NETWORK, **field)
    with pytest.raises(base.NameAlreadyExists):
        sahara.job_binaries.create(f"{tag}-lib", "swift://a.sahara/b", extra={"user": "u", "password": "p"})
    templates = sahara.jobs if version == "1.1" else sahara.job_templates
    with pytest.raises(base.NameAlreadyExists):
        templates.create(f"{tag}-run", "MapReduce.Streaming")
