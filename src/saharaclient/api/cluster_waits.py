"""Waiting for clusters: what counts as progress, as done and as failed. Both API versions wait alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient._core.waiting import Pace
from saharaclient.api import base, pageable, replies

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_PACE = Pace(first=0.2, longest=5.0)
_CHECKED = ("GREEN", "YELLOW", "RED")


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


class ClusterWaits(pageable.PageableManager[base.R]):
    """The waits of a manager of clusters."""

    get: Callable[..., base.R]

    def wait(
        self,
        cluster_id: str,
        until: str | Collection[str] = "Active",
        timeout: float = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
    ) -> base.R:
        """Wait until a cluster is in a state. REST: ``GET /clusters/<id>?show_progress=True``, repeated.

        Args:
            cluster_id: its id.
            until: the state, or several of which any will do.
            timeout: seconds, default an hour.
            on_progress: called with the cluster at first, and whenever its state or a provisioning step changes.

        Returns:
            The cluster in that state.

        Raises:
            OperationFailed: the cluster is in Error, or is Active again after a change that failed.
            OperationTimedOut: it took longer.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
        """
        wanted = (until,) if isinstance(until, str) else tuple(until)

        def judge(cluster: Any) -> bool:
            status = cluster._status()
            failed_change = status == "Active" and cluster._info.get("status_description")
            if failed_change or (status == "Error" and "Error" not in wanted):
                raise _failed(cluster)
            return status in wanted

        return self._watch(
            cluster_id, f"Cluster {cluster_id} {' or '.join(sorted(set(wanted)))}", judge, timeout, on_progress
        )

    def wait_verified(
        self,
        cluster_id: str,
        timeout: float = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
    ) -> base.R:
        """Wait until the check of a cluster's health is done.

        REST: ``GET /clusters/<id>?show_progress=True``, repeated.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour.
            on_progress: called with the cluster at first, and on each change.

        Returns:
            The cluster; ``verification["status"]`` is GREEN, YELLOW or RED.

        Raises:
            OperationTimedOut: it took longer.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
        """

        def judge(cluster: Any) -> bool:
            check = cluster._info.get("verification")
            return isinstance(check, dict) and check.get("status") in _CHECKED

        return self._watch(cluster_id, f"Check of cluster {cluster_id}", judge, timeout, on_progress)

    def wait_deleted(
        self,
        cluster_id: str,
        timeout: float = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
    ) -> None:
        """Wait until a cluster is gone. REST: ``GET /clusters/<id>?show_progress=True``, repeated.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour.
            on_progress: called with the cluster at first, and on each change.

        Raises:
            OperationFailed: the deletion ended in Error.
            OperationTimedOut: it took longer.
            APIException: what else the server reports that time won't mend.
        """

        def judge(cluster: Any) -> bool:
            if cluster._status() == "Error":
                raise _failed(cluster)
            return False

        try:
            self._watch(cluster_id, f"Deletion of cluster {cluster_id}", judge, timeout, on_progress)
        except base.NotFound as error:
            if error.error_name != "NOT_FOUND":
                raise

    def _watch(
        self,
        cluster_id: str,
        what: str,
        judge: Callable[[base.R], bool],
        timeout: float,
        on_progress: Callable[[base.R], object] | None,
    ) -> base.R:
        return self._wait(
            what,
            lambda: self.get(cluster_id, show_progress=True),
            judge,
            timeout=timeout,
            pace=_PACE,
            state=_state,
            on_progress=on_progress,
        )
