"""Waiting for clusters: what counts as progress, as done and as failed. Both API versions wait alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core.waiting import Pace, Watch
from saharaclient.api import base, pageable, replies
from saharaclient.states import CHECKED, ClusterStatus

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection


_PACE = Pace(first=0.2, longest=5.0)
_MOST_ASKED = 1000  # clusters of which it is remembered what was asked for


def _state(cluster: base.Resource) -> object:
    """What changes when a cluster gets on: its state, its provisioning steps, its check."""
    info = cluster._info
    steps = [
        (s.get("id"), s.get("successful"), s.get("total"), len(replies.objects(s.get("events"))))
        for s in replies.objects(info.get("provision_progress"))
    ]
    return info.get("status"), steps, info.get("verification")


def _failed(cluster: Any) -> base.OperationFailed:
    """The error for a cluster that failed: the server's reason and the failed events."""
    info = cluster._info
    reasons = [str(info.get("status_description") or "")]
    for step in replies.objects(info.get("provision_progress")):
        for event in replies.objects(step.get("events")):
            if event.get("successful") is False and event.get("event_info"):
                where = f" on {event['instance_name']}" if event.get("instance_name") else ""
                reasons.append(f"{step.get('step_name')}{where}: {event['event_info']}")
    reason = "\n".join(dict.fromkeys(filter(None, reasons))) or "the server gives no reason"
    return base.OperationFailed(
        f"Cluster {info.get('name')} ({info.get('id')}) is {info.get('status')}: {reason}", cluster
    )


class _Outcome:
    """Whether a cluster has got where it should.

    A change that failed leaves a cluster Active with the reason, and that stays through changes that go well: only one
    that was not there before tells of a failure.

    Args:
        wanted: states.
        asked: the cluster as it was when the change was asked for, if that is known.
    """

    def __init__(self, wanted: Collection[str], asked: dict[str, Any] | None) -> None:
        self._wanted = wanted
        self._undone = False  # whether a change was seen that is taken back
        self._before: object = self if asked is None else asked.get("status_description")  # itself: not known

    def __call__(self, cluster: Any) -> bool:
        status, reason = cluster._status(), cluster._info.get("status_description")
        if self._before is self:
            self._before = reason
        failed_change = status == ClusterStatus.ACTIVE and reason and (reason != self._before or self._undone)
        if failed_change or (status == ClusterStatus.ERROR and ClusterStatus.ERROR not in self._wanted):
            raise _failed(cluster)
        if status != ClusterStatus.ACTIVE:
            self._before = reason
            self._undone = str(status).startswith("Rollback")
        return status in self._wanted


class _Verdict:
    """Whether the check of a cluster is done, and is not the one before.

    Args:
        asked: the cluster as it was when the check was asked for, if that is known.
    """

    def __init__(self, asked: dict[str, Any] | None) -> None:
        self._before = _done_check((asked or {}).get("verification"))

    def __call__(self, cluster: Any) -> bool:
        done = _done_check(cluster._info.get("verification"))
        return done is not None and (done != self._before or not any(done))


def _done_check(check: object) -> tuple[object, ...] | None:
    """What tells a check that is done from others; None of one that is not."""
    if not isinstance(check, dict) or check.get("status") not in CHECKED:
        return None
    return check.get("id"), check.get("created_at"), check.get("updated_at")


def _deleting(cluster: Any) -> bool:
    if cluster._status() == ClusterStatus.ERROR:
        raise _failed(cluster)
    return False


class ClusterWaits(pageable.PageableManager[base.R]):
    """The waits of a manager of clusters."""

    get: Callable[..., base.R]

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self._asked: dict[str, dict[str, Any]] = {}  # clusters as they were when a change or a check was asked for

    def wait(
        self,
        cluster_id: str,
        until: str | Collection[str] = ClusterStatus.ACTIVE,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
        cancel: threading.Event | None = None,
    ) -> base.R:
        """Wait until a cluster is in a state. REST: ``GET /clusters/<id>``, repeated.

        Provisioning steps are asked for (``show_progress=True``) with `on_progress`, and once when it has failed.

        Args:
            cluster_id: its id.
            until: the state, or several of which any will do.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and whenever its state or a provisioning step changes.
            interval: seconds between looks; by default soon at first, then less often, up to 5.
            cancel: an event that ends the wait when another thread sets it; a request under way is finished first.

        Returns:
            The cluster in that state.

        Raises:
            OperationFailed: the cluster is in Error, or is Active again after a change that failed during this wait
                or had been asked for by this client before.
            OperationTimedOut: it took longer.
            OperationCancelled: `cancel` was set.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        wanted = (until,) if isinstance(until, str) else tuple(until)
        what = f"Cluster {cluster_id} {' or '.join(sorted(set(wanted)))}"
        judge = _Outcome(wanted, self._asked.get(cluster_id))
        return self._watch(cluster_id, what, judge, timeout, on_progress, interval, cancel)

    def wait_verified(
        self,
        cluster_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
        cancel: threading.Event | None = None,
    ) -> base.R:
        """Wait until the check of a cluster's health is done. REST: ``GET /clusters/<id>``, repeated.

        After a check was asked for with this client, the one before does not count.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and on each change.
            interval: seconds between looks; by default soon at first, then less often, up to 5.
            cancel: an event that ends the wait when another thread sets it; a request under way is finished first.

        Returns:
            The cluster; ``verification["status"]`` is GREEN, YELLOW or RED.

        Raises:
            OperationTimedOut: it took longer.
            OperationCancelled: `cancel` was set.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        judge = _Verdict(self._asked.get(cluster_id))
        return self._watch(cluster_id, f"Check of cluster {cluster_id}", judge, timeout, on_progress, interval, cancel)

    def wait_deleted(
        self,
        cluster_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        """Wait until a cluster is gone. REST: ``GET /clusters/<id>``, repeated.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and on each change.
            interval: seconds between looks; by default soon at first, then less often, up to 5.
            cancel: an event that ends the wait when another thread sets it; a request under way is finished first.

        Raises:
            OperationFailed: the deletion ended in Error.
            OperationTimedOut: it took longer.
            OperationCancelled: `cancel` was set.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        what = f"Deletion of cluster {cluster_id}"
        try:
            self._watch(cluster_id, what, _deleting, timeout, on_progress, interval, cancel)
        except base.NotFound as error:
            if error.error_name != "NOT_FOUND":  # it may be the path that there is not
                raise

    def _watch(
        self,
        cluster_id: str,
        what: str,
        judge: Callable[[Any], bool],
        timeout: float | None,
        on_progress: Callable[[base.R], object] | None,
        interval: float | None,
        cancel: threading.Event | None,
    ) -> base.R:
        watch = Watch(
            what,
            timeout,
            _PACE if interval is None else Pace.every(interval),
            self._clock,
            state=_state,
            judge=judge,
            closely=on_progress is not None,
            look_again=True,
        )
        try:
            found = self._wait(watch, lambda closely: self.get(cluster_id, closely), on_progress, cancel)
        except (base.OperationFailed, base.NotFound):
            self._asked.pop(cluster_id, None)
            raise
        self._asked.pop(cluster_id, None)
        return found

    def _ask(self, cluster_id: str, change: base.R) -> base.R:
        """Remember how a cluster was when a change was asked for, by the reply to that; returns the reply."""
        cluster = change._info.get("cluster")
        if isinstance(cluster, dict):
            while len(self._asked) >= _MOST_ASKED:
                self._asked.pop(next(iter(self._asked)), None)
            self._asked[cluster_id] = cluster
        return change
