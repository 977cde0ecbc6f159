"""Plugins: the kinds of cluster that a server can make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api import base

if TYPE_CHECKING:
    from saharaclient import types


class Plugin(base.Resource):
    """A plugin: one kind of cluster, in one or more versions."""

    resource_name = "Plugin"

    id: str
    name: str
    title: str
    description: str
    versions: list[str]
    plugin_labels: dict[str, types.PluginLabel]
    version_labels: dict[str, dict[str, types.PluginLabel]]
    # of one version, by get_version_details()
    node_processes: dict[str, list[str]]
    configs: list[types.PluginConfig]
    required_image_tags: list[str]

    def _complete(self, info: dict[str, Any]) -> dict[str, Any]:
        # the server knows plugins by name alone
        return {**info, "id": info["name"]} if "name" in info else info


class _PluginManager(base.ResourceManager[Plugin]):
    resource_class = Plugin
    path = "/plugins"
    response_key = "plugin"
    list_key = "plugins"

    def list(self, search_opts: dict[str, Any] | None = None) -> base.Page[Plugin]:
        """All plugins that the project may use. REST: ``GET /plugins``.

        Args:
            search_opts: filters, sent as they are.

        Returns:
            The plugins.

        Raises:
            APIException: what the server reports.
        """
        return self._list(self._url(query=base.get_query_string(search_opts)), self.list_key)

    def get(self, plugin_name: str) -> Plugin:
        """A plugin. REST: ``GET /plugins/<name>``.

        Args:
            plugin_name: its name.

        Returns:
            The plugin.

        Raises:
            NotFound: there is no such plugin.
            APIException: what else the server reports.
        """
        return self._get(self._url(plugin_name), self.response_key)

    def update(self, plugin_name: str, values: types.PluginUpdate) -> Plugin:
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
        return self._change(self._url(plugin_name), values, self.response_key)

    def _version_details(self, plugin_name: str, version: str) -> Plugin:
        return self._get(self._url(plugin_name, version), self.response_key)


class PluginManagerV1(_PluginManager):
    """Plugins in API 1.1."""

    def get_version_details(self, plugin_name: str, hadoop_version: str) -> Plugin:
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
        return self._version_details(plugin_name, hadoop_version)

    def convert_to_cluster_template(
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
        url = self._url(plugin_name, hadoop_version, "convert-config", template_name)
        return self._member(self._write("POST", url, filecontent, dump_json=False), "cluster_template")


class PluginManagerV2(_PluginManager):
    """Plugins in API 2."""

    def get_version_details(self, plugin_name: str, plugin_version: str) -> Plugin:
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
        return self._version_details(plugin_name, plugin_version)


PluginManager = PluginManagerV1
