"""Commands with all their options at once: what was asked for is what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.services import IMAGE, NETWORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.launch import OpenStack

PLUGIN = "--plugin fake --plugin-version 0.1"
BINARY = {"name": "b", "url": "swift://c.sahara/b.jar", "extra": {"user": "u", "password": "p"}}
SHARES: list[str] = []  # there is no shared file system that could be mounted


def check_list(openstack: OpenStack, kind: str, names: list[str], filters: str = "", field: str = "name") -> None:
    """List two of a kind, whose `field`s are `names`, in every way; `filters` leave nothing but them."""
    first, second = sorted(names)
    head = "Id" if field == "id" else "Name"
    listed = f"{kind} list {filters}"
    rows = openstack.show(f"{listed} --sort-by {field}")
    assert [row[head] for row in rows] == [first, second]
    assert [row[head] for row in openstack.show(f"{listed} --sort-by {field}:desc --limit 1")] == [second]
    marker = rows[0].get("Id", first)
    assert [row[head] for row in openstack.show(f"{listed} --sort-by {field} --marker {marker}")] == [second]
    table = openstack.do(f"{listed} --property {field}={second}").stdout
    assert second in table
    assert first not in table


def check_long(openstack: OpenStack, kind: str, *headings: str) -> None:
    short, long = (openstack.do(f"{kind} list {more} -f csv").stdout.splitlines()[0] for more in ("", "--long"))
    added = [name for name in long.replace('"', "").split(",") if f'"{name}"' not in short]
    assert added == list(headings)


def test_plugins_and_job_types(openstack: OpenStack) -> None:
    check_list(openstack, "plugin", ["fake", "spark"])
    check_long(openstack, "plugin", "Title", "Description")
    assert openstack.show("plugin show fake")["Versions"] == "0.1"
    assert "| Service:" in openstack.do("plugin show fake --plugin-version 0.1").stdout
    openstack.do("plugin configs get fake 0.1")
    openstack.do("plugin configs get fake 0.1 --file configs.json")
    assert json.loads((openstack.directory / "fake-0.1").read_text()) == json.loads(
        (openstack.directory / "configs.json").read_text()
    )
    for state in False, True:
        openstack.write("labels.json", {"plugin_labels": {"enabled": {"status": state}}})
        assert openstack.show("plugin update fake labels.json")["Plugin: enabled"] is state
        labels = {"version_labels": {"0.1": {"enabled": {"status": state}}}}
        openstack.write("labels.json", labels)
        assert f"enabled | {state}" in " ".join(openstack.do("plugin update fake labels.json").stdout.split())
    types = [row["Name"] for row in openstack.show(f"job type list {PLUGIN} --sort-by name")]
    assert types == sorted(types)
    assert [row["Name"] for row in openstack.show("job type list --sort-by name:desc --limit 1")] == types[-1:]
    assert [row["Name"] for row in openstack.show(f"job type list --sort-by name --marker {types[-2]}")] == types[-1:]
    assert [row["Name"] for row in openstack.show("job type list --type Pig --plugin fake")] == ["Pig"]
    assert "Pig" in openstack.do("job type list --property name=Pig").stdout
    openstack.do("job type configs get Pig")
    openstack.do("job type configs get Pig --file hints.json")
    assert (openstack.directory / "hints.json").read_text() == (openstack.directory / "Pig").read_text()


def test_images(openstack: OpenStack, prefix: str) -> None:
    other = "centos-vanilla"
    made = openstack.show(f"image register {IMAGE} --username root --description d")
    assert (made["Username"], made["Description"]) == ("root", "d")
    assert "ubuntu" in openstack.do(f"image register {other} --username ubuntu").stdout
    for change, tags in ("set --tags a b", "a, b"), ("add --tags c", "a, b, c"), ("remove --tags a b", "c"):
        verb, _, options = change.partition(" ")
        assert openstack.show(f"image tags {verb} {IMAGE} {options}")["Tags"] == tags
        assert "| Tags " in openstack.do(f"image tags {verb} {other} {options}").stdout
    assert openstack.show(f"image tags remove {other} --all")["Tags"] == ""
    assert [row["Name"] for row in openstack.show("image list --tags c")] == ["ubuntu-spark"]
    assert [row["Name"] for row in openstack.show("image list --name cent.*s --username ubuntu")] == [other]
    check_list(openstack, "image", [other, "ubuntu-spark"], "--name (centos|ubuntu)")
    check_long(openstack, "image", "Status", "Description")
    assert openstack.show(f"image show {other}")["Name"] == other
    assert other in openstack.do(f"image show {other}").stdout
    openstack.do(f"image unregister {IMAGE} {other}")


def test_node_group_templates(openstack: OpenStack, prefix: str) -> None:
    kind = "node group template"
    openstack.do(f"image register {IMAGE} --username root")
    openstack.do(f"image tags set {IMAGE} --tags fake 0.1")
    openstack.write("shares.json", SHARES)
    openstack.write("configs.json", {"general": {"Enable XFS": False}})
    options = (
        "--processes datanode --flavor m1.tiny --description d --availability-zone nova --auto-security-group "
        "--security-groups default --floating-ip-pool public --volumes-per-node 0 --volumes-size 3 --volumes-type fast "
        "--volumes-availability-zone nova --volumes-mount-prefix /mnt --volumes-locality --autoconfig --proxy-gateway "
        "--shares shares.json --configs configs.json --public --protected"
    )
    changes = (
        "--processes tasktracker --flavor m1.small --description e --availability-zone nova --security-groups default "
        "--floating-ip-pool public --volumes-per-node 0 --volumes-size 4 --volumes-type slow "
        "--volumes-availability-zone nova --volumes-mount-prefix /data --shares shares.json --configs configs.json "
    ) + PLUGIN
    switches = ["auto-security-group", "volumes-locality", "autoconfig", "proxy-gateway"]
    if openstack.version == "2":
        boot = " --boot-volume-type fast --boot-volume-availability-zone nova"
        options += f" --boot-from-volume --boot-volume-local-to-instance {boot}"
        changes += boot
        switches += ["boot-from-volume", "boot-volume-local-to-instance"]
    made = openstack.show(f"{kind} create --name {prefix}-a {PLUGIN} {options}")
    assert (made["Flavor id"], made["Security groups"]) == ("1", "default")
    assert made.get("Boot volume type") == ("fast" if openstack.version == "2" else None)
    assert f"| {prefix}-b" in openstack.do(f"{kind} create --name {prefix}-b {PLUGIN} {options}").stdout
    on = " ".join(f"--{switch}-enable" for switch in switches) + " --public"
    off = " ".join(f"--{switch}-disable" for switch in switches) + " --private"
    openstack.do(f"{kind} update {prefix}-a --unprotected")
    openstack.do(f"{kind} update {prefix}-b --unprotected")
    changed = openstack.show(f"{kind} update {prefix}-a --name {prefix}-c {changes} {off}")
    assert (changed["Name"], changed["Flavor id"]) == (f"{prefix}-c", "2")
    names = ["Auto security group", "Use autoconfig", "Is proxy gateway", "Is public"]
    assert [changed[name] for name in names] == [False] * 4
    changed = openstack.show(f"{kind} update {prefix}-c {on}")
    assert [changed[name] for name in names] == [True] * 4
    openstack.write("change.json", {"description": "from a file"})
    assert openstack.show(f"{kind} update {prefix}-c --json change.json")["Description"] == "from a file"
    check_list(openstack, kind, [f"{prefix}-b", f"{prefix}-c"], f"{PLUGIN} --name {prefix}")
    check_long(openstack, kind, "Node processes", "Description")
    exported = json.loads(openstack.do(f"{kind} export {prefix}-b").stdout)
    openstack.do(f"{kind} export {prefix}-b --file exported.json")
    assert exported == json.loads((openstack.directory / "exported.json").read_text())
    assert exported["node_group_template"]["node_processes"] == ["datanode"]
    needed = f"--flavor_id 1 --image_id {IMAGE} --security_groups default --floating_ip_pool {NETWORK}"
    made = openstack.show(f"{kind} import exported.json --name {prefix}-d {needed}")
    assert (made["Security groups"], made["Floating ip pool"]) == ("default", NETWORK)
    openstack.do(f"{kind} import exported.json --name {prefix}-e {needed}")
    version = "hadoop_version" if openstack.version == "1.1" else "plugin_version"
    body = {
        "name": f"{prefix}-f",
        "plugin_name": "fake",
        version: "0.1",
        "flavor_id": "1",
        "node_processes": ["datanode"],
    }
    openstack.write("template.json", body)
    assert openstack.show(f"{kind} create --json template.json")["Name"] == f"{prefix}-f"
    assert openstack.show(f"{kind} show {prefix}-f")["Node processes"] == "datanode"
    assert "datanode" in openstack.do(f"{kind} show {prefix}-f").stdout
    for name in "de":
        openstack.do(f"{kind} update {prefix}-{name} --unprotected")
    openstack.do(f"{kind} update {prefix}-f --protected")
    openstack.do(f"{kind} update {prefix}-f --unprotected")
    openstack.do(f"{kind} delete {prefix}-b {prefix}-c {prefix}-d {prefix}-e {prefix}-f")
    openstack.do(f"image unregister {IMAGE}")


@pytest.fixture
def node_groups(openstack: OpenStack, prefix: str) -> Iterator[str]:
    """The option that gives a template its node groups."""
    openstack.do(f"image register {IMAGE} --username root")
    openstack.do(f"image tags set {IMAGE} --tags fake 0.1")
    for name, process in ("m", "namenode"), ("w", "datanode"):
        create = f"node group template create --name {prefix}-{name} {PLUGIN} --processes {process} --flavor m1.tiny"
        openstack.do(create)
    yield f"--node-groups {prefix}-m:1 {prefix}-w:1"
    openstack.do(f"node group template delete {prefix}-m {prefix}-w")
    openstack.do(f"image unregister {IMAGE}")


def test_cluster_templates(openstack: OpenStack, prefix: str, node_groups: str) -> None:
    kind = "cluster template"
    openstack.write("shares.json", SHARES)
    openstack.write("configs.json", {"general": {"Enable XFS": False}})
    files = "--shares shares.json --configs configs.json"
    options = f"--anti-affinity datanode --description d --domain-name a.org. {node_groups} {files}"
    made = openstack.show(f"{kind} create --name {prefix}-a {options} --autoconfig --public --protected")
    assert (made["Anti affinity"], made["Domain name"], made["Description"]) == ("datanode", "a.org.", "d")
    assert made["Use autoconfig"] is made["Is public"] is made["Is protected"] is True
    assert f"{prefix}-w:1" in openstack.do(f"{kind} create --name {prefix}-b {options}").stdout
    openstack.do(f"{kind} update {prefix}-a --unprotected")
    off, on = "--autoconfig-disable --private", "--autoconfig-enable --public --protected"
    changed = openstack.show(f"{kind} update {prefix}-a --name {prefix}-c {options.replace('-w:1', '-w:3')} {off}")
    assert (changed["Node groups"], changed["Is public"]) == (f"{prefix}-m:1, {prefix}-w:3", False)
    assert openstack.show(f"{kind} update {prefix}-b {on}")["Use autoconfig"] is True
    openstack.do(f"{kind} update {prefix}-b --unprotected --private")
    check_list(openstack, kind, [f"{prefix}-b", f"{prefix}-c"], f"{PLUGIN} --name {prefix}")
    check_long(openstack, kind, "Node groups", "Description")
    assert openstack.show(f"{kind} show {prefix}-b")["Domain name"] == "a.org."
    assert "a.org." in openstack.do(f"{kind} show {prefix}-b").stdout
    exported = openstack.do(f"{kind} export {prefix}-b").stdout
    openstack.do(f"{kind} export {prefix}-b --file exported.json")
    assert (openstack.directory / "exported.json").read_text() == exported
    into = f"{node_groups} --default-image-id {IMAGE}"
    assert openstack.show(f"{kind} import exported.json --name {prefix}-d {into}")["Domain name"] == "a.org."
    openstack.do(f"{kind} import exported.json --name {prefix}-e {into}")
    version = "hadoop_version" if openstack.version == "1.1" else "plugin_version"
    openstack.write("template.json", {"name": f"{prefix}-f", "plugin_name": "fake", version: "0.1"})
    assert openstack.show(f"{kind} create --json template.json")["Node groups"] == ""
    openstack.write("change.json", {"description": "from a file"})
    assert openstack.show(f"{kind} update {prefix}-f --json change.json")["Description"] == "from a file"
    openstack.do(f"{kind} delete " + " ".join(f"{prefix}-{name}" for name in "bcdef"))


def test_clusters(openstack: OpenStack, prefix: str, node_groups: str) -> None:
    template = f"{prefix}-t"
    openstack.do(f"cluster template create --name {template} {node_groups}")
    place = f"--cluster-template {template} --image {IMAGE} --user-keypair demo-key --neutron-network private"
    made = openstack.show(
        f"cluster create --name {prefix} {place} --description d --public --protected --count 2 --wait --timeout 200"
    )
    names = sorted(made)
    assert names == [f"{prefix}-1", f"{prefix}-2"]
    check_list(openstack, "cluster", names, f"{PLUGIN} --name {prefix}")
    check_long(openstack, "cluster", "Description", "Image")
    shown = openstack.show(f"cluster show {names[0]}")
    assert (shown["Status"], shown["User keypair id"], shown["Is public"]) == ("Active", "demo-key", True)
    table = openstack.do(f"cluster show {names[0]} --verification --show-progress --full-dump-events").stdout
    assert "Step completed successfully" in table
    assert "Health check (check of instances accessibility)" in table
    assert [*openstack.directory.glob("event-logs-*")]
    for name in names:
        openstack.do(f"cluster update {name} --unprotected")
    openstack.write("shares.json", SHARES)
    changed = openstack.show(
        f"cluster update {names[0]} --name {prefix}-a --description e --shares shares.json --private"
    )
    assert (changed["Name"], changed["Description"], changed["Is public"]) == (f"{prefix}-a", "e", False)
    openstack.do(f"cluster update {names[1]} --public --protected")
    openstack.do(f"cluster update {names[1]} --unprotected")
    if openstack.version == "2":
        refused = openstack("cluster", "update", "keypair", f"{prefix}-a")
        assert (refused.exit, "they take no key pair" in refused.stderr) == (1, True)
    check = f"cluster verification {prefix}-a"
    assert openstack.show(f"{check} --start --wait --timeout 100")["Verification status"] == "GREEN"
    assert "GREEN" in openstack.do(f"{check} --show").stdout
    scaled = openstack.show(f"cluster scale {prefix}-a --instances {prefix}-w:2 --wait --timeout 100")
    assert scaled["Node groups"] == f"{prefix}-m:1, {prefix}-w:2"
    openstack.write("scaling.json", {"resize_node_groups": [{"name": f"{prefix}-w", "count": 1}]})
    assert f"{prefix}-w:1" in openstack.do(f"cluster scale {prefix}-a --json scaling.json --wait").stdout
    assert "Active" in openstack.do(f"cluster wait {prefix}-a --timeout 100").stdout
    assert openstack.show(f"cluster wait {prefix}-a")["Status"] == "Active"
    assert "Create Heat stack" in openstack.do(f"cluster timeline {prefix}-a").stdout
    openstack.do(f"cluster timeline {prefix}-a --output timeline.svg")
    assert "Create Heat stack" in (openstack.directory / "timeline.svg").read_text()

    version = "hadoop_version" if openstack.version == "1.1" else "plugin_version"
    ids = {"cluster_template_id": openstack.show(f"cluster template show {template}")["Id"], "default_image_id": IMAGE}
    openstack.write(
        "cluster.json", {"name": f"{prefix}-j", "plugin_name": "fake", version: "0.1", "net_id": NETWORK, **ids}
    )
    assert f"{prefix}-j" in openstack.do("cluster create --json cluster.json --wait").stdout
    assert openstack.show(f"cluster create --name {prefix}-k {place} --transient")["Is transient"] is True
    force = "--force" if openstack.version == "2" else ""
    openstack.do(f"cluster delete {prefix}-a {prefix}-j {force} --wait --timeout 100")
    openstack.do(f"cluster delete {names[1]}")
    openstack.do(f"cluster wait {names[1]} --deleted")
    openstack.do(f"cluster delete {prefix}-k --wait")
    openstack.do(f"cluster template delete {template}")


def test_data_sources(openstack: OpenStack, prefix: str) -> None:
    kind = "data source"
    (openstack.directory / "in.txt").write_text("some words\n")
    keys = "--access-key a --secret-key s --s3-endpoint https://s3.test"
    s3 = f"--type s3 --url s3://bucket/key {keys}"
    made = openstack.show(
        f"{kind} create {prefix}-a {s3} --enable-s3-ssl --enable-s3-bucket-in-path --description d --public --protected"
    )
    assert (made["Url"], made["Description"], made["Is protected"]) == ("s3://bucket/key", "d", True)
    assert "s3" in openstack.do(f"{kind} create {prefix}-b {s3} --disable-s3-ssl --disable-s3-bucket-in-path").stdout
    openstack.do(f"{kind} update {prefix}-a --unprotected")
    for state in "enable", "disable":
        openstack.do(f"{kind} update {prefix}-b --{state}-s3-ssl --{state}-s3-bucket-in-path {keys} --url s3://b/k")
    openstack.do(f"{kind} update {prefix}-b --public --protected")
    openstack.do(f"{kind} update {prefix}-b --unprotected")
    swift = "--type swift --url swift://c.sahara/k --username u --password p"
    changed = openstack.show(f"{kind} update {prefix}-a --name {prefix}-c {swift} --description e --private")
    assert (changed["Type"], changed["Url"], changed["Is public"]) == ("swift", "swift://c.sahara/k", False)
    check_list(openstack, kind, [f"{prefix}-b", f"{prefix}-c"])
    check_long(openstack, kind, "Url", "Description", "Is public", "Is protected")
    assert [row["Name"] for row in openstack.show(f"{kind} list --type s3")] == [f"{prefix}-b"]
    stored = f"{kind} create {prefix}-d --data in.txt --container {prefix} --username u --password p"
    made = openstack.show(stored)
    assert made["Url"].startswith(f"swift://{prefix}/{prefix}-d-")
    assert openstack.show(f"{kind} show {prefix}-d") == made
    assert made["Url"] in openstack.do(f"{kind} show {prefix}-d").stdout
    openstack.do(f"{kind} delete {prefix}-b {prefix}-c {prefix}-d")


def test_job_binaries(openstack: OpenStack, prefix: str) -> None:
    kind = "job binary"
    data = bytes(range(256))
    (openstack.directory / "app.jar").write_bytes(data)
    keys = "--access-key a --secret-key s --s3-endpoint https://s3.test"
    swift = "--url swift://c.sahara/k --username u --password p"
    made = openstack.show(f"{kind} create --name {prefix}-a {swift} --description d --public --protected")
    assert (made["Description"], made["Is public"], made["Is protected"]) == ("d", True, True)
    assert "s3://b/k" in openstack.do(f"{kind} create --name {prefix}-b --url s3://b/k {keys}").stdout
    openstack.do(f"{kind} update {prefix}-a --unprotected")
    changed = openstack.show(f"{kind} update {prefix}-a --name {prefix}-c {swift} --description e --private")
    assert (changed["Name"], changed["Description"], changed["Is public"]) == (f"{prefix}-c", "e", False)
    assert "s3://b/l" in openstack.do(f"{kind} update {prefix}-b --url s3://b/l {keys} --public --protected").stdout
    openstack.write("change.json", {"description": "from a file", "is_protected": False})
    assert openstack.show(f"{kind} update {prefix}-b --json change.json")["Description"] == "from a file"
    check_list(openstack, kind, [f"{prefix}-b", f"{prefix}-c"], f"--name {prefix}")
    check_long(openstack, kind, "Description", "Is public", "Is protected")
    openstack.write("binary.json", {**BINARY, "name": f"{prefix}-j"})
    assert openstack.show(f"{kind} create --json binary.json")["Url"] == BINARY["url"]
    made = openstack.show(f"{kind} create --name {prefix}-d --data app.jar --container {prefix}")
    assert made["Url"].startswith(f"swift://{prefix}/{prefix}-d-")
    openstack.do(f"{kind} create --name {prefix}-e --data app.jar")
    assert openstack.show(f"{kind} show {prefix}-d")["Id"] == made["Id"]
    assert made["Url"] in openstack.do(f"{kind} show {prefix}-d").stdout
    openstack.do(f"{kind} download {prefix}-d")
    openstack.do(f"{kind} download {prefix}-e --file back.jar")
    assert (openstack.directory / f"{prefix}-d").read_bytes() == (openstack.directory / "back.jar").read_bytes() == data
    openstack.do(f"{kind} delete " + " ".join(f"{prefix}-{name}" for name in "bcdej"))


@pytest.mark.parametrize(
    ("prompt", "of"),
    [("password", "swift://c.sahara/k --username u"), ("secret-key", "s3://b/k --access-key a --s3-endpoint s")],
)  # noqa: E501
def test_secrets_are_asked_for(openstack: OpenStack, prefix: str, prompt: str, of: str) -> None:
    question = prompt.replace("-", " ").capitalize()
    made = openstack.typed(
        "hunter2", "job", "binary", "create", "--name", prefix, f"--{prompt}-prompt", "--url", *of.split()
    )
    assert made.exit == 0, made
    assert question in made.stdout
    assert "hunter2" not in made.stdout
    changed = openstack.typed("hunter2", "job", "binary", "update", prefix, f"--{prompt}-prompt", *of.split()[1:])
    assert changed.exit == 0, changed
    openstack.do(f"job binary delete {prefix}")


def test_job_templates(openstack: OpenStack, prefix: str) -> None:
    kind = "job template"
    ids = {}
    for name in "m", "l":
        openstack.write("binary.json", {**BINARY, "name": f"{prefix}-{name}"})
        ids[name] = openstack.show("job binary create --json binary.json")["Id"]
    interface = {"name": "n", "mapping_type": "args", "location": "0", "required": True, "value_type": "string"}
    openstack.write("interface.json", [interface])
    options = f"--type Pig --mains {prefix}-m --libs {prefix}-l --interface interface.json --description d"
    made = openstack.show(f"{kind} create --name {prefix}-c {options} --public --protected")
    assert (made["Mains"], made["Libs"]) == (f"{prefix}-m:{ids['m']}", f"{prefix}-l:{ids['l']}")
    openstack.write("template.json", {"name": f"{prefix}-d", "type": "Pig", "mains": [ids["m"]]})
    assert "Pig" in openstack.do(f"{kind} create --json template.json").stdout
    openstack.do(f"{kind} update {prefix}-c --unprotected --private")
    changed = openstack.show(f"{kind} update {prefix}-d --name {prefix}-e --description e --public --protected")
    assert (changed["Name"], changed["Description"], changed["Is protected"]) == (f"{prefix}-e", "e", True)
    openstack.do(f"{kind} update {prefix}-e --unprotected")
    check_list(openstack, kind, [f"{prefix}-c", f"{prefix}-e"], f"--name {prefix} --type Pig")
    check_long(openstack, kind, "Description", "Is public", "Is protected")
    assert openstack.show(f"{kind} show {prefix}-c")["Is public"] is False
    assert "Pig" in openstack.do(f"{kind} show {prefix}-c").stdout
    openstack.do(f"{kind} delete {prefix}-c {prefix}-e")
    openstack.do(f"job binary delete {prefix}-m {prefix}-l")


def test_jobs(openstack: OpenStack, prefix: str, node_groups: str) -> None:
    openstack.write("slow.json", {"general": {"State delay": "4"}})
    openstack.do(f"cluster template create --name {prefix}-t {node_groups}")
    openstack.do(f"cluster template create --name {prefix}-u {node_groups} --configs slow.json")
    where = f"--image {IMAGE} --neutron-network private"
    openstack.do(f"cluster create --name {prefix}-s --cluster-template {prefix}-u {where}")
    place = f"--cluster-template {prefix}-t {where}"
    cluster = openstack.show(f"cluster create --name {prefix}-c {place} --wait")["Id"]
    for name in "in", "out":
        openstack.do(f"data source create {prefix}-{name} --type hdfs --url hdfs://host/{name}")
    for name in "a", "b":
        (openstack.directory / f"{prefix}{name}.py").write_text(f"print('{name}')\n")
    sources = f"--input {prefix}-in --output {prefix}-out --params a:b --args c d"
    configs = {"fs.a": "b", "edp.java.main_class": "org.Main"}
    openstack.write("configs.json", configs)
    run = f"job run {prefix}a.py --type Java --cluster {prefix}-c --main-class org.Main --libs {prefix}b.py"
    upload = f"--container {prefix} --username u --password p --timeout 100"
    ran = openstack.show(f"{run} {sources} --job-template {prefix}-j --config-json configs.json {upload}")
    assert ran["Status"] == "SUCCEEDED"
    assert "SUCCEEDED" in openstack.do(f"job run {prefix}b.py --cluster {prefix}-c --configs a:b").stdout
    detached = openstack.show(f"job run {prefix}b.py --cluster {prefix}-c --detach")
    openstack.do(f"job wait {detached['Id']} --timeout 100")

    openstack.write("values.json", {})
    execute = f"job execute --job-template {prefix}-j --cluster {prefix}-c"
    done = openstack.show(
        f"{execute} {sources} --configs edp.java.main_class:org.Main --public --protected --wait --timeout 100"
    )
    assert (done["Status"], done["Is public"], done["Is protected"]) == ("SUCCEEDED", True, True)
    done = openstack.do(f"{execute} --config-json configs.json --interface values.json --wait")
    assert "SUCCEEDED" in done.stdout
    openstack.write(
        "run.json", {"job_template_id": ran["Job template id"], "cluster_id": cluster, "configs": {"configs": configs}}
    )
    last = openstack.show("job execute --json run.json")["Id"]
    assert openstack.show(f"job wait {last}")["Status"] == "SUCCEEDED"

    mine = f"--property cluster_id={cluster}"
    ids = [row["Id"] for row in openstack.show(f"job list {mine} --sort-by id")]
    assert len(ids) == 6
    assert ids == sorted(ids)
    assert [row["Id"] for row in openstack.show(f"job list {mine} --sort-by id --limit 2")] == ids[:2]
    assert [row["Id"] for row in openstack.show(f"job list {mine} --sort-by id --marker {ids[3]}")] == ids[4:]
    assert last in openstack.do(f"job list {mine} --status succeeded").stdout
    assert openstack.show(f"job list {mine} --status failed") == []
    check_long(openstack, "job", "Start time", "End time")
    assert openstack.show(f"job show {last}")["Id"] == last
    assert last in openstack.do(f"job show {last}").stdout
    assert openstack.show(f"job update {last} --public --protected")["Is protected"] is True
    assert last in openstack.do(f"job update {last} --private --unprotected").stdout
    for row in openstack.show(f"job list {mine} -c Id"):
        openstack.do(f"job update {row['Id']} --unprotected")
    openstack.do(f"job delete {' '.join(ids)} --wait --timeout 100")
    openstack.do(f"cluster delete {prefix}-c --wait")

    openstack.do(f"cluster wait {prefix}-s")
    for output in "-f json", "-f table":
        job = openstack.show(f"job run {prefix}b.py --cluster {prefix}-s --detach")["Id"]
        assert "KILLED" in openstack.do(f"job cancel {job} --wait --timeout 100 {output}").stdout
        openstack.do(f"job delete {job} --wait")
    openstack.do(f"cluster delete {prefix}-s --wait")
    openstack.do(f"cluster template delete {prefix}-t {prefix}-u")
    for kind in "job template", "job binary":
        for row in openstack.show(f"{kind} list --name {prefix}"):
            openstack.do(f"{kind} delete {row['Id']}")
    openstack.do(f"data source delete {prefix}-in {prefix}-out")
