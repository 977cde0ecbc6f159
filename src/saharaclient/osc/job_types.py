"""The commands of job types, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, lists, options, plugins, utils

if TYPE_CHECKING:
    import argparse


def _plugins(found: list[dict[str, Any]]) -> str:
    """Plugins with their versions, ``fake(0.1)``."""
    return ", ".join(sorted(f"{plugin['name']}({', '.join(sorted(plugin['versions']))})" for plugin in found))


JOB_TYPE = columns.Kind(
    "Job type", "job_types", listed=("name", "plugins"), long=(), shown=(), formats={"plugins": _plugins}
)


class ListJobTypes(lists.List):
    """List job types and the plugins that run them."""

    kind = JOB_TYPE

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.job_type(parser, "--type", explanation="List this type alone")
        lists.add_plugin_filters(parser)
        return parser

    def search_opts(self, parsed_args: argparse.Namespace) -> dict[str, Any]:
        """The filters that the server is asked for."""
        plugin, version = self.version.job_type_filters
        return utils.create_dict_from_kwargs(
            type=parsed_args.type, **{plugin: parsed_args.plugin, version: parsed_args.plugin_version}
        )


class GetJobTypeConfigs(command.Command):
    """Write the hints for configuring jobs of a type to a file."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.job_type(parser, "job_type", explanation="Type of job")
        plugins.add_file(parser, "the type's name")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        configs = getattr(self.client, self.version.job_templates).get_configs(parsed_args.job_type)
        path = plugins.write_new(parsed_args.file or parsed_args.job_type, configs._info)
        # to the letter, and without an end of its line, as 4.2.0
        command.say(parsed_args, f'"{parsed_args.job_type}" job configs were saved in "{path}"file', end="")
