"""The options that no life cycle needs, each used once: what is asked for is what is there afterwards."""

from __future__ import annotations

import json
from typing import Any

PLUGIN = ["--plugin", "fake", "--plugin-version", "0.1"]


def test_node_group_templates(openstack: Any, prefix: str) -> None:
    (openstack.directory / "configs.json").write_text("{}")
    options = ["--auto-security-group", "--autoconfig", "--proxy-gateway", "--public", "--protected"]
    zones = ["--availability-zone", "nova", "--description", "d", "--configs", "configs.json"]
    if openstack.version == "2":
        options += ["--boot-from-volume", "--boot-volume-local-to-instance"]
    create = ["--name", prefix, *PLUGIN, "--processes", "datanode", "--flavor", "m1.tiny", *zones, *options]
    made = openstack("node", "group", "template", "create", *create, "-f", "json").json
    on = ("Auto security group", "Use autoconfig", "Is proxy gateway", "Is public", "Is protected")
    assert [made[name] for name in on] == [True] * 5
    assert made.get("Boot volume local to instance", True) is True
    off = ["--auto-security-group-disable", "--autoconfig-disable", "--proxy-gateway-disable", "--private"]
    if openstack.version == "2":
        off += ["--boot-from-volume-disable", "--boot-volume-local-to-instance-disable"]
    openstack("node", "group", "template", "update", prefix, "--unprotected")
    changes = ["--name", f"{prefix}-n", "--processes", "tasktracker", "--availability-zone", "nova", *off]
    changed = openstack("node", "group", "template", "update", prefix, *changes, "-f", "json").json
    assert [changed[name] for name in on] == [False] * 5
    assert (changed["Node processes"], changed["Availability zone"]) == ("tasktracker", "nova")
    table = openstack("node", "group", "template", "show", f"{prefix}-n").stdout
    assert f"| Name                | {prefix}-n" in table
    (openstack.directory / "update.json").write_text(json.dumps({"description": "from a file"}))
    changed = openstack(
        "node", "group", "template", "update", f"{prefix}-n", "--json", "update.json", "-f", "json"
    ).json
    assert changed["Description"] == "from a file"
    assert openstack("node", "group", "template", "delete", f"{prefix}-n").exit == 0


def test_cluster_templates(openstack: Any, prefix: str) -> None:
    made = openstack("node", "group", "template", "create", "--name", prefix, *PLUGIN, "--processes", "namenode", "--flavor", "1")  # fmt: skip # noqa: E501
    assert made.exit == 0, made
    options = [
        "--anti-affinity",
        "datanode",
        "--autoconfig",
        "--public",
        "--protected",
        "--domain-name",
        "example.org.",
    ]
    groups = ["--node-groups", f"{prefix}:2"]
    made = openstack("cluster", "template", "create", "--name", f"{prefix}-t", *groups, *options, "-f", "json").json
    assert (made["Node groups"], made["Anti affinity"], made["Domain name"]) == (
        f"{prefix}:2",
        "datanode",
        "example.org.",
    )
    assert made["Use autoconfig"] is made["Is public"] is made["Is protected"] is True
    openstack("cluster", "template", "update", f"{prefix}-t", "--unprotected")
    changes = ["--autoconfig-disable", "--private", "--node-groups", f"{prefix}:3", "--name", f"{prefix}-u"]
    changed = openstack("cluster", "template", "update", f"{prefix}-t", *changes, "-f", "json").json
    assert (changed["Node groups"], changed["Use autoconfig"], changed["Is public"]) == (f"{prefix}:3", False, False)
    listed = openstack("cluster", "template", "list", "--name", prefix, *PLUGIN, "--long", "-f", "value").stdout
    assert listed.startswith(f"{prefix}-u ")
    assert openstack("cluster", "template", "delete", f"{prefix}-u").exit == 0
    assert openstack("node", "group", "template", "delete", prefix).exit == 0


def test_data_sources(openstack: Any, prefix: str) -> None:
    keys = ["--access-key", "a", "--secret-key", "s", "--s3-endpoint", "https://s3.test"]
    switches = ["--enable-s3-ssl", "--disable-s3-bucket-in-path", "--public", "--protected", "--description", "d"]
    source = [prefix, "--type", "s3", "--url", "s3://bucket/key", *keys, *switches]
    made = openstack("data", "source", "create", *source, "-f", "json").json
    assert (made["Type"], made["Is public"], made["Is protected"]) == ("s3", True, True)
    openstack("data", "source", "update", prefix, "--unprotected")
    changes = ["--name", f"{prefix}-n", "--type", "hdfs", "--url", "hdfs://x/y", "--private"]
    changed = openstack("data", "source", "update", prefix, *changes, "-f", "json").json
    assert (changed["Name"], changed["Url"], changed["Is public"]) == (f"{prefix}-n", "hdfs://x/y", False)
    assert openstack("data", "source", "delete", f"{prefix}-n").exit == 0


def test_job_binaries_and_templates(openstack: Any, prefix: str) -> None:
    swift = ["--url", "swift://c.sahara/x", "--username", "u", "--password", "p", "--description", "d", "--public"]
    assert openstack("job", "binary", "create", "--name", prefix, *swift).exit == 0
    changed = openstack("job", "binary", "update", prefix, "--private", "--name", f"{prefix}-n", "-f", "json").json
    assert (changed["Name"], changed["Is public"]) == (f"{prefix}-n", False)
    interface = [{"name": "n", "mapping_type": "args", "location": "0", "required": True, "value_type": "string"}]
    (openstack.directory / "interface.json").write_text(json.dumps(interface))
    parts = ["--libs", f"{prefix}-n", "--interface", "interface.json", "--public", "--protected"]
    made = openstack("job", "template", "create", "--name", prefix, "--type", "Java", *parts, "-f", "json").json
    assert made["Libs"].startswith(f"{prefix}-n:")
    openstack("job", "template", "update", prefix, "--unprotected", "--private")
    assert openstack("job", "template", "show", prefix, "-f", "json").json["Is public"] is False
    assert openstack("job", "template", "delete", prefix).exit == 0
    assert openstack("job", "binary", "delete", f"{prefix}-n").exit == 0
