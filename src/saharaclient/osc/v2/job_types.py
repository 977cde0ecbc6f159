"""The commands of job types in API 2, written once in `saharaclient.osc.job_types`."""

from saharaclient.osc.job_types import (
    GetJobTypeConfigs,
    ListJobTypes,
)
