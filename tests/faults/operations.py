"""What a client does while faults are about: ten operations, each in what it sends and in what must come of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.faults.limits import WAIT
from tests.services import REAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTENT = b"#!bash"  # of few bytes, for when they drip


@dataclass
class World:
    """What the operations find on the server, by a client that no fault is between.

    Attributes:
        plain: a client of the API version.
        names: the fields of a plugin's version and so on, which differ between versions.
    """

    plain: Any
    version: str
    cluster: str
    binary: str
    job_template: str
    groups: list[str]

    @property
    def runs(self) -> str:
        return "job_executions" if self.version == "1.1" else "jobs"


@dataclass
class Place:
    """Where one cell does its work.

    Attributes:
        client: behind the proxy.
        name: of what it makes, which nothing else has.
        source: the id of a data source of its own.
        folder: an empty one.
    """

    world: World
    client: Any
    name: str
    source: str
    folder: Path


@dataclass(frozen=True)
class Operation:
    """One thing a client does.

    Attributes:
        run: does it and checks what comes of it, unless any bytes must do.
        method: by API version.
        path: pattern of the path.
        first: which of the requests meets the fault.
        has_body: whether the true reply has a body.
        streams: whether the reply's body is a file's.
        waits: whether it outlives what passes.
        versions: that have it.
    """

    run: Callable[[Place, bool], Any]
    method: dict[str, str]
    path: str
    first: int = 1
    has_body: bool = True
    streams: bool = False
    waits: bool = False
    versions: tuple[str, ...] = ("1.1", "2")


def every(method: str) -> dict[str, str]:
    return {"1.1": method, "2": method}


def read(place: Place, strict: bool) -> None:
    assert place.client.clusters.get(place.world.cluster).status == "Active"


def list_(place: Place, strict: bool) -> None:
    found = [template.to_dict()["id"] for template in place.client.node_group_templates.list()]
    assert set(place.world.groups) <= set(found)


def iterate(place: Place, strict: bool) -> None:
    found = [template.to_dict()["id"] for template in place.client.node_group_templates.iterate(page_size=1)]
    assert set(place.world.groups) <= set(found)
    assert len(found) == len(set(found))


def create(place: Place, strict: bool) -> None:
    assert place.client.data_sources.create(place.name, "", "hdfs", "/made").name == place.name


def update(place: Place, strict: bool) -> None:
    place.client.data_sources.update(place.source, {"description": place.name})
    assert place.world.plain.data_sources.get(place.source).description == place.name


def delete(place: Place, strict: bool) -> None:
    place.client.data_sources.delete(place.source)


def execute(place: Place, strict: bool) -> None:
    runs = getattr(place.client, place.world.runs)
    assert runs.create(place.world.job_template, place.world.cluster, configs={"args": [place.name]}).id


def upload(place: Place, strict: bool) -> None:
    assert place.client.job_binary_internals.upload(place.name, io.BytesIO(CONTENT)).name == place.name


def download(place: Place, strict: bool) -> None:
    target = place.folder / "program"
    size = place.client.job_binaries.download(place.world.binary, target)
    assert target.stat().st_size == size
    assert not strict or target.read_bytes() == CONTENT
    target.unlink()


def wait(place: Place, strict: bool) -> None:
    assert place.client.clusters.wait(place.world.cluster, timeout=WAIT).status == "Active"


OPERATIONS = {
    "read": Operation(read, every("GET"), r"/clusters/[^/]+$"),
    "list": Operation(list_, every("GET"), r"/node-group-templates$"),
    "iterate": Operation(iterate, every("GET"), r"/node-group-templates$", first=2),
    "create": Operation(create, every("POST"), r"/data-sources$"),
    "update": Operation(update, {"1.1": "PUT", "2": "PATCH"}, r"/data-sources/[^/]+$"),
    "delete": Operation(delete, every("DELETE"), r"/data-sources/[^/]+$", has_body=False),
    "execute": Operation(execute, every("POST"), r"/jobs(/[^/]+/execute)?$"),
    "upload": Operation(upload, every("PUT"), r"/job-binary-internals/[^/]+$", versions=("1.1",)),
    "download": Operation(
        download,
        every("GET"),
        r"/job-binaries/[^/]+/data$",
        streams=True,
        versions=("1.1",) if REAL else ("1.1", "2"),  # Sahara 19 answers 500 to it in API 2
    ),
    "wait": Operation(wait, every("GET"), r"/clusters/[^/]+$", waits=True),
}
