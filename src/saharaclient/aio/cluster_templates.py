"""Cluster templates: the node groups and configuration of clusters to come."""
# Made by tools/make_aio.py from src/saharaclient/api/cluster_templates.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import cluster_templates as sync
from saharaclient.api.cluster_templates import ClusterTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saharaclient import types


class ClusterTemplateManagerV1(pageable.PageableManager[ClusterTemplate]):
    """Cluster templates in API 1.1."""

    _sync: sync.ClusterTemplateManagerV1

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        plugin_name: str,
        hadoop_version: str,
        description: str | None = None,
        cluster_configs: dict[str, Any] | None = None,
        node_groups: Sequence[types.NodeGroupSpec] | None = None,
        anti_affinity: list[str] | None = None,
        net_id: str | None = None,
        default_image_id: str | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
        domain_name: str | None = None,
    ) -> ClusterTemplate:
        """Create a cluster template. REST: ``POST /cluster-templates``.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            hadoop_version: the plugin's version.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, each with ``name``, ``count`` and ``node_group_template_id`` or all
                fields of a template.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            default_image_id: the image of clusters that name none.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            domain_name: the DNS domain of the instances, where the server manages DNS.

        Returns:
            The new template.

        Raises:
            NameAlreadyExists: the project has one of this name.
            InvalidReference: it names something that doesn't exist.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create,
            name,
            plugin_name,
            hadoop_version,
            description,
            cluster_configs,
            node_groups,
            anti_affinity,
            net_id,
            default_image_id,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            domain_name,
        )

    async def update(
        self,
        cluster_template_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        plugin_name: str | base.NotUpdated | None = NotUpdated,
        hadoop_version: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        cluster_configs: dict[str, Any] | base.NotUpdated | None = NotUpdated,
        node_groups: Sequence[types.NodeGroupSpec] | base.NotUpdated | None = NotUpdated,
        anti_affinity: list[str] | base.NotUpdated | None = NotUpdated,
        net_id: str | base.NotUpdated | None = NotUpdated,
        default_image_id: str | base.NotUpdated | None = NotUpdated,
        use_autoconfig: bool | base.NotUpdated | None = NotUpdated,
        shares: Sequence[types.Share] | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
        domain_name: str | base.NotUpdated | None = NotUpdated,
    ) -> ClusterTemplate:
        """Change a cluster template; what is not given stays. REST: ``PUT /cluster-templates/<id>``.

        Args:
            cluster_template_id: its id.
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            hadoop_version: the plugin's version.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, each with ``name``, ``count`` and ``node_group_template_id`` or all
                fields of a template.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            default_image_id: the image of clusters that name none.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            domain_name: the DNS domain of the instances, where the server manages DNS.

        Returns:
            The changed template.

        Raises:
            NotFound: there is no such template.
            InUse: it is protected, or clusters use it.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.update,
            cluster_template_id,
            name,
            plugin_name,
            hadoop_version,
            description,
            cluster_configs,
            node_groups,
            anti_affinity,
            net_id,
            default_image_id,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            domain_name,
        )

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        marker: str | None = None,
        limit: int | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[ClusterTemplate]:
        """All cluster templates, or a page of them. REST: ``GET /cluster-templates``.

        Args:
            search_opts: filters: ``name``, ``plugin_name``, and ``hadoop_version`` (1.1) or ``plugin_version`` (2).
            marker: the id after which the page begins.
            limit: resources at most; by default all.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The templates, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, marker, limit, sort_by, reverse)

    async def get(self, cluster_template_id: str) -> ClusterTemplate:
        """A cluster template. REST: ``GET /cluster-templates/<id>``.

        Args:
            cluster_template_id: its id.

        Returns:
            The template.

        Raises:
            NotFound: there is no such template.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, cluster_template_id)

    async def delete(self, cluster_template_id: str) -> None:
        """Delete a cluster template. REST: ``DELETE /cluster-templates/<id>``.

        Args:
            cluster_template_id: its id.

        Raises:
            NotFound: there is no such template.
            InUse: it is protected, or something uses it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, cluster_template_id)

    async def export(self, cluster_template_id: str) -> types.ClusterTemplateReply:
        """A cluster template without what belongs to its cloud, to be created elsewhere.

        REST: ``GET /cluster-templates/<id>/export``.

        Args:
            cluster_template_id: its id.

        Returns:
            The server's whole reply, in which the template is the member ``cluster_template``.

        Raises:
            NotFound: there is no such template.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.export, cluster_template_id)


class ClusterTemplateManagerV2(ClusterTemplateManagerV1):
    """Cluster templates in API 2."""

    _sync: sync.ClusterTemplateManagerV2

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        plugin_name: str,
        plugin_version: str,
        description: str | None = None,
        cluster_configs: dict[str, Any] | None = None,
        node_groups: Sequence[types.NodeGroupSpec] | None = None,
        anti_affinity: list[str] | None = None,
        net_id: str | None = None,
        default_image_id: str | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
        domain_name: str | None = None,
    ) -> ClusterTemplate:
        """Create a cluster template. REST: ``POST /cluster-templates``.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            plugin_version: the plugin's version.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, each with ``name``, ``count`` and ``node_group_template_id`` or all
                fields of a template.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            default_image_id: the image of clusters that name none.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            domain_name: the DNS domain of the instances, where the server manages DNS.

        Returns:
            The new template.

        Raises:
            NameAlreadyExists: the project has one of this name.
            InvalidReference: it names something that doesn't exist.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create,
            name,
            plugin_name,
            plugin_version,
            description,
            cluster_configs,
            node_groups,
            anti_affinity,
            net_id,
            default_image_id,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            domain_name,
        )

    async def update(
        self,
        cluster_template_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        plugin_name: str | base.NotUpdated | None = NotUpdated,
        plugin_version: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        cluster_configs: dict[str, Any] | base.NotUpdated | None = NotUpdated,
        node_groups: Sequence[types.NodeGroupSpec] | base.NotUpdated | None = NotUpdated,
        anti_affinity: list[str] | base.NotUpdated | None = NotUpdated,
        net_id: str | base.NotUpdated | None = NotUpdated,
        default_image_id: str | base.NotUpdated | None = NotUpdated,
        use_autoconfig: bool | base.NotUpdated | None = NotUpdated,
        shares: Sequence[types.Share] | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
        domain_name: str | base.NotUpdated | None = NotUpdated,
    ) -> ClusterTemplate:
        """Change a cluster template; what is not given stays. REST: ``PATCH /cluster-templates/<id>``.

        Args:
            cluster_template_id: its id.
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            plugin_version: the plugin's version.
            description: a text.
            cluster_configs: configuration of the whole cluster by service.
            node_groups: node groups, each with ``name``, ``count`` and ``node_group_template_id`` or all
                fields of a template.
            anti_affinity: processes of which no two instances share a host.
            net_id: the network of the instances.
            default_image_id: the image of clusters that name none.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            domain_name: the DNS domain of the instances, where the server manages DNS.

        Returns:
            The changed template.

        Raises:
            NotFound: there is no such template.
            InUse: it is protected, or clusters use it.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.update,
            cluster_template_id,
            name,
            plugin_name,
            plugin_version,
            description,
            cluster_configs,
            node_groups,
            anti_affinity,
            net_id,
            default_image_id,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            domain_name,
        )


ClusterTemplateManager = ClusterTemplateManagerV1
