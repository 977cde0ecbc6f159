"""The `openstack` and `swift` commands against the service, as a person types them."""

import json

import pytest

from tests.cli.conftest import forks

__all__ = ["forks"]


@pytest.fixture
def openstack(forks, command_environment, tmp_path):
    def run(*words, status=0):
        code, stdout, stderr = forks(list(words), command_environment, tmp_path, 60)
        assert code == status, f"{words}: {stdout}\n{stderr}"
        return stdout if status == 0 else stderr

    return run


def shown(output):
    return json.loads(output)


def test_token_and_catalog(openstack):
    assert shown(openstack("token", "issue", "-f", "json"))["project_id"]
    catalog = {entry["Type"]: entry["Endpoints"] for entry in shown(openstack("catalog", "list", "-f", "json"))}
    assert set(catalog) == {"data-processing", "identity", "compute", "image", "network", "object-store"}
    assert all({e["interface"] for e in ends} == {"public", "internal", "admin"} for ends in catalog.values())


def test_flavors(openstack):
    listed = shown(openstack("flavor", "list", "-f", "json"))
    assert [flavor["Name"] for flavor in listed] == ["m1.tiny", "m1.small", "m1.medium", "m1.large"]
    assert shown(openstack("flavor", "show", "m1.small", "-f", "json"))["ram"] == 2048
    assert "No Flavor found" in openstack("flavor", "show", "no-such", status=1)


def test_images(openstack, tmp_path):
    content = tmp_path / "image.raw"
    content.write_bytes(b"content of an image" * 1000)
    made = shown(openstack("image", "create", "--file", str(content), "--tag", "one", "from-command", "-f", "json"))
    assert made["status"] in ("queued", "active")
    openstack("image", "set", "--property", "_sahara_username=ubuntu", "--tag", "two", "from-command")
    image = shown(openstack("image", "show", "from-command", "-f", "json"))
    assert image["properties"]["_sahara_username"] == "ubuntu"
    assert (sorted(image["tags"]), image["size"], image["status"]) == (["one", "two"], 19000, "active")
    openstack("image", "unset", "--property", "_sahara_username", "--tag", "one", "from-command")
    openstack("image", "save", "--file", str(tmp_path / "back"), "from-command")
    assert (tmp_path / "back").read_bytes() == content.read_bytes()
    assert "from-command" in openstack("image", "list", "--tag", "two", "-f", "value", "-c", "Name")
    openstack("image", "delete", "from-command")
    assert "from-command" not in openstack("image", "list")


def test_networks(openstack):
    assert {n["Name"] for n in shown(openstack("network", "list", "-f", "json"))} == {"private", "public"}
    assert shown(openstack("network", "show", "public", "-f", "json"))["router:external"] is True
    assert shown(openstack("subnet", "list", "--network", "private", "-f", "json"))[0]["Subnet"] == "10.0.0.0/24"
    openstack("security", "group", "create", "from-command", "--description", "d")
    openstack("security", "group", "rule", "create", "from-command", "--dst-port", "22", "--remote-ip", "10.0.0.0/8")
    rules = shown(openstack("security", "group", "rule", "list", "from-command", "-f", "json"))
    assert "22:22" in [rule["Port Range"] for rule in rules]
    openstack("security", "group", "delete", "from-command")
    openstack("network", "create", "mine")
    openstack("subnet", "create", "--network", "mine", "--subnet-range", "10.9.0.0/24", "behind")
    assert shown(openstack("subnet", "show", "behind", "-f", "json"))["gateway_ip"] == "10.9.0.1"
    openstack("network", "delete", "mine")
    assert "does not do 'POST /network/v2.0/routers'" in openstack("router", "create", "mine", status=1)


def test_keypairs(openstack, tmp_path):
    private = openstack("keypair", "create", "from-command")
    assert "PRIVATE KEY" in private
    assert "from-command" in openstack("keypair", "list", "-f", "value", "-c", "Name")
    public = tmp_path / "key.pub"
    public.write_text(openstack("keypair", "show", "--public-key", "from-command"))
    openstack("keypair", "create", "--public-key", str(public), "from-command-too")
    openstack("keypair", "delete", "from-command", "from-command-too")


def test_containers_and_objects(openstack, run_command, tmp_path):
    (tmp_path / "a.txt").write_text("an object\n")
    openstack("container", "create", "from-command")
    openstack("object", "create", "from-command", "a.txt")
    assert "a.txt" in openstack("object", "list", "from-command")
    openstack("object", "save", "--file", str(tmp_path / "b.txt"), "from-command", "a.txt")
    assert (tmp_path / "b.txt").read_text() == "an object\n"
    run_command("swift", "upload", "from-command", "b.txt", cwd=tmp_path)
    assert run_command("swift", "list", "from-command").split() == ["a.txt", "b.txt"]
    assert "Objects: 2" in run_command("swift", "stat", "from-command")
    assert "max_file_size" in run_command("swift", "capabilities")
    openstack("object", "delete", "from-command", "a.txt", "b.txt")
    openstack("container", "delete", "from-command")
    assert "from-command" not in openstack("container", "list")


def test_projects_users_and_roles(openstack):
    openstack("project", "create", "from-command")
    openstack("user", "create", "--password", "a-secret", "from-command")
    openstack("role", "add", "--user", "from-command", "--project", "from-command", "member")
    as_user = ["--os-username", "from-command", "--os-password", "a-secret", "--os-project-name", "from-command"]
    assert shown(openstack(*as_user, "token", "issue", "-f", "json"))["user_id"]
    openstack("role", "remove", "--user", "from-command", "--project", "from-command", "member")
    openstack(*as_user, "token", "issue", status=1)
    openstack("user", "delete", "from-command")
    openstack("project", "delete", "from-command")


def test_limits_and_zones(openstack):
    assert "total_cores" in openstack("limits", "show", "--absolute")
    assert "nova" in openstack("availability", "zone", "list", "--compute")
