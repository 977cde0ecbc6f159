"""Waiting for runs of jobs: what counts as their end. Both API versions wait alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from saharaclient._core.waiting import Pace, Watch
from saharaclient.api import base, pageable
from saharaclient.states import ENDED, ENDED_BADLY, JobStatus

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection


class _Outcome:
    """Whether a run has got where it should.

    Args:
        what: the run, for messages.
        wanted: states.
    """

    def __init__(self, what: str, wanted: Collection[str]) -> None:
        self._what = what
        self._wanted = wanted
        # A run that succeeded has passed all that is no end.
        self._passed = not set(ENDED).issuperset(wanted)

    def __call__(self, run: Any) -> bool:
        status = run._status()
        if status in self._wanted or (status == JobStatus.SUCCEEDED and self._passed):
            return True
        if status in ENDED:
            reason = (status in ENDED_BADLY and run._failure()) or "the server gives no reason"
            raise base.OperationFailed(f"{self._what} is {status}: {reason}", run)
        return False


class JobWaits(pageable.PageableManager[base.R]):
    """The waits of a manager of runs."""

    get: Callable[[str], base.R]
    refresh_status: Callable[[str], base.R]  # the versions ask for it in different ways

    # A run's end is noticed within the longest pause and one request.
    _pace: ClassVar[Pace] = Pace(first=0.1, longest=1.5)

    def wait(
        self,
        obj_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        until: str | Collection[str] = JobStatus.SUCCEEDED,
        interval: float | None = None,
        cancel: threading.Event | None = None,
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
            cancel: an event that ends the wait when another thread sets it; a request under way is finished first.

        Returns:
            The run in that state.

        Raises:
            OperationFailed: the run ended in a state that was not wanted, such as FAILED, KILLED or DONEWITHERROR.
            OperationTimedOut: it took longer.
            OperationCancelled: `cancel` was set.
            NotFound: there is no such run.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        wanted = (until,) if isinstance(until, str) else tuple(until)
        states = "" if wanted == (JobStatus.SUCCEEDED,) else f" or {', '.join(sorted(set(wanted)))}"
        judge = _Outcome(f"Job {obj_id}", wanted)
        look = self.refresh_status
        return self._watch(obj_id, f"End of job {obj_id}{states}", look, judge, timeout, on_progress, interval, cancel)

    def wait_deleted(
        self,
        obj_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        """Wait until a run is gone. REST: that of `get`, repeated.

        Args:
            obj_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the run at first, and whenever its state, or what it waits for, changes.
            interval: seconds between looks; by default soon at first, then every 1.5.
            cancel: an event that ends the wait when another thread sets it; a request under way is finished first.

        Raises:
            OperationTimedOut: it took longer.
            OperationCancelled: `cancel` was set.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        what = f"Deletion of job {obj_id}"
        try:
            self._watch(obj_id, what, self.get, lambda _: False, timeout, on_progress, interval, cancel)
        except base.NotFound as error:
            if error.error_name != "NOT_FOUND":  # it may be the path that there is not
                raise

    def _watch(
        self,
        obj_id: str,
        what: str,
        look: Callable[[str], base.R],
        judge: Callable[[Any], bool],
        timeout: float | None,
        on_progress: Callable[[base.R], object] | None,
        interval: float | None,
        cancel: threading.Event | None,
    ) -> base.R:
        pace = self._pace if interval is None else Pace.every(interval)
        watch = Watch(
            what, timeout, pace, self._clock, state=lambda run: (run._status(), run._waits_for()), judge=judge
        )
        return self._wait(watch, lambda _: look(obj_id), on_progress, cancel)
