"""The commands of plugins, for both API versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import columns, command, explain, inputs, lists, utils

if TYPE_CHECKING:
    import argparse

PLUGIN = columns.Kind(
    "Plugin",
    "plugins",
    listed=("name", "versions"),
    long=("title", "description"),
    shown=("description", "name", "required_image_tags", "title", "versions"),
)


def add_file(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the option that names the file to write configuration to."""
    parser.add_argument("--file", metavar="<file>", help=f"File to write to; it must not exist (default: {default})")


def write_new(path: str, value: Any) -> str:
    """Write JSON to a file that doesn't exist yet; returns its path."""
    try:
        with Path(path).open("x", encoding="utf-8") as file:
            json.dump(value, file, indent=4)
    except FileExistsError:
        raise exceptions.CommandError(f"{path} exists; name another file with --file") from None
    return path


def _facts(info: dict[str, Any]) -> Any:
    """A plugin's fields, its labels, and the processes of one version."""
    labels = {f"Plugin: {name}": label.get("status") for name, label in (info.get("plugin_labels") or {}).items()}
    for version, found in (info.get("version_labels") or {}).items():
        labels.update({f"Plugin version {version}: {name}": label.get("status") for name, label in found.items()})
    rows = utils.extend_columns([*PLUGIN.details(info).items()], sorted(labels.items()))
    if processes := info.get("node_processes"):
        by_service = sorted((service, columns.joined(names)) for service, names in processes.items())
        rows = utils.extend_columns(rows, [("Service:", "Available processes:"), *by_service])
    return zip(*rows, strict=True)


class ListPlugins(lists.List):
    """List plugins."""

    kind = PLUGIN

    def fields(self, *, long: bool) -> tuple[str, ...]:
        """The fields to show; their order is that of earlier releases."""
        return ("name", "title", "versions", "description") if long else super().fields(long=long)


class ShowPlugin(command.ShowOne):
    """Show a plugin, or one of its versions."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("plugin", metavar="<plugin>", help="Name of the plugin")
        parser.add_argument("--plugin-version", metavar="<plugin_version>", help="Show this version")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = self.client.plugins
        try:
            plugin = manager.get(parsed_args.plugin)
        except base.NotFound as error:
            error.error_message = f"{error}{explain.near(parsed_args.plugin, [one.name for one in manager.list()])}"
            raise
        if not parsed_args.plugin_version:
            return _facts(plugin._info)
        info = manager.get_version_details(parsed_args.plugin, parsed_args.plugin_version)._info
        return _facts({name: value for name, value in info.items() if name != "versions"})


class GetPluginConfigs(command.Command):
    """Write the configuration that a plugin's version knows to a file."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("plugin", metavar="<plugin>", help="Name of the plugin")
        parser.add_argument("plugin_version", metavar="<plugin_version>", help="Version of the plugin")
        add_file(parser, "<plugin>-<version>")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        plugin, version = parsed_args.plugin, parsed_args.plugin_version
        details = self.client.plugins.get_version_details(plugin, version)
        path = write_new(parsed_args.file or f"{plugin}-{version}", details._info)
        command.say(parsed_args, f'"{plugin}" plugin "{version}" version configs was saved in "{path}" file')


class UpdatePlugin(command.ShowOne):
    """Change a plugin's labels, as an administrator."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("plugin", metavar="<plugin>", help="Name of the plugin")
        parser.add_argument("json", metavar="<json>", help="JSON file with plugin_labels and version_labels")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return _facts(self.client.plugins.update(parsed_args.plugin, inputs.read_object(parsed_args.json))._info)
