"""How an engine's report on a cluster becomes Sahara's states, provisioning steps and events in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from saharaclient.local.engines.base import GETTING_INSTANCES, EngineError
from saharaclient.local.sahara.records.clusters import Cluster, Instance, NodeGroup, ProvisionStep, new_id, now
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    import threading

    from sqlalchemy.orm import Session

    from saharaclient.local.store.database import Database


class Progress:
    """An engine's reporter that writes what it hears.

    When the cluster is to be deleted or the service to stop, the engine's next word is answered with an `EngineError`:
    so the work ends soon, and the engine takes back what it has begun.

    Args:
        database: The database.
        cluster_id: The cluster.
        work: What is done with it: `create` or `scale`.
        stopping: Set when the service stops.

    Attributes:
        interrupted: Whether the work was ended in this way.
    """

    def __init__(self, database: Database, cluster_id: str, work: str, stopping: threading.Event) -> None:
        self.interrupted = False
        self._stopping = stopping
        self._database = database
        self._cluster_id = cluster_id
        self._work = work
        self._state: str = ClusterStatus.SPAWNING

    def enter(self, status: str) -> None:
        """The cluster enters a state."""
        self._state = status
        shown = f"Scaling: {status}" if self._work == "scale" and status in GETTING_INSTANCES else status
        with self._database.session() as session:
            self._cluster(session).status = shown

    def _cluster(self, session: Session) -> Cluster:
        cluster = session.get(Cluster, self._cluster_id)
        if cluster is None or cluster.status == ClusterStatus.DELETING or self._stopping.is_set():
            self.interrupted = True
            raise EngineError("The service stops" if self._stopping.is_set() else "The cluster is being deleted")
        return cluster

    def step(self, name: str, total: int) -> Step:
        """A provisioning step begins."""
        if self._state in GETTING_INSTANCES:
            kind = f"Engine: {self._work} cluster"
        elif self._work == "scale":
            kind = "Plugin: scale cluster"
        else:
            kind = f"Plugin: {'start' if self._state == 'Starting' else 'configure'} cluster"
        with self._database.session() as session:
            cluster = self._cluster(session)
            position = session.scalar(select(func.count()).where(ProvisionStep.cluster_id == cluster.id)) or 0
            step = ProvisionStep(
                position=position, cluster_id=cluster.id, project_id=cluster.project_id, step_name=name, step_type=kind,
                total=total, successful=True if total == 0 else None,
            )  # fmt: skip
            session.add(step)
            session.flush()
            return Step(self._database, step.id)


class Step:
    """One step under way. As in Sahara, a step that succeeded keeps no events; one that failed tells where and why."""

    def __init__(self, database: Database, id_: str) -> None:
        self._database = database
        self._id = id_

    def succeeded(self, instance: str) -> None:
        """The step is done on an instance."""
        self._add(instance, None)

    def failed(self, instance: str, reason: str) -> None:
        """The step failed on an instance."""
        self._add(instance, reason)

    def _add(self, instance_name: str, reason: str | None) -> None:
        with self._database.session() as session:
            step = session.get(ProvisionStep, self._id)
            if step is None:
                return
            query = (
                select(Instance)
                .join(NodeGroup)
                .where(NodeGroup.cluster_id == step.cluster_id, Instance.instance_name == instance_name)
            )
            instance = session.scalars(query).first()
            event: dict[str, Any] = {
                "created_at": now().isoformat(timespec="seconds"),
                "updated_at": None,
                "id": new_id(),
                "node_group_id": instance.node_group_id if instance else None,
                "instance_id": instance.id if instance else None,
                "instance_name": instance_name,
                "event_info": reason,
                "successful": reason is None,
                "step_id": step.id,
            }
            step.events = [*step.events, event]
            if reason is not None:
                step.successful = False
            elif step.successful is None and len(step.events) >= step.total:
                step.successful, step.events = True, []
