"""The commands of job templates in API 1.1, written once in `saharaclient.osc.job_templates`."""

from saharaclient.osc.job_templates import (
    CreateJobTemplate,
    DeleteJobTemplate,
    ListJobTemplates,
    ShowJobTemplate,
    UpdateJobTemplate,
)
