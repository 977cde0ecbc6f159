"""The commands of runs of jobs in API 1.1, written once in `saharaclient.osc.jobs`."""

from saharaclient.osc.jobs import (
    CancelJob,
    DeleteJob,
    ExecuteJob,
    ListJobs,
    ShowJob,
    SuspendJob,
    UpdateJob,
    WaitJob,
)

__all__ = [
    "CancelJob",
    "DeleteJob",
    "ExecuteJob",
    "ListJobs",
    "ShowJob",
    "SuspendJob",
    "UpdateJob",
    "WaitJob",
]
