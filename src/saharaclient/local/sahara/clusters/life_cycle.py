"""Clusters driven through their states: created, scaled, verified, deleted by their engines, in worker threads.

The database is the truth: what is under way can be read from a cluster's record, and is taken up again after a restart.
Requests are answered in `sahara/api`; how processes start is the engines' matter; progress is in `progress.py`.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from saharaclient.local.background.trouble import patiently, will_pass
from saharaclient.local.background.workers import Workers
from saharaclient.local.engines.base import Check, EngineError
from saharaclient.local.sahara.clusters import verification
from saharaclient.local.sahara.clusters.placement import Scaling, plan, remove, spec_of
from saharaclient.local.sahara.clusters.progress import Progress
from saharaclient.local.sahara.records.clusters import (
    Cluster,
    ClusterTemplate,
    NodeGroupTemplate,
)
from saharaclient.states import ClusterStatus, HealthStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from saharaclient.local.engines.base import ClusterSpec, Engine, PluginDescription
    from saharaclient.local.store.database import Database

LOG = logging.getLogger(__name__)
WORKERS = 16


@dataclass(frozen=True)
class _Found:
    """A cluster as it was read."""

    spec: ClusterSpec
    engine: Engine
    state: dict[str, Any] | None
    status: str
    wanted: Scaling | None


class Listener:
    """What is told how clusters fare, by the threads that work on them; this one does not care."""

    def active(self, cluster_id: str) -> None:
        """A cluster is Active: new, scaled, or taken up after a restart."""

    def failed(self, cluster_id: str) -> None:
        """A cluster is in Error."""

    def before_delete(self, cluster_id: str) -> None:
        """A cluster is about to be taken down; it is, once this returns."""

    def gone(self, session: Session, cluster_id: str) -> None:
        """A cluster was taken down, and its record goes with the session's transaction."""


