"""Node group templates: what the instances of one sort in a cluster are like."""
# Made by tools/make_aio.py from src/saharaclient/api/node_group_templates.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import node_group_templates as sync
from saharaclient.api.node_group_templates import NodeGroupTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saharaclient import types


class NodeGroupTemplateManagerV1(pageable.PageableManager[NodeGroupTemplate]):
    """Node group templates in API 1.1."""

    _sync: sync.NodeGroupTemplateManagerV1

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        plugin_name: str,
        hadoop_version: str,
        flavor_id: str,
        description: str | None = None,
        volumes_per_node: int | None = None,
        volumes_size: int | None = None,
        node_processes: list[str] | None = None,
        node_configs: dict[str, Any] | None = None,
        floating_ip_pool: str | None = None,
        security_groups: list[str] | None = None,
        auto_security_group: bool | None = None,
        availability_zone: str | None = None,
        volumes_availability_zone: str | None = None,
        volume_type: str | None = None,
        image_id: str | None = None,
        is_proxy_gateway: bool | None = None,
        volume_local_to_instance: bool | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
        volume_mount_prefix: str | None = None,
    ) -> NodeGroupTemplate:
        """Create a node group template. REST: ``POST /node-group-templates``.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            hadoop_version: the plugin's version.
            flavor_id: the flavor of each instance.
            description: a text.
            volumes_per_node: volumes attached to each instance; none of the other volume fields count
                without it.
            volumes_size: GiB of each volume.
            node_processes: the processes of each instance, as the plugin names them.
            node_configs: configuration by process or service.
            floating_ip_pool: the network that floating addresses come from.
            security_groups: names or ids of security groups.
            auto_security_group: whether the server makes a security group with the ports that the plugin
                needs.
            availability_zone: where the instances run.
            volumes_availability_zone: where the volumes are.
            volume_type: the type of the volumes.
            image_id: the image; by default the cluster's.
            is_proxy_gateway: whether the instances are the way to the others.
            volume_local_to_instance: whether volumes are on the same host as their instance.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            volume_mount_prefix: where volumes are mounted, a path.

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
            flavor_id,
            description,
            volumes_per_node,
            volumes_size,
            node_processes,
            node_configs,
            floating_ip_pool,
            security_groups,
            auto_security_group,
            availability_zone,
            volumes_availability_zone,
            volume_type,
            image_id,
            is_proxy_gateway,
            volume_local_to_instance,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            volume_mount_prefix,
        )

    async def update(
        self,
        ng_template_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        plugin_name: str | base.NotUpdated | None = NotUpdated,
        hadoop_version: str | base.NotUpdated | None = NotUpdated,
        flavor_id: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        volumes_per_node: int | base.NotUpdated | None = NotUpdated,
        volumes_size: int | base.NotUpdated | None = NotUpdated,
        node_processes: list[str] | base.NotUpdated | None = NotUpdated,
        node_configs: dict[str, Any] | base.NotUpdated | None = NotUpdated,
        floating_ip_pool: str | base.NotUpdated | None = NotUpdated,
        security_groups: list[str] | base.NotUpdated | None = NotUpdated,
        auto_security_group: bool | base.NotUpdated | None = NotUpdated,
        availability_zone: str | base.NotUpdated | None = NotUpdated,
        volumes_availability_zone: str | base.NotUpdated | None = NotUpdated,
        volume_type: str | base.NotUpdated | None = NotUpdated,
        image_id: str | base.NotUpdated | None = NotUpdated,
        is_proxy_gateway: bool | base.NotUpdated | None = NotUpdated,
        volume_local_to_instance: bool | base.NotUpdated | None = NotUpdated,
        use_autoconfig: bool | base.NotUpdated | None = NotUpdated,
        shares: Sequence[types.Share] | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
        volume_mount_prefix: str | base.NotUpdated | None = NotUpdated,
    ) -> NodeGroupTemplate:
        """Change a node group template; what is not given stays. REST: ``PUT /node-group-templates/<id>``.

        Args:
            ng_template_id: its id.
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            hadoop_version: the plugin's version.
            flavor_id: the flavor of each instance.
            description: a text.
            volumes_per_node: volumes attached to each instance; none of the other volume fields count
                without it.
            volumes_size: GiB of each volume.
            node_processes: the processes of each instance, as the plugin names them.
            node_configs: configuration by process or service.
            floating_ip_pool: the network that floating addresses come from.
            security_groups: names or ids of security groups.
            auto_security_group: whether the server makes a security group with the ports that the plugin
                needs.
            availability_zone: where the instances run.
            volumes_availability_zone: where the volumes are.
            volume_type: the type of the volumes.
            image_id: the image; by default the cluster's.
            is_proxy_gateway: whether the instances are the way to the others.
            volume_local_to_instance: whether volumes are on the same host as their instance.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            volume_mount_prefix: where volumes are mounted, a path.

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
            ng_template_id,
            name,
            plugin_name,
            hadoop_version,
            flavor_id,
            description,
            volumes_per_node,
            volumes_size,
            node_processes,
            node_configs,
            floating_ip_pool,
            security_groups,
            auto_security_group,
            availability_zone,
            volumes_availability_zone,
            volume_type,
            image_id,
            is_proxy_gateway,
            volume_local_to_instance,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            volume_mount_prefix,
        )

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        marker: str | None = None,
        limit: int | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[NodeGroupTemplate]:
        """All node group templates, or a page of them. REST: ``GET /node-group-templates``.

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

    async def get(self, ng_template_id: str) -> NodeGroupTemplate:
        """A node group template. REST: ``GET /node-group-templates/<id>``.

        Args:
            ng_template_id: its id.

        Returns:
            The template.

        Raises:
            NotFound: there is no such template.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, ng_template_id)

    async def delete(self, ng_template_id: str) -> None:
        """Delete a node group template. REST: ``DELETE /node-group-templates/<id>``.

        Args:
            ng_template_id: its id.

        Raises:
            NotFound: there is no such template.
            InUse: it is protected, or something uses it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, ng_template_id)

    async def export(self, ng_template_id: str) -> types.NodeGroupTemplateReply:
        """A node group template without what belongs to its cloud, to be created elsewhere.

        REST: ``GET /node-group-templates/<id>/export``.

        Args:
            ng_template_id: its id.

        Returns:
            The server's whole reply, in which the template is the member ``node_group_template``.

        Raises:
            NotFound: there is no such template.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.export, ng_template_id)


