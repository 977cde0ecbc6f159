"""The commands of running a job at once in API 2, written once in `saharaclient.osc.job_run`."""

from saharaclient.osc.job_run import (
    RunJob,
)

__all__ = [
    "RunJob",
]
