"""Clusters driven through their states: created, scaled, verified, deleted by their engines, in worker threads.

Requests are answered in `api/clusters.py`; how processes start is the engines' matter; progress is in `progress.py`.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, select

from saharaclient.local import compute
from saharaclient.local.engines.base import ClusterSpec, EngineError, InstanceSpec
from saharaclient.local.progress import Progress
from saharaclient.local.store.job_tables import JobExecution
from saharaclient.local.store.tables import Cluster, Instance, Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import Engine
    from saharaclient.local.service import Service

LOG = logging.getLogger(__name__)
WORKERS = 16


def spec_of(session: Session, cluster: Cluster, service: Service) -> ClusterSpec:
    """A cluster as its engine knows it."""
    instances = []
    for group in cluster.node_groups:
        flavor = compute.get_flavor(session, group.flavor_id)
        vcpus, ram = (flavor.vcpus, flavor.ram) if flavor else (1, 512)
        instances += [
            InstanceSpec(i.instance_name, group.name, tuple(group.node_processes), vcpus, ram, group.node_configs)
            for i in group.instances
        ]
    instances.sort(key=lambda instance: int(instance.name.rsplit("-", 1)[1]))
    folder = service.settings.clusters / cluster.id
    name = cluster.stack_name[:-8]
    return ClusterSpec(cluster.id, name, cluster.plugin_version, tuple(instances), folder, cluster.cluster_configs)


def place(session: Session, cluster: Cluster, counts: Mapping[str, int], drop: Mapping[str, list[str]]) -> None:
    """Gives every node group as many instances as it shall have.

    Args:
        session: The session.
        cluster: The cluster.
        counts: Counts by the node groups' ids.
        drop: Names or ids of the instances to go first, by the node groups' ids.
    """
    used = [int(i.instance_name.rsplit("-", 1)[1]) for group in cluster.node_groups for i in group.instances]
    number = max(used, default=-1) + 1
    for group in sorted(cluster.node_groups, key=lambda group: bool(group.instances)):
        wanted = counts.get(group.id, group.count)
        named = drop.get(group.id, [])
        going = [i for i in group.instances if i.instance_name in named or i.instance_id in named]
        going += [i for i in reversed(group.instances) if i not in going]
        for instance in going[: max(len(group.instances) - wanted, 0)]:
            group.instances.remove(instance)
        for _ in range(wanted - len(group.instances)):
            name = f"{cluster.stack_name[:-8]}-{group.name}-{number}".lower()
            group.instances.append(Instance(project_id=cluster.project_id, instance_name=name))
            number += 1
        group.count = wanted
    session.flush()


class Clusters:
    """The clusters of a service. Each is worked on by one thread at a time.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._pool: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """Takes up the clusters of an earlier run of the service."""
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="cluster")
        with self._service.database.session(read_only=True) as session:
            ids = list(session.scalars(select(Cluster.id).where(Cluster.status != "Error")))
        for id_ in ids:
            self._submit(self._recover, id_)

    def stop(self) -> None:
        """Waits for the work under way."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def after_commit(self, session: Session, work: Callable[..., None], *args: Any) -> None:
        """Starts work on a cluster once the request's transaction is in the database."""
        event.listen(session, "after_commit", lambda _session: self._submit(work, *args), once=True)

    def _submit(self, work: Callable[..., None], id_: str, *args: Any) -> None:
        if self._pool:
            self._pool.submit(self._work, work, id_, *args)

    def _work(self, work: Callable[..., None], id_: str, *args: Any) -> None:
        with self._locks[id_]:
            try:
                work(id_, *args)
            except Exception:
                LOG.exception("Work on cluster %s failed", id_)
                self._set(id_, status="Error", status_description="The service failed on this cluster; see its log.")

    def _set(self, id_: str, **values: Any) -> None:
        with self._service.database.session() as session:
            cluster = session.get(Cluster, id_)
            if cluster is not None and (cluster.status != "Deleting" or values.get("status") == "Error"):
                for name, value in values.items():
                    setattr(cluster, name, value)

    def _read(self, id_: str) -> tuple[ClusterSpec, Engine, dict[str, Any] | None, str] | None:
        with self._service.database.session(read_only=True) as session:
            cluster = session.get(Cluster, id_)
            if cluster is None or cluster.plugin_name not in self._service.engines:
                return None
            spec = spec_of(session, cluster, self._service)
            return spec, self._service.engines[cluster.plugin_name], cluster.engine_state, cluster.status

    def _place(self, id_: str, counts: Mapping[str, int], drop: Mapping[str, list[str]]) -> None:
        with self._service.database.session() as session:
            cluster = session.get_one(Cluster, id_)
            place(session, cluster, counts, drop)
            spec = spec_of(session, cluster, self._service)
            where = self._service.engines[cluster.plugin_name].addresses(spec, cluster.engine_state)
            for group in cluster.node_groups:
                for instance in group.instances:
                    instance.internal_ip = instance.management_ip = where.get(instance.instance_name)

    def create(self, id_: str) -> None:
        """Brings a new cluster up."""
        found = self._read(id_)
        if found is None or found[3] == "Deleting":
            return
        self._set(id_, status="InfraUpdating")
        self._place(id_, {}, {})
        spec, engine, _, _ = self._read(id_) or found
        try:
            state = engine.start(spec, Progress(self._service.database, id_, "create"))
        except EngineError as error:
            reason = f"Creating cluster failed for the following reason(s): {error}"
            self._set(id_, status="Error", status_description=reason, engine_state=error.state)
            return
        self._activate(id_, spec, engine, state)

    def _activate(self, id_: str, spec: ClusterSpec, engine: Engine, state: dict[str, Any]) -> None:
        info = {name: dict(values) for name, values in engine.info(spec, state).items()}
        with self._service.database.session() as session:
            session.get_one(Cluster, id_).engine_state = state
            cluster = session.get_one(Cluster, id_)
            if cluster.status != "Deleting":
                cluster.status, cluster.info, cluster.wanted = "Active", info, None
        self._verify(id_)
        self._service.jobs.run_pending(id_)

    def scale(self, id_: str, counts: dict[str, int], drop: dict[str, list[str]]) -> None:
        """Makes a cluster larger or smaller; one that cannot be is Active again, with the reason."""
        found = self._read(id_)
        if found is None or found[3] == "Deleting":
            return
        before, engine, state, _ = found
        self._set(id_, status="Decommissioning")
        self._place(id_, counts, drop)
        spec = (self._read(id_) or found)[0]
        try:
            state = engine.scale(spec, state or {}, Progress(self._service.database, id_, "scale"))
        except EngineError as error:
            self._back(id_, {instance.name for instance in before.instances})
            kept = (self._read(id_) or found)[0]
            self._set(id_, status_description=f"Scaling cluster failed for the following reason(s): {error}")
            self._activate(id_, kept, engine, error.state or state or {})
            return
        self._activate(id_, spec, engine, state)

    def _back(self, id_: str, names: set[str]) -> None:
        """Forgets instances that did not come up, and node groups left empty that were new."""
        with self._service.database.session() as session:
            cluster = session.get_one(Cluster, id_)
            for group in list(cluster.node_groups):
                new = [instance for instance in group.instances if instance.instance_name not in names]
                for instance in new:
                    group.instances.remove(instance)
                group.count = len(group.instances)
                if new and not group.instances:
                    cluster.node_groups.remove(group)

    def delete(self, id_: str) -> None:
        """Takes a cluster down and forgets it."""
        found = self._read(id_)
        if found is None:
            return
        spec, engine, state, _ = found
        self._service.jobs.cancel_all(id_)
        try:
            engine.stop(spec, state)
        except EngineError as error:
            reason = f"Terminating cluster failed for the following reason(s): {error}"
            self._set(id_, status="Error", status_description=reason)
            return
        with self._service.database.session() as session:
            session.delete(session.get_one(Cluster, id_))
        self._locks.pop(id_, None)

    def verify(self, id_: str) -> None:
        """Asks a cluster how it is."""
        self._verify(id_)

    def _verify(self, id_: str) -> None:
        found = self._read(id_)
        if found is None or found[3] != "Active":
            return
        spec, engine, state, _ = found
        with self._service.database.session() as session:
            begin_verification(session, session.get_one(Cluster, id_))
        try:
            checks = [vars_of(check) for check in engine.verify(spec, state or {})]
        except EngineError as error:
            checks = [{"name": "Verification", "status": "RED", "description": str(error)}]
        ranks = [check["status"] for check in checks]
        status = next((rank for rank in ("RED", "YELLOW") if rank in ranks), "GREEN")
        with self._service.database.session() as session:
            cluster = session.get(Cluster, id_)
            if cluster is not None and cluster.verification is not None:
                cluster.verification.status, cluster.verification.checks = status, checks

    def _recover(self, id_: str) -> None:
        """After a restart: what was under way is ended properly, what ran is taken up again."""
        found = self._read(id_)
        if found is None:
            return
        spec, engine, state, status = found
        if status == "Deleting":
            self.delete(id_)
            return
        if state is None:
            engine.stop(spec, None)
            reason = f"Creating cluster failed for the following reason(s): the service was stopped in state {status}"
            self._set(id_, status="Error", status_description=reason)
            return
        try:
            state = engine.recover(spec, state)
        except EngineError as error:
            self._set(id_, status="Error", status_description=f"The cluster could not be recovered: {error}")
            return
        if status != "Active":
            self._back(id_, {instance.name for instance in spec.instances} & set(state.get("instances", ())))
            self._set(id_, status_description=f"The service was stopped in state {status}")
        self._activate(id_, (self._read(id_) or found)[0], engine, state)

    def delete_if_idle(self, id_: str) -> None:
        """Deletes a transient cluster that has no job left."""
        with self._service.database.session() as session:
            cluster = session.get(Cluster, id_)
            if cluster is None or not cluster.is_transient or cluster.status != "Active":
                return
            open_jobs = select(func.count()).where(JobExecution.cluster_id == id_, JobExecution.end_time.is_(None))
            if session.scalar(open_jobs) == 0:
                cluster.status = "Deleting"
                self.after_commit(session, self.delete, id_)


def begin_verification(session: Session, cluster: Cluster) -> None:
    """Puts a new verification under way in the place of the last."""
    if cluster.verification is not None:
        session.delete(cluster.verification)
        session.flush()
    cluster.verification = Verification(status="CHECKING", project_id=cluster.project_id)


def vars_of(check: Any) -> dict[str, Any]:
    """A check as a reply shows it."""
    return {"name": check.name, "status": check.status, "description": check.description}
