"""A project as code, at the command line: planned, kept, applied, written down and destroyed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack

TEXT = """
node_group_templates:
  TAG-n: {plugin_name: fake, plugin_version: "0.1", flavor: big, node_processes: [PROCESS]}
job_binaries:
  TAG-b:
    file: b.sh
    description: TEXT
    credentials: {user: "${env:OS_USERNAME}", password: "${env:OS_PASSWORD}"}
job_templates:
  TAG-t: {type: Shell, mains: [TAG-b]}
"""
SCENARIO = """
clusters:
  - plugin_name: fake
    plugin_version: "0.1"
    image: ubuntu-spark
    node_group_templates: [{name: worker, flavor: m1.small, node_processes: [datanode]}]
    cluster_template: {node_group_templates: {worker: 2}}
network: {private_network: private}
"""


def write(openstack: OpenStack, prefix: str, process: str = "datanode", text: str = "first") -> None:
    document = TEXT.replace("TAG", prefix).replace("PROCESS", process).replace("TEXT", text)
    (openstack.directory / "project.yaml").write_text(document, "utf-8")
    (openstack.directory / "b.sh").write_text("echo b\n", "utf-8")


def test_from_a_file_to_the_cloud_and_back(openstack: OpenStack, prefix: str) -> None:
    mapped = "--map flavor:big=m1.tiny"
    write(openstack, prefix)
    checked = openstack("plan", "project.yaml", "--check", *mapped.split())
    assert (checked.exit, f"+ create node group template {prefix}-n" in checked.stdout) == (5, True), checked
    openstack.do(f"plan project.yaml {mapped} --output kept.json --format json")
    openstack.do("apply kept.json --yes --timeout 100")
    openstack.do(f"plan project.yaml --check {mapped}")
    write(openstack, prefix, process="tasktracker", text="second")
    openstack.do(f"apply project.yaml --yes --replace {mapped}")
    shown = openstack.show(f"node group template show {prefix}-n")
    assert shown["Node processes"] == "tasktracker"
    exported = openstack.do(f"export job-template {prefix}-t --output written --fetch --last-runs")
    assert "Written: " in exported.stderr
    text = openstack.do(f"export job-template {prefix}-t").stdout
    assert text == (openstack.directory / "written" / "project.yaml").read_text("utf-8")
    openstack.do(f"export job-template {prefix}-t --to spark-submit --output moved")
    assert [*(openstack.directory / "moved").rglob("*")]
    openstack.do(f"destroy project.yaml --yes --timeout 100 {mapped}")
    assert openstack.show(f"node group template list --name {prefix}") == []


def test_from_a_scenario(openstack: OpenStack) -> None:
    (openstack.directory / "fake.yaml").write_text(SCENARIO, "utf-8")
    nobody = {name: value for name, value in openstack.environment.items() if not name.startswith("OS_")}
    text = replace(openstack, environment=nobody).do("export --from-scenario fake.yaml").stdout
    assert "fake-0-1" in text
    (openstack.directory / "project.yaml").write_text(text, "utf-8")
    assert "+ create cluster fake-0-1" in openstack.do("plan project.yaml").stdout
