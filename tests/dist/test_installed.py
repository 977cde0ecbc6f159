"""The installed wheel: the library alone, then with each of its extras."""

import email
import json
import zipfile

import pytest

CLIENT = """
from keystoneauth1 import session, token_endpoint
from saharaclient import client
for version in ("1.1", "2"):
    made = client.Client(version, session=session.Session(token_endpoint.Token("http://127.0.0.1:9", "t")))
    print(made.clusters.__class__.__name__)
"""
EXTRAS = {"cli", "local", "project", "console", "postgresql", "docs", "dev"}
CONNECT = """
import saharaclient
try:
    saharaclient.connect(%s)
except saharaclient.api.base.ConfigurationError as error:
    print(error)
"""
JOB = """
from saharaclient.local import LocalSahara

def first(service, path):
    reply = sahara.session().get(path, endpoint_filter={"service_type": service}).json()
    return reply[path.rpartition("/")[2]][0]["id"]

with LocalSahara() as sahara:
    client = sahara.client("2")
    assert {p.name for p in client.plugins.list()} == {"fake", "spark"}
    image, network = first("image", "/v2/images"), first("network", "/v2.0/networks")
    client.images.update_image(image, "ubuntu")
    client.images.update_tags(image, ["fake", "0.1"])
    group = {"name": "all", "count": 1, "flavor_id": "2", "node_processes": ["namenode", "jobtracker"]}
    cluster = client.clusters.create("c", "fake", "0.1", default_image_id=image, node_groups=[group], net_id=network)
    client.clusters.wait(cluster.id, timeout=60)
    binary = client.job_binaries.create("b", "swift://c.sahara/b.py", extra={"user": "u", "password": "p"})
    template = client.job_templates.create("t", "Shell", mains=[binary.id])
    job = client.jobs.create(template.id, cluster.id)
    print(client.jobs.wait(job.id, timeout=60).info["status"])
"""


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def distributions(environment):
    return {d["name"].lower() for d in json.loads(environment("python", "-m", "pip", "list", "--format=json"))}


def test_every_extra_is_tried_here(wheel):
    assert {*metadata(wheel).get_all("Provides-Extra")} == EXTRAS


def test_the_library_alone(base):
    assert not distributions(base) & {
        "openstacksdk",
        "osc-lib",
        "python-openstackclient",
        "rich",
        "starlette",
        "pyspark",
    }
    assert base.python(CLIENT).split() == ["ClusterManagerV1", "ClusterManagerV2"]


def test_connect_without_openstacksdk_says_what_is_needed(base):
    assert "pip install openstacksdk" in base.python("import saharaclient.api.base" + CONNECT % "'mine'")
    told = base.python("import saharaclient.api.base" + CONNECT % "")
    assert "OS_AUTH_URL" in told
    assert "openstacksdk" in told


def test_the_service_without_its_extra_says_what_to_install(base):
    (line,) = base("sahara-local", "serve", status=1).splitlines()
    assert line.endswith("pip install 'python-saharaclient[local]>=5'")


def test_it_satisfies_those_who_depend_on_the_old_client(base, wheel, tmp_path):
    project = '[project]\nname = "dashboard"\nversion = "1"\ndependencies = ["python-saharaclient>=2.2.0"]\n'
    (tmp_path / "pyproject.toml").write_text(project + '[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\nbypass-selection = true\n')  # fmt: skip
    base.install("hatchling")
    base.install("--no-index", "--find-links", str(wheel.parent), "--no-build-isolation", str(tmp_path))
    assert (
        base.python("import importlib.metadata as m; print(m.version('python-saharaclient'))").strip()
        == metadata(wheel)["Version"]
    )


@pytest.mark.parametrize(
    ("extra", "module"),
    [
        ("postgresql", "psycopg"),
        ("project", "yaml, jsonschema, saharaclient.project"),
        ("console", "saharaclient.console.app"),
    ],
)
def test_what_comes_on_top_of_the_library(base, wheel, extra, module):
    base.install(f"{wheel}[{extra}]")
    base.python(f"import {module}")


def test_cli(environment):
    cli = environment("cli")
    assert "pyspark" not in distributions(cli)
    assert "dataprocessing cluster create" in cli("openstack", "dataprocessing", "--help")
    for version in ("1.1", "2"):
        listed = cli("openstack", "--os-data-processing-api-version", version, "command", "list", "-f", "json")
        commands = {c for group in json.loads(listed) for c in group["Commands"] if c.startswith("dataprocessing ")}
        assert {"dataprocessing cluster create", "dataprocessing job run"} <= commands
    assert "[local]" in cli("sahara-local", "serve", status=1)


def test_local(environment):
    local = environment("local")
    assert "python-openstackclient" not in distributions(local)
    assert local.python(JOB).split() == ["SUCCEEDED"]


def test_the_demonstration_of_the_installed_package(environment):
    told = environment("local")("sahara-local", "demo", "--workers", "1")
    assert "agrees with plain Python's" in told


@pytest.mark.parametrize(("extra", "module"), [("docs", "sphinx"), ("dev", "pytest, openstackclient, psycopg")])
def test_tools(environment, wheel, extra, module):
    """On top of the service's environment: they bring it, and Spark takes its time to install."""
    tools = environment("local")
    tools.install(f"{wheel}[{extra}]")
    tools.python(f"import saharaclient.api.client, {module}")
