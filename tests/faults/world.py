"""A server for the matrix, with what the operations need on it: the embedded one, or the real one that OS_* names."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from keystoneauth1 import session as keystone
from keystoneauth1.identity import v3

from saharaclient.client import Client
from tests.faults.operations import CONTENT, World
from tests.local.promises.durability.process import SOON, Process
from tests.real.conftest import password
from tests.services import IMAGE, NETWORK, REAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from keystoneauth1.plugin import BaseAuthPlugin

MINUTES = 180.0  # seconds that a cluster may take on a busy machine


@dataclass
class Cloud:
    """A server.

    Attributes:
        address: `host:port` of its Sahara.
        log_in: makes a user's way to tokens.
        log: reads the server's own log, which has a line for each request; None if it can't be read.
        login: a user's name, password and so on; of the embedded one alone.
    """

    address: str
    log_in: Callable[[], BaseAuthPlugin]
    log: Any = None
    login: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.auth = self.log_in()  # what clients share, that need not ask for tokens of their own
        self.project = keystone.Session(auth=self.auth).get_project_id()

    def path(self, version: str) -> str:
        return f"/v1.1/{self.project}" if version == "1.1" else "/v2"

    def client(
        self, version: str, address: str | None = None, auth: BaseAuthPlugin | None = None, **options: Any
    ) -> Any:
        """A client with a session of its own, straight to the server or by way of an address."""
        session = keystone.Session(auth=auth or self.auth)
        return Client(
            version, session=session, sahara_url=f"http://{address or self.address}{self.path(version)}", **options
        )


@contextlib.contextmanager
def cloud(state: Path) -> Iterator[Cloud]:
    """The real server, or an embedded one on a state folder, in a process of its own as a server is."""
    if REAL:
        session = keystone.Session(auth=password())
        address = session.get_endpoint(service_type="data-processing", interface="public").split("/")[2]
        yield Cloud(address, password)
        return
    service = Process(state, "--access-log")
    service.start()
    try:
        login = service.cloud["auth"]
        address = login["auth_url"].split("/")[2]
        yield Cloud(address, partial(v3.Password, **login), (state / "service.log").read_text, login)
    finally:
        service.terminate(SOON)


def image_and_network(auth: BaseAuthPlugin) -> tuple[str, str]:
    if REAL:
        return IMAGE, NETWORK
    session = keystone.Session(auth=auth)

    def first(service: str, path: str, key: str) -> str:
        answer = session.get(path, endpoint_filter={"service_type": service, "interface": "public"})
        found: str = answer.json()[key][0]["id"]
        return found

    return first("image", "/v2/images", "images"), first("network", "/v2.0/networks", "networks")


def build(server: Cloud) -> dict[str, World]:
    """An Active cluster, a program, three node group templates and a job template, for each API version."""
    old, new = server.client("1.1"), server.client("2")
    tag = f"f{secrets.token_hex(3)}"
    image, network = image_and_network(server.auth)
    old.images.update_image(image, "root", "for tests of faults")
    old.images.update_tags(image, ["fake", "0.1"])
    processes = ["namenode", "jobtracker"], ["datanode"], ["tasktracker"]
    groups = [
        old.node_group_templates.create(f"{tag}-{n}", "fake", "0.1", "1", node_processes=names).id
        for n, names in enumerate(processes)
    ]
    cluster = old.clusters.create(
        tag,
        "fake",
        "0.1",
        default_image_id=image,
        net_id=network,
        node_groups=[
            {"name": f"g{n}", "count": 1, "flavor_id": "1", "node_processes": names}
            for n, names in enumerate(processes)
        ],
    )
    stored = old.job_binary_internals.create(tag, CONTENT)
    binary = old.job_binaries.create(tag, f"internal-db://{stored.id}")
    template = old.jobs.create(tag, "Shell", mains=[binary.id])
    old.clusters.wait(cluster.id, timeout=MINUTES)
    return {
        version: World(plain, version, cluster.id, binary.id, template.id, groups)
        for version, plain in (("1.1", old), ("2", new))
    }
