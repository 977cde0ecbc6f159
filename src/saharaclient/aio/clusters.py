"""Clusters: made from templates, scaled, verified, deleted. Waiting for them is in `cluster_waits`."""
# Made by tools/make_aio.py from src/saharaclient/api/clusters.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from saharaclient.aio import cluster_waits
from saharaclient.api import base
from saharaclient.api import clusters as sync
from saharaclient.api.clusters import Cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saharaclient import types


class ClusterManagerV1(cluster_waits.ClusterWaits[Cluster]):
    """Clusters in API 1.1."""

    _sync: sync.ClusterManagerV1

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        plugin_name: str,
        hadoop_version: str,
        cluster_template_id: str | None = None,
        default_image_id: str | None = None,
        is_transient: bool | None = None,
        description: str | None = None,
        cluster_configs: dict[str, Any] | None = None,
        node_groups: Sequence[types.NodeGroupSpec] | None = None,
        user_keypair_id: str | None = None,
        anti_affinity: list[str] | None = None,
        net_id: str | None = None,
        count: int | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> Cluster:
        """Create a cluster, or several alike. REST: ``POST /clusters``, ``POST /clusters/multiple``.

        The server answers at once; `wait` waits until the cluster is there.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            hadoop_version: the plugin's version.
            cluster_template_id: the template that gives what is not given here.
            default_image_id: the image of its instances.
            is_transient: whether it goes away after its last job.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, in place of the template's.
            user_keypair_id: the key pair to reach the instances with.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            count: how many clusters to create, default 1; their names get a number.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The new cluster; of several, the server's whole reply with the member ``clusters``.

        Raises:
            NameAlreadyExists: the project has one of this name.
            InvalidReference: it names something that doesn't exist.
            QuotaExceeded: it needs more than the project may have.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create,
            name,
            plugin_name,
            hadoop_version,
            cluster_template_id,
            default_image_id,
            is_transient,
            description,
            cluster_configs,
            node_groups,
            user_keypair_id,
            anti_affinity,
            net_id,
            count,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
        )

    async def update(
        self,
        cluster_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
        shares: Sequence[types.Share] | base.NotUpdated | None = NotUpdated,
    ) -> types.ClusterReply:
        """Change a cluster's description; what is not given stays. REST: ``PATCH /clusters/<id>``.

        Args:
            cluster_id: its id.
            name: its name.
            description: a text.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            shares: shared file systems to mount.

        Returns:
            The server's whole reply, in which the cluster is the member ``cluster``.

        Raises:
            NotFound: there is no such cluster.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.update, cluster_id, name, description, is_public, is_protected, shares
        )

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        limit: int | None = None,
        marker: str | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[Cluster]:
        """All clusters, or a page of them. REST: ``GET /clusters``.

        Args:
            search_opts: filters: ``name``, ``plugin_name``, and ``hadoop_version`` (1.1) or ``plugin_version`` (2).
            limit: clusters at most; by default all.
            marker: the id after which the page begins.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The clusters, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, limit, marker, sort_by, reverse)

    async def get(self, cluster_id: str, show_progress: bool = False) -> Cluster:
        """A cluster. REST: ``GET /clusters/<id>``.

        Args:
            cluster_id: its id.
            show_progress: whether to add ``provision_progress``, the steps of its making.

        Returns:
            The cluster.

        Raises:
            NotFound: there is no such cluster.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, cluster_id, show_progress)

    async def verification_update(self, cluster_id: str, status: Literal["START"]) -> types.ClusterReply:
        """Ask for a check of a cluster's health. REST: ``PATCH /clusters/<id>``.

        Args:
            cluster_id: its id.
            status: ``START``.

        Returns:
            The server's whole reply, in which the cluster is the member ``cluster``.

        Raises:
            InvalidState: a check is running.
            NotFound: there is no such cluster.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.verification_update, cluster_id, status)

    async def scale(self, cluster_id: str, scale_object: types.ScaleObject) -> types.ClusterReply:
        """Change how many instances a cluster has. REST: ``PUT /clusters/<id>``.

        The server answers at once; `wait` waits until it is done.

        Args:
            cluster_id: its id.
            scale_object: ``resize_node_groups`` (each ``name``, ``count``), ``add_node_groups``.

        Returns:
            The server's whole reply, in which the cluster is the member ``cluster``.

        Raises:
            InvalidState: the cluster is not active.
            InvalidReference: it has no such node group.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.scale, cluster_id, scale_object)

    async def delete(self, cluster_id: str) -> None:
        """Delete a cluster. REST: ``DELETE /clusters/<id>``.

        The server answers at once; `wait_deleted` waits until it is gone.

        Args:
            cluster_id: its id.

        Raises:
            NotFound: there is no such cluster.
            InUse: it is protected.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, cluster_id)


class ClusterManagerV2(ClusterManagerV1):
    """Clusters in API 2."""

    _sync: sync.ClusterManagerV2

    async def create(
        self,
        name: str,
        plugin_name: str,
        plugin_version: str,
        cluster_template_id: str | None = None,
        default_image_id: str | None = None,
        is_transient: bool | None = None,
        description: str | None = None,
        cluster_configs: dict[str, Any] | None = None,
        node_groups: Sequence[types.NodeGroupSpec] | None = None,
        user_keypair_id: str | None = None,
        anti_affinity: list[str] | None = None,
        net_id: str | None = None,
        count: int | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> Cluster:
        """Create a cluster, or several alike. REST: ``POST /clusters``.

        The server answers at once; `wait` waits until the cluster is there.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            plugin_version: the plugin's version.
            cluster_template_id: the template that gives what is not given here.
            default_image_id: the image of its instances.
            is_transient: whether it goes away after its last job.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, in place of the template's.
            user_keypair_id: the key pair to reach the instances with.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            count: how many clusters to create, default 1; their names get a number.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The new cluster; of several, the server's whole reply with the member ``clusters``.

        Raises:
            NameAlreadyExists: the project has one of this name.
            InvalidReference: it names something that doesn't exist.
            QuotaExceeded: it needs more than the project may have.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create,
            name,
            plugin_name,
            plugin_version,
            cluster_template_id,
            default_image_id,
            is_transient,
            description,
            cluster_configs,
            node_groups,
            user_keypair_id,
            anti_affinity,
            net_id,
            count,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
        )

    async def force_delete(self, cluster_id: str) -> dict[str, Any] | None:
        """Delete a cluster without waiting for what runs on it. REST: ``DELETE /clusters/<id>`` with ``force``.

        Args:
            cluster_id: its id.

        Returns:
            The name of a stack that the server may leave behind, as ``{"stack_name": …}``, or None.

        Raises:
            NotFound: there is no such cluster.
            InUse: it is protected.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.force_delete, cluster_id)

    async def update_keypair(self, cluster_id: str) -> types.ClusterReply:
        """Put the present key of the cluster's key pair on its instances. REST: ``PATCH /clusters/<id>``.

        Args:
            cluster_id: its id.

        Returns:
            The server's whole reply, in which the cluster is the member ``cluster``.

        Raises:
            NotFound: there is no such cluster.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update_keypair, cluster_id)


ClusterManager = ClusterManagerV1
