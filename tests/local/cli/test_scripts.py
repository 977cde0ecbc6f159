"""Scripts that run again: creating what is there already, deleting what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.services import IMAGE, NETWORK

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack

PLUGIN = "--plugin fake --plugin-version 0.1 --flavor m1.tiny"


def test_create_again(openstack: OpenStack, templates: str, prefix: str) -> None:
    (openstack.directory / "x.sh").write_text("echo x\n")
    login = "--username u --password p"
    cluster = f"cluster create --name {prefix}-c --cluster-template {templates} --image {IMAGE}"
    creations = [
        (f"node group template create --name {prefix}-n --processes datanode {PLUGIN}", "--description other"),
        (f"cluster template create --name {prefix}-ct --node-groups {prefix}-n:2", "--description other"),
        (f"data source create {prefix}-d --type swift --url swift://c.sahara/x {login}", "--description other"),
        (f"job binary create --name {prefix}-b --url swift://c.sahara/x {login}", "--description other"),
        (f"job template create --name {prefix}-j --type Shell --mains {prefix}-b", "--description other"),
        (f"{cluster} --neutron-network {NETWORK} --user-keypair demo-key --wait", "--description other"),
    ]
    for line, other in creations:
        made = openstack.show(f"{line} --if-not-exists")
        again = openstack.show(f"{line} --if-not-exists")
        assert (again["Id"], again["Name"]) == (made["Id"], made["Name"])
        openstack.do(f"{line} --if-not-exists")  # as a table
        differs = openstack(*line.split(), *other.split(), "--if-not-exists")
        assert differs.exit == 1
        assert "is there and differs: description is " in differs.stderr, differs
        assert "not 'other'" in differs.stderr
    different = openstack(
        *f"cluster template create --name {prefix}-ct --node-groups {prefix}-n:3 --if-not-exists".split()
    )
    assert (different.exit, "node_groups is " in different.stderr) == (1, True)
    together = openstack(*f"{cluster} --neutron-network {NETWORK} --count 2 --if-not-exists".split())
    assert (together.exit, "not for --count" in together.stderr) == (2, True)
    for kind, name, more in [
        ("cluster", "c", "--wait"),
        ("job template", "j", ""),
        ("job binary", "b", ""),
        ("data source", "d", ""),
        ("cluster template", "ct", ""),
        ("node group template", "n", ""),
    ]:
        openstack.do(f"{kind} delete {prefix}-{name} --ignore-missing {more}")
        gone = openstack.do(f"{kind} delete {prefix}-{name} --ignore-missing {more}")
        assert gone.stdout.endswith(f'"{prefix}-{name}" is not there.\n')
        assert openstack(*kind.split(), "delete", f"{prefix}-{name}").exit == 1
    openstack.do("image unregister no-such --ignore-missing")
    openstack.do("job delete 00000000-0000-4000-8000-000000000000 --ignore-missing")
