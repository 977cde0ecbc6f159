"""What lists and plain reads of a resource need to know, as data: its table, names, filters and order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.sahara.api import clusters, context, jobs
from saharaclient.local.sahara.errors import SaharaError, not_found
from saharaclient.local.sahara.records import pages
from saharaclient.local.sahara.records.clusters import Cluster, ClusterTemplate, NodeGroupTemplate
from saharaclient.local.sahara.records.jobs import DataSource, JobBinary, JobBinaryInternal, JobExecution, JobTemplate
from saharaclient.local.web.calls import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from saharaclient.local.sahara.api.context import SaharaCall

PAGING = ["marker", "limit", "sort_by"]
DATES = ("created_at", "updated_at")
OF_PLUGIN = ["plugin_name", "plugin_version", "name"]


@dataclass(frozen=True)
class Resource:
    """One kind of record in the API.

    Args:
        table: Its table.
        key: Its name in replies.
        keys: The name of a list of it.
        filters: What API 2 filters its list by.
        sorts: Fields a list can be sorted by.
        columns: The column a field of the query means, where the names differ.
        show: How replies have one, see `context.show`.
    """

    table: Any
    key: str
    keys: str
    filters: list[str]
    sorts: tuple[str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    show: Callable[..., dict[str, Any]] = context.show


CLUSTERS = Resource(
    Cluster, "cluster", "clusters", OF_PLUGIN, ("id", "name", "plugin_name", "plugin_version", "status"),
    show=clusters.show,
)  # fmt: skip
CLUSTER_TEMPLATES = Resource(
    ClusterTemplate, "cluster_template", "cluster_templates", OF_PLUGIN,
    ("id", "name", "plugin_name", "plugin_version", *DATES),
)  # fmt: skip
NODE_GROUP_TEMPLATES = Resource(
    NodeGroupTemplate, "node_group_template", "node_group_templates", OF_PLUGIN,
    ("id", "name", "plugin_name", "plugin_version", *DATES),
)  # fmt: skip
DATA_SOURCES = Resource(DataSource, "data_source", "data_sources", ["type"], ("id", "name", "type", *DATES))
JOB_BINARIES = Resource(JobBinary, "job_binary", "binaries", ["name"], ("id", "name", *DATES))
INTERNALS = Resource(JobBinaryInternal, "job_binary_internal", "binaries", [], ("id", "name", *DATES))
JOB_TEMPLATES = Resource(JobTemplate, "job_template", "job_templates", ["type", "name"], ("id", "name", "type", *DATES))
JOBS_V1 = Resource(JobTemplate, "job", "jobs", [], JOB_TEMPLATES.sorts)
_RUN = {"job_template": "job_template_id", "cluster": "cluster_id"}
_RUN_SORTS = ("id", "job_template", "cluster", "status")
JOBS = Resource(JobExecution, "job", "jobs", ["status"], _RUN_SORTS, _RUN, jobs.show)
JOB_EXECUTIONS = Resource(JobExecution, "job_execution", "job_executions", [], _RUN_SORTS, _RUN, jobs.show)


def check_params(call: SaharaCall, name: str, allowed: list[str]) -> None:
    """Refuses a query parameter that API 2 does not know.

    Args:
        call: The request.
        name: What the message calls the request.
        allowed: The parameters beside those of paging.
    """
    if call.version.number == 2 and any(key not in allowed and key not in PAGING for key in call.query):
        message = f"The only valid params for {name} are {allowed} and {PAGING}"
        raise SaharaError("INVALID_PARAMS_ON_REQUEST", message)


def read_list(call: SaharaCall, resource: Resource) -> pages.Page:
    """The page of a list that the query asks for."""
    table, query = resource.table, call.query
    marker = None
    if "marker" in query:
        marker = call.find(table, query["marker"])
        if marker is None:
            raise not_found(id=query["marker"])
    limit = whole_number(query["limit"]) if "limit" in query else None
    if "limit" in query and not limit:
        raise SaharaError(400, "'limit' must be positive integer")
    chosen = select(table)
    for key, value in call.query.items():
        if key not in PAGING:
            chosen = _filtered(call, chosen, resource, key, value)
    return pages.read_page(
        call.session,
        chosen,
        table,
        call.project_id,
        sort=_sort(call, resource),
        limit=limit,
        marker=marker,
    )


def _sort(call: SaharaCall, resource: Resource) -> str:
    asked = call.query.get("sort_by") or "id"
    name = asked.removeprefix("-")
    column = "plugin_version" if name == "hadoop_version" else name
    if column not in resource.sorts:
        raise SaharaError(400, f"Unknown field for sorting {name}")
    return ("-" if asked.startswith("-") else "") + resource.columns.get(column, column)


def _filtered(call: SaharaCall, query: Any, resource: Resource, key: str, value: str) -> Any:
    table = resource.table
    if key in ("cluster.name", "job.name") and table is JobExecution:
        other, mine = (Cluster, "cluster_id") if key == "cluster.name" else (JobTemplate, "job_template_id")
        return query.where(getattr(table, mine).in_(select(other.id).where(other.name == value)))
    if key == "status" and table is JobExecution:
        return query.where(table.status == value.upper())
    name = next(iter(call.version.rename({key: None})))
    column = table.__table__.columns.get(name) if name in table.wire else None
    if column is None:
        raise SaharaError("INVALID_DATA", f"A list of {resource.keys} cannot be filtered by '{key}'")
    if column.type.python_type is bool:
        if value.lower() not in ("true", "false", "1", "0"):
            raise SaharaError("INVALID_DATA", f"The filter '{key}' must be true or false, not '{value}'")
        return query.where(column.is_(value.lower() in ("true", "1")))
    if column.type.python_type is not str:
        raise SaharaError("INVALID_DATA", f"A list of {resource.keys} cannot be filtered by '{key}'")
    return query.where(column == value)
