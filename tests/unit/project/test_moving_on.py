"""Leaving Sahara: scripts and manifests say what the jobs were, and what could not be carried over."""

import os
import subprocess

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from kubeflow_spark_api.models import SparkV1beta2SparkApplication

from saharaclient.project import Project, ProjectError, moved, scenario

TEXT = """
job_binaries:
  count.py: {file: binaries/count.py}
  lib.jar: {url: "swift://a/lib.jar", credentials: {user: u, password: p}}
  hello.sh: {file: hello.sh}
data_sources:
  in: {type: hdfs, url: "hdfs://a/in"}
job_templates:
  Count_words: {type: Spark, mains: [count.py], libs: [lib.jar]}
  hello: {type: Shell, mains: [hello.sh]}
  pig: {type: Pig, mains: [count.py]}
jobs:
  once:
    template: Count_words
    cluster: c
    args: ["datasource://in", "it's ${env:WHOSE}", "a b"]
    configs: {edp.java.main_class: x, spark.executor.memory: 2g, fs.s3a.endpoint: e, edp.spark.adapt_for_swift: true}
  greet: {template: hello, cluster: c, args: ["${env:WHOSE} $HOME", "*"], params: {GREETING: "a; b"}}
clusters:
  c:
    plugin_name: spark
    plugin_version: "3.5"
    node_groups: {w: {count: 3, flavor: f, node_processes: [slave]}}
"""


def test_the_script_has_the_command_and_what_was_lost():
    files = moved(Project.parse(TEXT), "spark-submit")
    script = files["Count_words.sh"].decode()
    for part in (
        "--jars swift://a/lib.jar",
        "--conf spark.executor.memory=2g",
        "--conf spark.hadoop.fs.s3a.endpoint=e",
        "# not carried over: edp.spark.adapt_for_swift",
        "# not carried over: swift://a/lib.jar is fetched with Sahara's own credentials",
        ': "${WHOSE:?must be set}"',
        "binaries/count.py hdfs://a/in",
    ):
        assert part in script
    assert "jobs of the type Pig" in files["pig.sh"].decode()


def test_a_shell_is_given_the_same_words(tmp_path):
    """Whatever is in them: quotes, spaces, stars and dollars mean nothing to the shell."""
    (tmp_path / "print.sh").write_text('printf "%s|" "$GREETING" "$@"\n')
    for name, data in moved(Project.parse(TEXT.replace("file: hello.sh", "file: print.sh")), "spark-submit").items():
        (tmp_path / name).write_bytes(data)
        subprocess.run(["bash", "-n", tmp_path / name], check=True)
    environment = {"PATH": os.environ["PATH"], "WHOSE": "`theirs`"}
    done = subprocess.run(
        ["bash", tmp_path / "hello.sh"], env=environment, capture_output=True, text=True, cwd="/", check=True
    )
    assert done.stdout == "a; b|`theirs` $HOME|*|"


def test_the_manifest_is_what_the_operator_takes():
    """Its own models read it and lose nothing of it."""
    manifest = moved(Project.parse(TEXT), "sparkapplication")["Count_words.yaml"].decode()
    document = yaml.safe_load(manifest)
    read = SparkV1beta2SparkApplication.model_validate(document)
    assert read.model_dump(by_alias=True, exclude_none=True) == document
    assert document["spec"]["executor"] == {"cores": 1, "memory": "2g", "instances": 3}
    assert document["spec"]["hadoopConf"] == {"fs.s3a.endpoint": "e"}
    lines = manifest.splitlines()
    lost = lines.index(
        next(line for line in lines if line.startswith("  # not carried over: the file binaries/count.py"))
    )
    assert lines[lost + 1].startswith("  mainApplicationFile: local:///")


words = st.text(min_size=1, max_size=8)
known = ["spark.driver.cores", "spark.executor.cores", "spark.executor.memory", "fs.s3a.endpoint"]
values = st.integers() | st.booleans() | st.floats(allow_nan=False) | words
said = {
    "configs": st.dictionaries(st.sampled_from(known) | words, values, max_size=4),
    "params": st.dictionaries(words, values, max_size=2),
    "args": st.lists(words, max_size=2),
}


