"""Which files of jobs that have ended go: those of the oldest, by age, number and size. The records stay."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from saharaclient.local.sahara.records.clusters import now
from saharaclient.local.sahara.records.jobs import JobExecution
from saharaclient.local.store.files import disk_use

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Limits:
    """What is kept of jobs that have ended.

    Args:
        runs: Of how many the files are kept.
        days: Days since their ends.
        size: Bytes that only they take.
    """

    runs: int
    days: int
    size: int


@dataclass(frozen=True)
class Kept:
    """The folder of a job that has ended.

    Args:
        folder: The folder.
        ended: When the job ended.
        size: Bytes that would be free without it.
    """

    folder: Path
    ended: datetime
    size: int


def kept(folder: Path, session: Session) -> list[Kept]:
    """The folders of jobs that have ended, the latest first.

    Args:
        folder: Where each run has one.
        session: A session, which may be read-only.
    """
    there = {path.name: path for path in folder.glob("*")}
    ended = select(JobExecution.id, JobExecution.end_time).where(
        JobExecution.id.in_(there), JobExecution.end_time.is_not(None)
    )
    found = [Kept(there[id_], end, disk_use(there[id_], shared=False)) for id_, end in session.execute(ended) if end]
    return sorted(found, key=lambda one: (one.ended, one.folder.name), reverse=True)


def beyond(runs: list[Kept], limits: Limits) -> list[Kept]:
    """Those of the runs, the latest of which is first, that the limits let go."""
    oldest, total, gone = now() - timedelta(days=limits.days), 0, []
    for number, run in enumerate(runs):
        total += run.size
        if number >= limits.runs or run.ended < oldest or total > limits.size:
            gone.append(run)
    return gone


def prune(folder: Path, session: Session, limits: Limits) -> list[Kept]:
    """Removes the folders that the limits let go.

    Args:
        folder: Where each run has one.
        session: A session, which may be read-only.
        limits: What is kept.

    Returns:
        What is gone.
    """
    gone = beyond(kept(folder, session), limits)
    for run in gone:
        shutil.rmtree(run.folder, ignore_errors=True)
    return gone
