"""The states of clusters, of their health and of jobs, as servers write them.

Members are strings: ``ClusterStatus.ACTIVE == "Active"``. A server may know more; replies keep theirs as they come.
"""

from __future__ import annotations

from enum import StrEnum


class ClusterStatus(StrEnum):
    """The states of a cluster, in the order of its life.

    While a cluster is scaled, a server shows `SPAWNING` to `PREPARING` after the word "Scaling:".
    """

    VALIDATING = "Validating"
    INFRA_UPDATING = "InfraUpdating"
    SPAWNING = "Spawning"
    WAITING = "Waiting"
    PREPARING = "Preparing"
    CONFIGURING = "Configuring"
    STARTING = "Starting"
    ACTIVE = "Active"
    DECOMMISSIONING = "Decommissioning"
    ERROR = "Error"
    DELETING = "Deleting"


class HealthStatus(StrEnum):
    """What a cluster's verification, or one check of it, has found; the worst check speaks for the verification."""

    CHECKING = "CHECKING"
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


class JobStatus(StrEnum):
    """The states of a job, as Sahara and the Oozie behind some of its plugins write them."""

    PENDING = "PENDING"
    PREP = "PREP"
    READY_TO_RUN = "READYTORUN"
    RUNNING = "RUNNING"
    RUNNING_WITH_ERROR = "RUNNINGWITHERROR"
    TO_BE_SUSPENDED = "TOBESUSPENDED"
    SUSPENDED = "SUSPENDED"
    PREP_SUSPENDED = "PREPSUSPENDED"
    PAUSED = "PAUSED"
    PAUSED_WITH_ERROR = "PAUSEDWITHERROR"
    TO_BE_KILLED = "TOBEKILLED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    KILLED = "KILLED"
    DONE_WITH_ERROR = "DONEWITHERROR"


# Tuples, as a state of a faulty server may be nothing that a set could look up.
ENDED_BADLY = (JobStatus.FAILED, JobStatus.KILLED, JobStatus.DONE_WITH_ERROR)
ENDED = (JobStatus.SUCCEEDED, *ENDED_BADLY)
CHECKED = (HealthStatus.GREEN, HealthStatus.YELLOW, HealthStatus.RED)  # from good to bad
