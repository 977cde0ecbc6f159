"""Waiting for runs of jobs: what counts as their end. Both API versions wait alike."""
# Made by tools/make_aio.py from src/saharaclient/api/job_waits.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import job_waits as sync
from saharaclient.states import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class JobWaits(pageable.PageableManager[base.R]):
    """The waits of a manager of runs."""

    _sync: sync.JobWaits[base.R]

    async def wait(
        self,
        obj_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        until: str | Collection[str] = JobStatus.SUCCEEDED,
        interval: float | None = None,
    ) -> base.R:
        """Wait until a run has succeeded, or is in another state. REST: that of `refresh_status`, repeated.

        Args:
            obj_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the run at first, and whenever its state, or what it waits for, changes.
            until: the state, or several of which any will do. A run that has SUCCEEDED meanwhile will do for those that
                are no end, such as RUNNING.
            interval: seconds between looks; by default soon at first, then every 1.5, and in API 1.1, where each makes
                the server ask the cluster, less often after a minute.

        Returns:
            The run in that state.

        Raises:
            OperationFailed: the run ended in a state that was not wanted, such as FAILED, KILLED or DONEWITHERROR.
            OperationTimedOut: it took longer.
            NotFound: there is no such run.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        found: base.R = await self._driver.wait(
            self._sync, "wait", obj_id, timeout, on_progress, until=until, interval=interval
        )
        return found

    async def wait_deleted(
        self,
        obj_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
    ) -> None:
        """Wait until a run is gone. REST: that of `get`, repeated.

        Args:
            obj_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the run at first, and whenever its state, or what it waits for, changes.
            interval: seconds between looks; by default soon at first, then every 1.5.

        Raises:
            OperationTimedOut: it took longer.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        await self._driver.wait(self._sync, "wait_deleted", obj_id, timeout, on_progress, interval=interval)
