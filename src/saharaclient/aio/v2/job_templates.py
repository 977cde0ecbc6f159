"""Job templates of API 2, which API 1.1 calls jobs."""
# Made by tools/make_aio.py from src/saharaclient/api/v2/job_templates.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient import types  # noqa: F401 - in a text
from saharaclient.aio import jobs
from saharaclient.api.v2.job_templates import JobTemplate

if TYPE_CHECKING:
    from saharaclient.api.v2 import job_templates as sync


class JobTemplatesManagerV2(jobs.JobTemplateMethods[JobTemplate, "types.JobTemplateReply"]):
    """Job templates in API 2."""

    _sync: sync.JobTemplatesManagerV2
