"""A small world on the fake plugin, through the client library: image, templates, clusters, jobs, in either version."""

import io
import itertools

import pytest

from saharaclient.client import Client
from saharaclient.local import LocalSahara
from saharaclient.local.sahara.records.clusters import Cluster

SOON = 20.0  # seconds; fake clusters and jobs take milliseconds
_numbers = itertools.count()


class World:
    """What tests make, by a client of one API version.

    Args:
        sahara: The service.
        version: The API's version.
        session: Of the user; by default the administrator.
    """

    def __init__(self, sahara, version="2", session=None):
        self.sahara, self.version = sahara, version
        self.session = session or sahara.session()
        self.client = Client(version, session=self.session)
        first = version == "1.1"
        self.plugin = {"plugin_name": "fake", "hadoop_version" if first else "plugin_version": "0.1"}
        self.runs = self.client.job_executions if first else self.client.jobs
        self.job_templates = self.client.jobs if first else self.client.job_templates
        self.image = self.neighbour("image", "/v2/images")["images"][0]["id"]
        self.network = self.neighbour("network", "/v2.0/networks")["networks"][0]["id"]
        self.client.images.update_image(self.image, "ubuntu", "for tests")
        self.client.images.update_tags(self.image, ["fake", "0.1"])

    def neighbour(self, service, path):
        return self.session.get(path, endpoint_filter={"service_type": service, "interface": "public"}).json()

    def name(self, kind):
        return f"{kind}-{next(_numbers)}"

    def node_groups(self, workers=1):
        return [
            {"name": "m", "count": 1, "flavor_id": "1", "node_processes": ["namenode", "jobtracker"]},
            {"name": "w", "count": workers, "flavor_id": "1", "node_processes": ["datanode", "tasktracker"]},
        ]

    def start(self, *, workers=1, general=None, **fields):
        """Asks for a cluster and does not wait."""
        return self.client.clusters.create(
            self.name("c"),
            **self.plugin,
            default_image_id=self.image,
            net_id=self.network,
            node_groups=self.node_groups(workers),
            cluster_configs={"general": general} if general else None,
            **fields,
        )

    def cluster(self, **fields):
        """An Active cluster."""
        return self.client.clusters.wait(self.start(**fields).id, timeout=SOON)

    def slow_jobs(self, cluster, seconds=600):
        """Makes the jobs of a cluster last; asked for at its creation, its states would last as well."""
        with self.sahara.service.database.session() as session:
            session.get_one(Cluster, cluster.id).cluster_configs = {"general": {"State delay": str(seconds)}}

    def binary(self, content=b"echo hello\n", **fields):
        if self.version == "1.1":
            stored = self.client.job_binary_internals.upload(self.name("stored"), io.BytesIO(content))
            return self.client.job_binaries.create(self.name("binary"), f"internal-db://{stored.id}", **fields)
        login = {"user": "admin", "password": "irrelevant"}
        return self.client.job_binaries.create(self.name("binary"), "swift://c.sahara/o", extra=login, **fields)

    def template(self, **fields):
        return self.job_templates.create(self.name("template"), "Shell", mains=[self.binary().id], **fields)

    def run(self, cluster, **fields):
        """Asks for a run and does not wait."""
        return self.runs.create(self.template().id, cluster.id, **fields)

    def sizes(self, cluster):
        """Counts and numbers of instances by node group."""
        groups = self.client.clusters.get(cluster.id).node_groups
        return {group["name"]: (group["count"], len(group["instances"])) for group in groups}


@pytest.fixture(scope="module", params=["1.1", "2"])
def world(request, local_sahara):
    return World(local_sahara, request.param)


@pytest.fixture(scope="module")
def world2(local_sahara):
    return World(local_sahara)


@pytest.fixture
def restartable(tmp_path):
    """Starts a service on the same state, as often as it is called with `with`."""
    return lambda **settings: LocalSahara(state=tmp_path / "state", **settings)
