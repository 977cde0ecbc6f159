"""Job templates of API 2, which API 1.1 calls jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.api import jobs

if TYPE_CHECKING:
    from saharaclient import types  # noqa: F401 - named in a text below


class JobTemplate(jobs.Job):
    """A job template: a program, its libraries and what it wants to be told."""

    resource_name = "Job Template"


class JobTemplatesManagerV2(jobs.JobTemplateMethods[JobTemplate, "types.JobTemplateReply"]):
    """Job templates in API 2."""

    resource_class = JobTemplate
    path = "/job-templates"
    response_key = "job_template"
    list_key = "job_templates"
