"""What the API versions call the same thing, for programs that work in both. Nothing here sends requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """The facts of an API version that programs need.

    Attributes:
        number: as it is given to ``--os-data-processing-api-version``.
        version_field: the member that holds a plugin's version.
        job_templates: the client's attribute that manages job templates.
        jobs: the client's attribute that manages runs of jobs.
        job_template_id: a run's member that names its job template.
        job_type_filters: the filters of job types by plugin and by its version.
        stores_binaries: whether the service itself stores programs; else they live in object storage.
    """

    number: str
    version_field: str
    job_templates: str
    jobs: str
    job_template_id: str
    job_type_filters: tuple[str, str]
    stores_binaries: bool


V1 = Version("1.1", "hadoop_version", "jobs", "job_executions", "job_id", ("plugin", "version"), stores_binaries=True)
V2 = Version(
    "2",
    "plugin_version",
    "job_templates",
    "jobs",
    "job_template_id",
    ("plugin_name", "plugin_version"),
    stores_binaries=False,
)


def of(client: Any) -> Version:
    """The version that a `saharaclient.api.client.Client` speaks."""
    return V2 if hasattr(client, "job_templates") else V1
