"""The commands of job binaries in API 2, written once in `saharaclient.osc.job_binaries`."""

from saharaclient.osc.job_binaries import (
    CreateJobBinary,
    DeleteJobBinary,
    DownloadJobBinary,
    ListJobBinaries,
    ShowJobBinary,
    UpdateJobBinary,
)