class NodeGroupTemplateManagerV2(NodeGroupTemplateManagerV1):
    """Node group templates in API 2."""

    _sync: sync.NodeGroupTemplateManagerV2

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        plugin_name: str,
        plugin_version: str,
        flavor_id: str,
        description: str | None = None,
        volumes_per_node: int | None = None,
        volumes_size: int | None = None,
        node_processes: list[str] | None = None,
        node_configs: dict[str, Any] | None = None,
        floating_ip_pool: str | None = None,
        security_groups: list[str] | None = None,
        auto_security_group: bool | None = None,
        availability_zone: str | None = None,
        volumes_availability_zone: str | None = None,
        volume_type: str | None = None,
        image_id: str | None = None,
        is_proxy_gateway: bool | None = None,
        volume_local_to_instance: bool | None = None,
        use_autoconfig: bool | None = None,
        shares: Sequence[types.Share] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
        volume_mount_prefix: str | None = None,
        boot_from_volume: bool | None = None,
        boot_volume_type: str | None = None,
        boot_volume_availability_zone: str | None = None,
        boot_volume_local_to_instance: bool | None = None,
    ) -> NodeGroupTemplate:
        """Create a node group template. REST: ``POST /node-group-templates``.

        Args:
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            plugin_version: the plugin's version.
            flavor_id: the flavor of each instance.
            description: a text.
            volumes_per_node: volumes attached to each instance; none of the other volume fields count
                without it.
            volumes_size: GiB of each volume.
            node_processes: the processes of each instance, as the plugin names them.
            node_configs: configuration by process or service.
            floating_ip_pool: the network that floating addresses come from.
            security_groups: names or ids of security groups.
            auto_security_group: whether the server makes a security group with the ports that the plugin
                needs.
            availability_zone: where the instances run.
            volumes_availability_zone: where the volumes are.
            volume_type: the type of the volumes.
            image_id: the image; by default the cluster's.
            is_proxy_gateway: whether the instances are the way to the others.
            volume_local_to_instance: whether volumes are on the same host as their instance.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            volume_mount_prefix: where volumes are mounted, a path.
            boot_from_volume: whether instances boot from a volume.
            boot_volume_type: the type of the boot volumes.
            boot_volume_availability_zone: where the boot volumes are.
            boot_volume_local_to_instance: whether boot volumes are on the same host as their instance.

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
            flavor_id,
            description,
            volumes_per_node,
            volumes_size,
            node_processes,
            node_configs,
            floating_ip_pool,
            security_groups,
            auto_security_group,
            availability_zone,
            volumes_availability_zone,
            volume_type,
            image_id,
            is_proxy_gateway,
            volume_local_to_instance,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            volume_mount_prefix,
            boot_from_volume,
            boot_volume_type,
            boot_volume_availability_zone,
            boot_volume_local_to_instance,
        )

    async def update(
        self,
        ng_template_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        plugin_name: str | base.NotUpdated | None = NotUpdated,
        plugin_version: str | base.NotUpdated | None = NotUpdated,
        flavor_id: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        volumes_per_node: int | base.NotUpdated | None = NotUpdated,
        volumes_size: int | base.NotUpdated | None = NotUpdated,
        node_processes: list[str] | base.NotUpdated | None = NotUpdated,
        node_configs: dict[str, Any] | base.NotUpdated | None = NotUpdated,
        floating_ip_pool: str | base.NotUpdated | None = NotUpdated,
        security_groups: list[str] | base.NotUpdated | None = NotUpdated,
        auto_security_group: bool | base.NotUpdated | None = NotUpdated,
        availability_zone: str | base.NotUpdated | None = NotUpdated,
        volumes_availability_zone: str | base.NotUpdated | None = NotUpdated,
        volume_type: str | base.NotUpdated | None = NotUpdated,
        image_id: str | base.NotUpdated | None = NotUpdated,
        is_proxy_gateway: bool | base.NotUpdated | None = NotUpdated,
        volume_local_to_instance: bool | base.NotUpdated | None = NotUpdated,
        use_autoconfig: bool | base.NotUpdated | None = NotUpdated,
        shares: Sequence[types.Share] | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
        volume_mount_prefix: str | base.NotUpdated | None = NotUpdated,
        boot_from_volume: bool | base.NotUpdated | None = NotUpdated,
        boot_volume_type: str | base.NotUpdated | None = NotUpdated,
        boot_volume_availability_zone: str | base.NotUpdated | None = NotUpdated,
        boot_volume_local_to_instance: bool | base.NotUpdated | None = NotUpdated,
    ) -> NodeGroupTemplate:
        """Change a node group template; what is not given stays. REST: ``PATCH /node-group-templates/<id>``.

        Args:
            ng_template_id: its id.
            name: its name: a host name of 1 to 50 characters, unique in the project.
            plugin_name: the plugin.
            plugin_version: the plugin's version.
            flavor_id: the flavor of each instance.
            description: a text.
            volumes_per_node: volumes attached to each instance; none of the other volume fields count
                without it.
            volumes_size: GiB of each volume.
            node_processes: the processes of each instance, as the plugin names them.
            node_configs: configuration by process or service.
            floating_ip_pool: the network that floating addresses come from.
            security_groups: names or ids of security groups.
            auto_security_group: whether the server makes a security group with the ports that the plugin
                needs.
            availability_zone: where the instances run.
            volumes_availability_zone: where the volumes are.
            volume_type: the type of the volumes.
            image_id: the image; by default the cluster's.
            is_proxy_gateway: whether the instances are the way to the others.
            volume_local_to_instance: whether volumes are on the same host as their instance.
            use_autoconfig: whether the plugin chooses configuration by flavor.
            shares: shared file systems to mount, each with ``id``, ``path``, ``access_level``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.
            volume_mount_prefix: where volumes are mounted, a path.
            boot_from_volume: whether instances boot from a volume.
            boot_volume_type: the type of the boot volumes.
            boot_volume_availability_zone: where the boot volumes are.
            boot_volume_local_to_instance: whether boot volumes are on the same host as their instance.

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
            ng_template_id,
            name,
            plugin_name,
            plugin_version,
            flavor_id,
            description,
            volumes_per_node,
            volumes_size,
            node_processes,
            node_configs,
            floating_ip_pool,
            security_groups,
            auto_security_group,
            availability_zone,
            volumes_availability_zone,
            volume_type,
            image_id,
            is_proxy_gateway,
            volume_local_to_instance,
            use_autoconfig,
            shares,
            is_public,
            is_protected,
            volume_mount_prefix,
            boot_from_volume,
            boot_volume_type,
            boot_volume_availability_zone,
            boot_volume_local_to_instance,
        )


NodeGroupTemplateManager = NodeGroupTemplateManagerV1
