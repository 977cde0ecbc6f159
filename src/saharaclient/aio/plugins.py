"""Plugins: the kinds of cluster that a server can make."""
# Made by tools/make_aio.py from src/saharaclient/api/plugins.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.aio import managers
from saharaclient.api.plugins import Plugin

if TYPE_CHECKING:
    from saharaclient import types
    from saharaclient.api import base
    from saharaclient.api import plugins as sync


class _PluginManager(managers.ResourceManager[Plugin]):
    _sync: sync._PluginManager

    async def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[Plugin]:
        """All plugins that the project may use. REST: ``GET /plugins``.

        Args:
            search_opts: filters, sent as they are.

        Returns:
            The plugins.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts)

    async def get(self, plugin_name: str) -> Plugin:
        """A plugin. REST: ``GET /plugins/<name>``.

        Args:
            plugin_name: its name.

        Returns:
            The plugin.

        Raises:
            NotFound: there is no such plugin.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, plugin_name)

    async def update(self, plugin_name: str, values: types.PluginUpdate) -> Plugin:
        """Change a plugin's labels, as an administrator. REST: ``PATCH /plugins/<name>``.

        Args:
            plugin_name: its name.
            values: ``plugin_labels`` and ``version_labels``; what is not named stays.

        Returns:
            The changed plugin.

        Raises:
            BadRequest: a label is unknown or can't be changed.
            NotFound: there is no such plugin.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update, plugin_name, values)


class PluginManagerV1(_PluginManager):
    """Plugins in API 1.1."""

    _sync: sync.PluginManagerV1

    async def get_version_details(self, plugin_name: str, hadoop_version: str) -> Plugin:
        """A plugin with what is particular to one of its versions. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: its name.
            hadoop_version: the version.

        Returns:
            The plugin with ``node_processes``, ``configs`` and ``required_image_tags``.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get_version_details, plugin_name, hadoop_version)

    async def convert_to_cluster_template(
        self, plugin_name: str, hadoop_version: str, template_name: str, filecontent: bytes | str
    ) -> dict[str, Any]:
        """Make a cluster template from a configuration file of the plugin's own format.

        REST: ``POST /plugins/<name>/<version>/convert-config/<template name>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.
            template_name: the name of the new template.
            filecontent: the file's bytes.

        Returns:
            The template's members.

        Raises:
            BadRequest: the plugin can't convert such a file.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.convert_to_cluster_template, plugin_name, hadoop_version, template_name, filecontent
        )


class PluginManagerV2(_PluginManager):
    """Plugins in API 2."""

    _sync: sync.PluginManagerV2

    async def get_version_details(self, plugin_name: str, plugin_version: str) -> Plugin:
        """A plugin with what is particular to one of its versions. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: its name.
            plugin_version: the version.

        Returns:
            The plugin with ``node_processes``, ``configs`` and ``required_image_tags``.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get_version_details, plugin_name, plugin_version)


PluginManager = PluginManagerV1
