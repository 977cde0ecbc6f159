"""Rally's scenarios of Sahara: users and projects of its own, templates, clusters that are scaled, a job."""

import functools
import http.server
import json
import threading
from pathlib import Path

import pytest

RALLY = ("rally-openstack==3.0.0", "rally==5.1.1")
PLUGIN = Path(__file__).with_name("rally") / "plugin.py"
FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}
FLAVORS = {"master_flavor": {"name": "m1.small"}, "worker_flavor": {"name": "m1.small"}}
JOBS_CLUSTER = {
    **FAKE,
    "workers_count": 2,
    "master_flavor_id": "2",
    "worker_flavor_id": "2",
    "floating_ip_pool": "public",
}
CLUSTER = {**FAKE, **FLAVORS, "workers_count": 2, "auto_security_group": True}


@pytest.fixture
def address(tmp_path):
    """Where a program of a job is downloaded from."""
    (tmp_path / "program.jar").write_bytes(b"a program")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_scenarios(installed, local_sahara, tmp_path, address):
    (tmp_path / "image").write_bytes(b"an image")
    (tmp_path / "rally.conf").write_text(f"[database]\nconnection = sqlite:///{tmp_path}/rally.db\n")
    users = {"users": {"tenants": 1, "users_per_tenant": 1}}
    image = {"sahara_image": {**FAKE, "image_url": str(tmp_path / "image"), "username": "ubuntu"}}
    clusters = {**users, **image, "network_without_router": {}}
    program = {"name": "program.jar", "download_url": f"{address}/program.jar"}
    groups, job = {"args": {**FAKE, "flavor": {"name": "m1.small"}}, "context": users}, {"edp.java.main_class": "Main"}
    scenarios = {
        "SaharaNodeGroupTemplates.create_and_list_node_group_templates": groups,
        "SaharaNodeGroupTemplates.create_delete_node_group_templates": groups,
        "SaharaClusters.create_scale_delete_cluster": {
            "args": {**CLUSTER, "deltas": [1, -1], "floating_ip_pool": "public"},
            "context": clusters,
        },
        "SaharaJob.create_launch_job": {
            "args": {"job_type": "Java", "configs": {"configs": job}},
            "context": {
                **clusters,
                "sahara_cluster": JOBS_CLUSTER,
                "sahara_job_binaries": {"libs": [program]},
            },
        },
    }
    runner = {"type": "constant", "times": 2, "concurrency": 2}
    task = {name: [{**scenario, "runner": runner}] for name, scenario in scenarios.items()}
    (tmp_path / "task.json").write_text(json.dumps(task))
    rally = functools.partial(installed("rally", *RALLY), "rally", "--config-file", "rally.conf", folder=tmp_path)
    rally("db", "create")
    rally("env", "create", "--name", "embedded", "--from-sysenv")
    assert "OK!" in rally("env", "check")
    told = rally("--plugin-paths", PLUGIN, "task", "start", "task.json")
    assert told.count("has 0 error(s)") == len(scenarios), told
    sahara = local_sahara.client("1.1")
    assert not [one for one in sahara.clusters.list() if one.name.startswith("rally-")]  # it deletes what it has made
