"""The services that tests of any Sahara run on: real servers, if `tests/real/run` started them, else the embedded one.

What such tests need stands ready in each under the same names.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local import LocalSahara
from saharaclient.local.neighbours.network.records import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL = "REAL_SERVERS" in os.environ
IMAGE = "11111111-0000-4000-8000-000000000001"
NETWORK = "6e1b0d9a-0000-4000-8000-000000000001"
login: dict[str, str] = dict(os.environ) if REAL else {}
"""Who is known at the service under test, by the names of OS_* variables."""
_IMAGES = {1: "ubuntu-spark", 2: "cirros-fake", 3: "centos-vanilla"}


@contextlib.contextmanager
def embedded(*, password: str, delay: float, database: str | None = None) -> Iterator[LocalSahara]:
    """An embedded service with the images, the network and the key pair of `tests/real/cloud`.

    Args:
        password: of its users.
        delay: seconds that each state of a fake cluster lasts.
        database: where its records are; without, in SQLite.
    """
    with LocalSahara(password=password, fake_delay=delay, database=database) as local:
        session = local.session()
        for number, name in _IMAGES.items():
            image = {"id": f"11111111-0000-4000-8000-00000000000{number}", "name": name, "visibility": "public"}
            session.post(f"{local.url}/image/v2/images", json=image)
        as_bytes = {"Content-Type": "application/octet-stream"}
        session.put(f"{local.url}/image/v2/images/{IMAGE}/file", data=b"image", headers=as_bytes)
        compute = session.get_endpoint(service_type="compute")
        session.post(f"{compute}/os-keypairs", json={"keypair": {"name": "demo-key"}})
        with local.service.database.session() as records:
            records.scalars(select(Network).filter_by(name="private")).one().id = NETWORK
        session.session.close()
        yield local


def spark_cluster(service: LocalSahara, name: str, flavor: str = "m1.small") -> Any:
    """A Spark cluster of one instance on an embedded service, Active.

    Args:
        service: the service.
        name: of the cluster.
        flavor: of the instance.
    """
    client = service.client("2")
    made = client.clusters.create(
        name,
        "spark",
        client.plugins.get("spark").versions[0],
        default_image_id=service.image("spark"),
        net_id=service.network(),
        node_groups=[
            {"name": "all", "count": 1, "flavor_id": service.flavor(flavor), "node_processes": ["master", "slave"]}
        ],
    )
    return client.clusters.wait(made.id, timeout=200)


def environment_of(service: LocalSahara) -> dict[str, str]:
    """The variables of a shell that reaches an embedded service."""
    auth = {f"OS_{name.upper()}": value for name, value in service.cloud["auth"].items()}
    region = {"OS_REGION_NAME": "RegionOne", "OS_IDENTITY_API_VERSION": "3"}
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "COLUMNS": "200", **auth, **region}
