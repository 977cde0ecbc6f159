"""sahara-scenario 0.18 of sahara-tests: clusters of both plugins made, scaled, verified, and jobs run, by both APIs."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from saharaclient import project
from saharaclient.project import scenario

REQUIREMENTS = (
    "sahara-tests==0.18.0",
    "tempest==47.0.0",
    "python-glanceclient==4.13.0",
    "python-neutronclient==14.0.0",
    "python-novaclient==18.13.1",
    "python-swiftclient==4.11.0",
)
# What is younger than the program and has to be held back, with the reason.
OVERRIDES = (
    "setuptools==80.9.0",  # it imports pkg_resources, which went with 82
    "jsonschema==3.2.0",  # it inherits a validator, whose parameters have changed since
)
FAKE = [
    {"name": "master", "flavor": "m1.small", "node_processes": ["jobtracker", "namenode"]},
    {"name": "worker", "flavor": "m1.small", "node_processes": ["datanode", "tasktracker"]},
]
SPARK = [
    {"name": "master", "flavor": "m1.small", "node_processes": ["master", "namenode"]},
    {"name": "worker", "flavor": "m1.small", "node_processes": ["slave", "datanode"]},
]
ROOT = Path(__file__).parents[2]
WORDCOUNT = ROOT / "examples" / "wordcount.py"
EXAMPLES = "edp-examples"  # the program brings them
CHECKS = {"Check cluster state", "Check EDP jobs", "Check cluster verification", "Cluster scaling"}


def cluster(plugin, version, groups, flow):
    return {
        "plugin_name": plugin,
        "plugin_version": version,
        "image": "local-spark",
        "image_username": "ubuntu",
        "node_group_templates": groups,
        "cluster_template": {"name": plugin, "node_group_templates": {"master": 1, "worker": 1}},
        "cluster": {"name": plugin},
        "scaling": [{"operation": "add", "node_group": "worker", "size": 1}],
        "scenario": ["run_jobs", "scale"],
        "edp_jobs_flow": flow,
    }


def jobs(store, login):
    """The program's own examples; API 2 has no store but Swift."""
    pig, spark = f"{EXAMPLES}/edp-pig/cleanup-string", f"{EXAMPLES}/edp-spark"
    swift = {"type": "swift", "destination": "edp-output"}
    return {
        "pig": [
            {
                "type": "Pig",
                "input_datasource": {"type": "swift", "source": f"{pig}/data/input"},
                "output_datasource": swift,
                "main_lib": {"type": store, "source": f"{pig}/example.pig"},
                "additional_libs": [{"type": store, "source": f"{pig}/edp-pig-udf-stringcleaner.jar"}],
            }
        ],
        "spark_pi": [
            {
                "type": "Spark",
                "main_lib": {"type": store, "source": f"{spark}/spark-pi.py"},
                "configs": {"edp.java.main_class": "main"},
                "args": [4],
            }
        ],
        "spark_wordcount": [
            {
                "type": "Spark",
                "input_datasource": {"type": "swift", "source": f"{spark}/sample_input.txt"},
                "output_datasource": swift,
                # its own is a jar of 2016 for Scala 2.10, which no Spark since 3.0 can load
                "main_lib": {"type": store, "source": str(WORDCOUNT)},
                "configs": {
                    "edp.spark.adapt_for_swift": True,
                    "fs.swift.service.sahara.username": login["OS_USERNAME"],
                    "fs.swift.service.sahara.password": login["OS_PASSWORD"],
                },
                "args": ["{input_datasource}", "{output_datasource}"],
            }
        ],
    }


@pytest.fixture(scope="module")
def program(installed):
    return installed("sahara-scenario", *REQUIREMENTS, overrides=OVERRIDES)


@pytest.fixture(scope="module")
def runs(local_sahara, program, login, tmp_path_factory):
    """Both versions at once: the program mostly sleeps between its looks."""
    client = local_sahara.client("2")
    version = client.plugins.get("spark").versions[0]
    image = local_sahara.image("spark")
    client.images.update_tags(image, ["fake", "0.1", "spark", version])
    started = {}
    for number, store, options in (("1.1", "database", []), ("2", "swift", ["--v2"])):
        folder = tmp_path_factory.mktemp("scenario")
        credentials = {
            "os_username": login["OS_USERNAME"],
            "os_password": login["OS_PASSWORD"],
            "os_tenant": login["OS_PROJECT_NAME"],
            "os_auth_url": login["OS_AUTH_URL"],
        }
        document = {
            "concurrency": 2,
            "credentials": credentials,
            "network": {"private_network": "private"},
            "clusters": [
                cluster("fake", "0.1", FAKE, ["pig"]),
                cluster("spark", version, SPARK, ["spark_pi", "spark_wordcount"]),
            ],
            "edp_jobs_flow": jobs(store, login),
        }
        (folder / "scenario.yaml").write_text(yaml.safe_dump(document))
        with (folder / "output").open("w") as output:
            process = program.start(
                "sahara-scenario", "--report", *options, "scenario.yaml", folder=folder, output=output
            )
        started[number] = process, folder / "output"
    yield started
    for process, _ in started.values():
        process.kill()
        process.wait()


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_every_check_is_passed(runs, version):
    process, output = runs[version]
    try:
        process.wait(timeout=900)
    except subprocess.TimeoutExpired:
        pytest.fail(output.read_text())
    printed = output.read_text()
    results = re.findall(r"^\| (\w[^|]*?) +\| +(\w+) +\|", printed, re.MULTILINE)
    told = [(check, status) for check, status in results if check != "Check"]
    assert {status for _, status in told} == {"OK"}, printed
    assert {check for check, _ in told} >= CHECKS, printed
    assert printed.count("... ok") == 2, printed
    assert process.returncode == 0, printed


def test_every_file_it_brings_is_read_as_a_project(program):
    """Each with the flows of its folder; what is lost is only what the manual's table has."""
    table = (ROOT / "docs" / "reference" / "project.md").read_text().partition("## Scenario files")[2]
    known = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    brought = [path for pattern in ("*.yaml", "*.yaml.mako") for path in program.path.rglob(pattern)]
    own = [path for path in brought if "scenario" in path.parts]
    files = [path for path in own if re.search(r"^(clusters|edp_jobs_flow):", path.read_text(), re.MULTILINE)]
    assert len(files) > 70
    clusters = 0
    for path in files:
        flows = [] if path.name.startswith("edp") else sorted(path.parent.glob("edp*.yaml*"))
        made = scenario.read([path, *flows])
        assert project.Project.parse(made.text()) == made.project, path
        assert [lost for lost in made.lost if not any(phrase in lost for phrase in known)] == [], path
        clusters += len(made.project.sections.clusters)
    assert clusters > 60
