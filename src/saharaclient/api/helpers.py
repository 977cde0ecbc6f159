"""Questions about a plugin's processes and parameters that forms ask."""

from __future__ import annotations

from typing import Any

from saharaclient.api import parameters


class Helpers:
    """Answers from what a server tells about its plugins.

    Args:
        sahara_client: a client of either API version.
    """

    def __init__(self, sahara_client: Any) -> None:
        self.sahara = sahara_client
        self.plugins = sahara_client.plugins

    def get_node_processes(self, plugin_name: str, hadoop_version: str) -> list[tuple[str, str]]:
        """The processes of a plugin's version, each twice, as choices of a form.

        REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        services = self._plugin(plugin_name, hadoop_version).node_processes.values()
        return [(process, process) for processes in services for process in processes]

    def get_cluster_general_configs(self, plugin_name: str, hadoop_version: str) -> list[parameters.Parameter]:
        """The parameters of a whole cluster. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return self._parameters(self._plugin(plugin_name, hadoop_version), "cluster", "general")

    def get_general_node_group_configs(self, plugin_name: str, hadoop_version: str) -> list[parameters.Parameter]:
        """The parameters of every node group. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return self._parameters(self._plugin(plugin_name, hadoop_version), "node", "general")

    def get_targeted_cluster_configs(
        self, plugin_name: str, hadoop_version: str
    ) -> dict[str, list[parameters.Parameter]]:
        """The parameters of a cluster's services, by service. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return self._by_service(plugin_name, hadoop_version, "cluster")

    def get_targeted_node_group_configs(
        self, plugin_name: str, hadoop_version: str
    ) -> dict[str, list[parameters.Parameter]]:
        """The parameters of a node group's services, by service. REST: ``GET /plugins/<name>/<version>``.

        Args:
            plugin_name: the plugin.
            hadoop_version: its version.

        Raises:
            NotFound: there is no such plugin or version.
            APIException: what else the server reports.
        """
        return self._by_service(plugin_name, hadoop_version, "node")

    def _plugin(self, plugin_name: str, version: str) -> Any:
        return self.plugins.get_version_details(plugin_name, version)

    def _by_service(self, plugin_name: str, version: str, scope: str) -> dict[str, list[parameters.Parameter]]:
        plugin = self._plugin(plugin_name, version)
        return {service: self._parameters(plugin, scope, service) for service in plugin.node_processes}

    def _parameters(self, plugin: Any, scope: str, target: str) -> list[parameters.Parameter]:
        return [
            parameters.Parameter(config)
            for config in plugin.configs
            if config["scope"] == scope and config["applicable_target"] == target
        ]
