"""The commands of runs of jobs in API 2, written once in `saharaclient.osc.jobs`."""

from saharaclient.osc.jobs import (
    DeleteJob,
    ExecuteJob,
    ListJobs,
    ShowJob,
    UpdateJob,
)