class Clusters:
    """The clusters of a service. On each, one thing is done after the other.

    Args:
        database: Where their records are.
        engines: Engines by their plugins' names.
        folder: Where the files of each have a folder.
        verify_every: Seconds between two looks at a cluster that nobody has asked for.
        upgrade: Whether clusters of a version of their plugin that is gone are brought up on the present one.

    Attributes:
        listener: What is told how they fare. Set before `start`.
    """

    def __init__(
        self,
        database: Database,
        engines: Mapping[str, Engine],
        folder: Path,
        *,
        verify_every: float = 60.0,
        upgrade: bool = False,
    ) -> None:
        self.listener = Listener()
        self._database = database
        self._engines = engines
        self._folder = folder
        self._workers = Workers("cluster", WORKERS)
        self._stopping = threading.Event()
        self._recovering: set[str] = set()
        self._upgrade = upgrade
        self._verify_every = verify_every
        self._verifier = threading.Thread(target=self._verify_all, name="cluster-verifier", daemon=True)

    def start(self) -> None:
        """Takes up the clusters of an earlier run of the service."""
        self._workers.start()
        with self._database.session(read_only=True) as session:
            known = session.execute(
                select(Cluster.id, Cluster.status, Cluster.plugin_name, Cluster.plugin_version)
            ).all()
        ids = [
            id_
            for id_, status, plugin, version in known
            if status != ClusterStatus.ERROR or (self._upgrade and version not in self._versions(plugin))
        ]
        self._recovering.update(ids)
        for id_ in ids:
            self._workers.submit(id_, partial(self._work, self._recover, id_))
        self._verifier.start()

    def _versions(self, plugin: str) -> list[str]:
        return [described.version for described in self._engines[plugin].describe().versions]

    def _verify_all(self) -> None:
        """Looks at all clusters, over and over: a daemon that dies says so to nobody."""
        while not self._stopping.wait(self._verify_every):
            with contextlib.suppress(OperationalError), self._database.session(read_only=True) as session:
                for id_ in session.scalars(select(Cluster.id).where(Cluster.status == ClusterStatus.ACTIVE)):
                    self.look_at(id_)

    def stop(self) -> None:
        """Ends the work under way at its next step; the next start takes it up again."""
        self._stopping.set()
        if self._verifier.is_alive():
            self._verifier.join()
        self._workers.stop()

    def after_commit(self, session: Session, work: Callable[[str], None], id_: str) -> None:
        """Starts work on a cluster once the request's transaction is in the database."""
        self._workers.after_commit(session, id_, partial(self._work, work, id_))

    def look_at(self, id_: str) -> None:
        """Verifies a cluster soon."""
        self._workers.submit(id_, partial(self._work, self.verify, id_))

    def is_ready(self, cluster: Cluster) -> bool:
        """Whether jobs can run on a cluster now."""
        return cluster.status == ClusterStatus.ACTIVE and cluster.id not in self._recovering

    def spec(self, session: Session, cluster: Cluster, without: Collection[str] = ()) -> ClusterSpec:
        """A cluster as its engine knows it, but for the instances of these names."""
        return spec_of(session, cluster, self._folder, without)

    def _work(self, work: Callable[[str], None], id_: str) -> None:
        again = work if work == self.verify else self._recover
        patiently(
            partial(self._do, work, id_), partial(self._do, again, id_), self._stopping.wait, f"Work on cluster {id_}"
        )

    def _do(self, work: Callable[[str], None], id_: str) -> None:
        try:
            work(id_)
        except CancelledError:
            LOG.info("Work on cluster %s was interrupted", id_)
        except Exception as error:
            if will_pass(error):
                raise
            LOG.exception("Work on cluster %s failed", id_)
            self._fail(id_, "The service failed on this cluster; see its log.", deleting=work == self.delete)

    def _read(self, id_: str, without: Collection[str] = ()) -> _Found | None:
        with self._database.session(read_only=True) as session:
            cluster = session.get(Cluster, id_)
            if cluster is None:
                return None
            spec = self.spec(session, cluster, without)
            engine = self._engines[cluster.plugin_name]
            return _Found(spec, engine, cluster.engine_state, cluster.status, Scaling.load(cluster.wanted))

    def _fail(self, id_: str, reason: str, *, deleting: bool = False, state: dict[str, Any] | None = None) -> None:
        with self._database.session() as session:
            cluster = session.get(Cluster, id_)
            if cluster is None or (cluster.status == ClusterStatus.DELETING and not deleting):
                return
            cluster.status, cluster.status_description, cluster.wanted = ClusterStatus.ERROR, reason, None
            cluster.engine_state = state or cluster.engine_state
        self.listener.failed(id_)

    def _progress(self, id_: str, work: str) -> Progress:
        return Progress(self._database, id_, work, self._stopping)

    def _set_addresses(self, session: Session, cluster: Cluster) -> None:
        spec = self.spec(session, cluster)
        where = self._engines[cluster.plugin_name].addresses(spec, cluster.engine_state)
        for group in cluster.node_groups:
            for instance in group.instances:
                instance.internal_ip = instance.management_ip = where.get(instance.instance_name)

    def create(self, id_: str) -> None:
        """Brings a new cluster up."""
        with self._database.session() as session:
            cluster = session.get(Cluster, id_)
            if cluster is None or cluster.status == ClusterStatus.DELETING:
                return
            cluster.status = ClusterStatus.INFRA_UPDATING
            plan(session, cluster, Scaling())
            self._set_addresses(session, cluster)
        found = self._read(id_)
        if found is None:
            return
        progress = self._progress(id_, "create")
        try:
            state = found.engine.start(found.spec, progress)
        except EngineError as error:
            if not progress.interrupted:
                reason = f"Creating cluster failed for the following reason(s): {error}"
                self._fail(id_, reason, state=error.state)
            return
        self._activate(id_, state)

    def _activate(self, id_: str, state: dict[str, Any], *, gone: Collection[str] = (), failure: str = "") -> None:
        """Makes a cluster Active.

        Args:
            id_: The cluster.
            state: What its engine gave.
            gone: Names of instances it has no longer.
            failure: Why the change that was asked for failed.
        """
        with self._database.session() as session:
            cluster = session.get_one(Cluster, id_)
            cluster.engine_state = state
            wanted, cluster.wanted = Scaling.load(cluster.wanted), None
            if wanted:
                remove(cluster, gone)
            if wanted and failure:
                _remove_empty(cluster, wanted.groups)
            spec = self.spec(session, cluster)
            info = self._engines[cluster.plugin_name].info(spec, state)
            cluster.info = {name: dict(values) for name, values in info.items()}
            if cluster.status != ClusterStatus.DELETING:
                cluster.status, cluster.status_description = ClusterStatus.ACTIVE, failure
                verification.begin(session, cluster)  # no reply shows an Active cluster of which nothing is known
        self._recovering.discard(id_)
        self.listener.active(id_)
        self.verify(id_)

    def scale(self, id_: str) -> None:
        """Makes a cluster what `wanted` says; one that cannot be is Active again, with the reason."""
        wanted = self._planned(id_)
        found = self._read(id_, without=wanted.going or ()) if wanted else None
        if wanted is None or found is None:
            return
        progress = self._progress(id_, "scale")
        try:
            state = found.engine.scale(found.spec, found.state or {}, progress)
        except EngineError as error:
            if not progress.interrupted:
                self._take_back(id_, found.state or {}, wanted, error)
            return
        self._activate(id_, state, gone=wanted.going or ())

    def _planned(self, id_: str) -> Scaling | None:
        """What a cluster shall become, with its instances planned; None if it is not to be scaled any more."""
        with self._database.session() as session:
            cluster = session.get(Cluster, id_)
            wanted = Scaling.load(cluster.wanted) if cluster else None
            if cluster is None or cluster.status == ClusterStatus.DELETING or wanted is None:
                return None
            cluster.status = ClusterStatus.DECOMMISSIONING
            if wanted.new is None:
                engine = self._engines[cluster.plugin_name]
                dead = engine.dead(self.spec(session, cluster), cluster.engine_state or {})
                wanted = plan(session, cluster, wanted, dead)
                cluster.wanted = wanted.dump()
            self._set_addresses(session, cluster)
            return wanted

    def _take_back(self, id_: str, state: dict[str, Any], wanted: Scaling, error: EngineError) -> None:
        """Leaves a cluster as it is after a scaling that failed, with the reason."""
        # With a state of its own the engine says that it has changed the cluster: what had to go is gone.
        gone = [*(wanted.new or ()), *((wanted.going or ()) if error.state is not None else ())]
        failure = f"Scaling cluster failed for the following reason(s): {error}"
        self._activate(id_, error.state or state, gone=gone, failure=failure)

    def delete(self, id_: str) -> None:
        """Takes a cluster down and forgets it."""
        found = self._read(id_)
        if found is None:
            return
        self.listener.before_delete(id_)
        try:
            found.engine.stop(found.spec, found.state)
        except (EngineError, OSError) as error:
            reason = f"Terminating cluster failed for the following reason(s): {error}"
            self._fail(id_, reason, deleting=True)
            return
        with self._database.session() as session:
            self.listener.gone(session, id_)
            session.delete(session.get_one(Cluster, id_))

    def verify(self, id_: str) -> None:
        """Asks a cluster how it is."""
        found = self._read(id_)
        if found is None or found.status != ClusterStatus.ACTIVE:
            return
        with self._database.session() as session:
            cluster = session.get_one(Cluster, id_)
            if cluster.verification is None or cluster.verification.status != HealthStatus.CHECKING:
                verification.begin(session, cluster)
        try:
            checks = found.engine.verify(found.spec, found.state or {})
        except EngineError as error:
            checks = [Check("Verification", HealthStatus.RED, str(error))]
        with self._database.session() as session:
            cluster = session.get_one(Cluster, id_)
            if cluster.verification is not None:
                verification.end(cluster.verification, checks)

    def _recover(self, id_: str) -> None:
        """After a restart or trouble: what was under way goes on, what ran is taken up again."""
        found = self._read(id_)
        if found is None:
            return
        if found.status == ClusterStatus.DELETING:
            self.delete(id_)
            return
        with self._database.session() as session:
            cluster = session.get_one(Cluster, id_)
            for step in list(cluster.provision_progress):
                if found.state is None or step.successful is None:
                    cluster.provision_progress.remove(step)
            wanted = Scaling.load(cluster.wanted)
            if wanted and wanted.going:
                # Recovery starts nothing that has to go anyway, and leaves it to `scale` to start what is new.
                remove(cluster, wanted.going)
                cluster.wanted = replace(wanted, going=()).dump()
        plugin = found.engine.describe()
        if plugin.version(found.spec.version) is None:
            self._change_version(id_, found, plugin)
            return
        if found.state is None:
            found.engine.stop(found.spec, None)
            self.create(id_)
            return
        found = self._read(id_, without=(found.wanted and found.wanted.new) or ()) or found
        try:
            state = found.engine.recover(found.spec, found.state)
        except EngineError as error:
            self._fail(id_, f"The cluster could not be recovered: {error}")
            return
        if found.wanted is None:
            self._activate(id_, state)
            return
        with self._database.session() as session:
            session.get_one(Cluster, id_).engine_state = state
        self.scale(id_)

    def _change_version(self, id_: str, found: _Found, plugin: PluginDescription) -> None:
        """Ends a cluster of a version that is gone, and brings it up on the present one where that is wanted."""
        found.engine.stop(found.spec, found.state)
        old, new = found.spec.version, plugin.versions[0].version
        if not self._upgrade:
            self._fail(
                id_,
                f"The cluster was made with {plugin.title} {old}, and here is {new} now: start the service with "
                "--upgrade-clusters to bring it up on that, with its name and templates, or delete it.",
            )
            return
        with self._database.session() as session:
            for table in (NodeGroupTemplate, ClusterTemplate):
                of_old = table.plugin_name == plugin.name, table.plugin_version == old
                session.execute(update(table).where(*of_old).values(plugin_version=new))
            cluster = session.get_one(Cluster, id_)
            cluster.plugin_version, cluster.engine_state, cluster.wanted = new, None, None
            cluster.status, cluster.status_description = ClusterStatus.VALIDATING, ""
            cluster.provision_progress.clear()
        self.create(id_)


def _remove_empty(cluster: Cluster, group_ids: Collection[str]) -> None:
    """Forgets those of some node groups that have no instance."""
    for group in [one for one in cluster.node_groups if one.id in group_ids and not one.instances]:
        cluster.node_groups.remove(group)