@settings(max_examples=60)
@given(st.fixed_dictionaries(said), words)
def test_whatever_a_job_says_its_manifest_and_its_script_are_well_formed(fields, version):
    """Words of a job stay words: they end no comment, and become no command."""
    project = Project.parse(TEXT)
    once = project.sections.jobs["once"]
    for name, value in fields.items():
        setattr(once, name, value)
    project.sections.clusters["c"].plugin_version = version
    document = yaml.safe_load(moved(project, "sparkapplication")["Count_words.yaml"])
    read = SparkV1beta2SparkApplication.model_validate(document)
    assert read.model_dump(by_alias=True, exclude_none=True) == document
    assert min(document["spec"][role]["cores"] for role in ("driver", "executor")) > 0
    starts = ("#", "set -euo", "cd ", ': "${', "export ", "exec spark-submit", "    ")
    script = moved(project, "spark-submit")["Count_words.sh"].decode().split("exec spark-submit")[0]
    quoted = "".join(map(str, fields["params"].values())).count("\n")  # lines within quotes
    others = [line for line in script.split("\n") if line and not line.startswith(starts)]
    assert len(others) <= quoted


def test_there_is_no_other_way():
    with pytest.raises(ValueError, match="should be one of spark-submit, sparkapplication"):
        moved(Project.parse(TEXT), "hadoop")


SCENARIO = """<%page args="ci_flavor_id='m1.small'"/>
clusters:
  - plugin_name: fake
    plugin_version: "0.1"
    image: ${fake_plugin_image}
    node_group_templates:
      - {name: worker, flavor: "${ci_flavor_id}", node_processes: [datanode], volumes_per_node: 0, volumes_size: 1}
    cluster_template: {node_group_templates: {worker: 2}}
    scaling: [{operation: add, node_group: worker, size: 1}]
    timeout_delete_resource: 9
    edp_jobs_flow: [flow, {name: other, features: [x]}]
network: {private_network: private, public_network: outside}
credentials: {os_username: x}
concurrency: 1
edp_jobs_flow:
  idle: [{type: Pig}]
  flow:
    - type: Spark
      main_lib: {type: database, source: a/main.py}
      input_datasource: {type: swift, source: a/input}
      args: ['{input_datasource}', 10]
"""


def test_a_scenario_is_read_and_what_it_loses_is_listed(tmp_path):
    path = tmp_path / "fake.yaml.mako"
    path.write_text(SCENARIO)
    made = scenario.read([path])
    sections = made.project.sections
    assert list(sections.clusters) == ["fake-0-1"]
    assert sections.clusters["fake-0-1"].network == "private"
    assert sections.node_group_templates["worker"].flavor == "m1.small"
    assert sections.jobs["fake-0-1-flow"].args == ["datasource://fake-0-1-flow-input", "10"]
    assert sections.node_group_templates["worker"].floating_ip_pool == "outside"
    for reason in (
        "scaling says",
        "--map image:fake_plugin_image=NAME",
        "the flow of jobs other is in none",
        "no cluster of the files runs the flow of jobs idle",
        "timeout_delete_resource is left out",
        "credentials are those of your login",
        "concurrency says",
    ):
        assert any(reason in lost for lost in made.lost), reason
    assert Project.parse(made.text()) == made.project


def test_a_scenario_without_clusters_is_a_project_without_anything(tmp_path):
    path = tmp_path / "edp.yaml"
    path.write_text("edp_jobs_flow: {idle: [{type: Pig}]}")
    text = scenario.read([path]).text()
    assert yaml.safe_load(text) == {}
    assert Project.parse(text) == Project.parse("")


def test_a_project_file_is_no_scenario(tmp_path):
    path = tmp_path / "project.yaml"
    path.write_text(TEXT)
    with pytest.raises(ProjectError, match="is no scenario: it should have a list of clusters"):
        scenario.read([path])


def test_code_of_a_template_is_not_run(tmp_path):
    path = tmp_path / "bad.yaml.mako"
    path.write_text("clusters: []\n<% import os %>\n")
    with pytest.raises(ProjectError, match=r"bad\.yaml\.mako:2:1: has code of Mako"):
        scenario.read([path])
