"""The kinds of records that the console lists, as data: where each has its pages, and which columns its list has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from saharaclient.console import sahara

if TYPE_CHECKING:
    from saharaclient.console.board import Look


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Attributes:
        heading: what is above it.
        field: the member of a record that it shows.
        show: how: ``name``, ``state``, ``text``, ``count``, ``list``, ``age``, ``cluster``, ``template``, ``lasted``.
        narrow: whether it is there on a small screen too.
    """

    heading: str
    field: str
    show: str = "text"
    narrow: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of record.

    Attributes:
        path: where its list is, without the first slash.
        title: several of them.
        noun: one of them, as the commands call it.
        look: reads all of them.
        columns: of its list.
        manager: the client's attribute.
    """

    path: str
    title: str
    noun: str
    look: Look
    columns: tuple[Column, ...]
    manager: str = ""


NAME = Column("Name", "name", "name", narrow=True)
STATE = Column("State", "status", "state", narrow=True)
CREATED = Column("Created", "created_at", "age", narrow=True)
DESCRIPTION = Column("Description", "description")
PLUGIN = (Column("Plugin", "plugin_name"), Column("Version", "plugin_version"))

CLUSTERS = Kind(
    "clusters", "Clusters", "cluster", sahara.CLUSTERS,
    (NAME, STATE, Column("Instances", "size", "count"), *PLUGIN, Column("Age", "created_at", "age", narrow=True)),
)  # fmt: skip
JOBS = Kind(
    "jobs", "Jobs", "job", sahara.JOBS,
    (
        Column("Job", "job_template_id", "template", narrow=True), STATE, Column("Cluster", "cluster_id", "cluster"),
        Column("Started", "started", "age", narrow=True), Column("Took", "start_time", "lasted"), Column("Id", "id"),
    ),
)  # fmt: skip


def _records(path: str, title: str, noun: str, *columns: Column) -> Kind:
    manager = path.replace("-", "_")
    return Kind(path, title, noun, sahara.records(manager), (NAME, *columns), manager)


OTHERS = (
    _records("cluster-templates", "Cluster templates", "cluster template",
             Column("Node groups", "node_groups", "groups"), *PLUGIN, DESCRIPTION, CREATED),
    _records("node-group-templates", "Node group templates", "node group template",
             Column("Processes", "node_processes", "list"), Column("Flavor", "flavor_id"), *PLUGIN, CREATED),
    _records("job-templates", "Job templates", "job template",
             Column("Type", "type", narrow=True), DESCRIPTION, CREATED),
    _records("data-sources", "Data sources", "data source",
             Column("Type", "type", narrow=True), Column("Place", "url"), DESCRIPTION, CREATED),
    _records("job-binaries", "Job binaries", "job binary", Column("Place", "url"), DESCRIPTION, CREATED),
    _records("images", "Images", "image",
             Column("User", "username"), Column("Tags", "tags", "list", narrow=True), STATE, DESCRIPTION),
    _records("plugins", "Plugins", "plugin",
             Column("Title", "title"), Column("Versions", "versions", "list", narrow=True)),
)  # fmt: skip
ALL = {kind.path: kind for kind in (CLUSTERS, JOBS, *OTHERS)}
