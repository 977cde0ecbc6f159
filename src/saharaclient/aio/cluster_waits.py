"""Waiting for clusters: what counts as progress, as done and as failed. Both API versions wait alike."""
# Made by tools/make_aio.py from src/saharaclient/api/cluster_waits.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import cluster_waits as sync
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class ClusterWaits(pageable.PageableManager[base.R]):
    """The waits of a manager of clusters."""

    _sync: sync.ClusterWaits[base.R]

    async def wait(
        self,
        cluster_id: str,
        until: str | Collection[str] = ClusterStatus.ACTIVE,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
    ) -> base.R:
        """Wait until a cluster is in a state. REST: ``GET /clusters/<id>``, repeated.

        Provisioning steps are asked for (``show_progress=True``) with `on_progress`, and once when it has failed.

        Args:
            cluster_id: its id.
            until: the state, or several of which any will do.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and whenever its state or a provisioning step changes.
            interval: seconds between looks; by default soon at first, then less often, up to 5.

        Returns:
            The cluster in that state.

        Raises:
            OperationFailed: the cluster is in Error, or is Active again after a change that failed during this wait
                or had been asked for by this client before.
            OperationTimedOut: it took longer.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        found: base.R = await self._driver.wait(
            self._sync, "wait", cluster_id, until, timeout, on_progress, interval=interval
        )
        return found

    async def wait_verified(
        self,
        cluster_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
    ) -> base.R:
        """Wait until the check of a cluster's health is done. REST: ``GET /clusters/<id>``, repeated.

        After a check was asked for with this client, the one before does not count.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and on each change.
            interval: seconds between looks; by default soon at first, then less often, up to 5.

        Returns:
            The cluster; ``verification["status"]`` is GREEN, YELLOW or RED.

        Raises:
            OperationTimedOut: it took longer.
            NotFound: there is no such cluster.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        found: base.R = await self._driver.wait(
            self._sync, "wait_verified", cluster_id, timeout, on_progress, interval=interval
        )
        return found

    async def wait_deleted(
        self,
        cluster_id: str,
        timeout: float | None = base.DEFAULT_WAIT,
        on_progress: Callable[[base.R], object] | None = None,
        *,
        interval: float | None = None,
    ) -> None:
        """Wait until a cluster is gone. REST: ``GET /clusters/<id>``, repeated.

        Args:
            cluster_id: its id.
            timeout: seconds, default an hour; None for no limit.
            on_progress: called with the cluster at first, and on each change.
            interval: seconds between looks; by default soon at first, then less often, up to 5.

        Raises:
            OperationFailed: the deletion ended in Error.
            OperationTimedOut: it took longer.
            APIException: what else the server reports that time won't mend.
            keystoneauth1.exceptions.ConnectionError: a certificate that is not trusted, a host that there is not.
        """
        await self._driver.wait(self._sync, "wait_deleted", cluster_id, timeout, on_progress, interval=interval)
