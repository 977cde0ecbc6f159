"""Shell jobs: real processes with real data, on a cluster that stands for a master which they never ask."""

import itertools
import socket
import time

import pytest

from saharaclient.api.base import OperationFailed
from saharaclient.client import Client
from saharaclient.local import LocalSahara

JOB = 60.0  # seconds; they take a tenth of one
_numbers = itertools.count()


class Shells:
    """A client that runs shell scripts, in one API version.

    Args:
        sahara: The service.
        version: The API's version.
    """

    def __init__(self, sahara, version="2"):
        self.sahara, self.version = sahara, version
        self.session, auth = sahara.session(), sahara.cloud["auth"]
        self.client = Client(version, session=self.session)
        first = version == "1.1"
        self.runs = self.client.job_executions if first else self.client.jobs
        self.templates = self.client.jobs if first else self.client.job_templates
        self.login = {"user": auth["username"], "password": auth["password"]}
        self.cluster = next(iter(self.client.clusters.list()), None) or self._new_cluster(first)

    def _new_cluster(self, first):
        image = self.ask("image", "GET", "/v2/images").json()["images"][0]["id"]
        network = self.ask("network", "GET", "/v2.0/networks").json()["networks"][0]["id"]
        version = self.client.plugins.get("spark").versions[0]
        self.client.images.update_image(image, "ubuntu", "")
        self.client.images.update_tags(image, ["spark", version])
        made = self.client.clusters.create(
            "shells",
            **{"plugin_name": "spark", "hadoop_version" if first else "plugin_version": version},
            default_image_id=image,
            net_id=network,
            node_groups=[{"name": "all", "count": 1, "flavor_id": "2", "node_processes": ["master", "slave"]}],
        )
        return self.client.clusters.wait(made.id, timeout=JOB)

    def ask(self, service, method, path, **options):
        endpoint = {"service_type": service, "interface": "public"}
        return self.session.request(path, method, endpoint_filter=endpoint, **options)

    def put(self, name, content):
        container = name.partition("/")[0]
        self.ask("object-store", "PUT", f"/{container}")
        self.ask("object-store", "PUT", f"/{name}", data=content)

    def stored(self, container, prefix=""):
        """Contents of the objects of a container by their names."""
        listed = self.ask("object-store", "GET", f"/{container}", params={"format": "json", "prefix": prefix}).json()
        return {one["name"]: self.ask("object-store", "GET", f"/{container}/{one['name']}").content for one in listed}

    def source(self, url, name=None):
        name = name or f"source-{next(_numbers)}"
        return self.client.data_sources.create(name, "", "swift", url, self.login["user"], self.login["password"])

    def template(self, script, libs=()):
        name = f"script-{next(_numbers)}.sh"
        self.put(f"scripts/{name}", script.encode())
        main = self.client.job_binaries.create(name, f"swift://scripts.sahara/{name}", extra=self.login)
        return self.templates.create(name, "Shell", mains=[main.id], libs=[lib.id for lib in libs])

    def library(self, name, content=b""):
        self.put(f"scripts/libs/{name}", content)
        return self.client.job_binaries.create(name, f"swift://scripts.sahara/libs/{name}", extra=self.login)

    def begin(self, script, *args, libs=(), **configs):
        """Runs a script and does not wait."""
        configs = {"args": list(args), "params": {}, "configs": {}} | configs
        return self.runs.create(self.template(script, libs).id, self.cluster.id, configs=configs)

    def end(self, run):
        """The run when it has ended, however it did."""
        try:
            return self.runs.wait(run.id, timeout=JOB)
        except OperationFailed as error:
            return error.resource

    def run(self, script, *args, libs=(), **configs):
        return self.end(self.begin(script, *args, libs=libs, **configs))

    def until_running(self, run):
        deadline = time.monotonic() + JOB
        while (status := self.runs.get(run.id).info["status"]) != "RUNNING":
            assert status == "PENDING", self.runs.get(run.id).info
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture(scope="session")
def master():
    """The URL of a master that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"spark://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def sahara(master, tmp_path_factory):
    with LocalSahara(state=tmp_path_factory.mktemp("service") / "state", spark_master=master) as running:
        yield running


@pytest.fixture
def shells(sahara):
    return Shells(sahara)
