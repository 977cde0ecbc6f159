"""The commands of cluster templates, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, existing, inputs, lists, options, templates, utils
from saharaclient.osc.clusters import node_groups

if TYPE_CHECKING:
    import argparse

CLUSTER_TEMPLATE = columns.Kind(
    "Cluster template",
    "cluster_templates",
    listed=("name", "id", "plugin_name", "plugin_version"),
    long=("node_groups", "description"),
    shown=(
        "anti_affinity",
        "description",
        "domain_name",
        "id",
        "is_default",
        "is_protected",
        "is_public",
        "name",
        "node_groups",
        "plugin_name",
        "plugin_version",
        "use_autoconfig",
    ),
    formats={"node_groups": node_groups},
)


class _Edit(command.ShowOne):
    """What creating, changing and importing a template share."""

    def _show(self, template: Any) -> Any:
        return command.columns_of(CLUSTER_TEMPLATE.details(columns.unwrapped(template)))

    def _add_options(self, parser: Any) -> None:
        options.text(parser, name="Name of the template", description="Description of the template")
        self._add_node_groups(parser)
        options.several(
            parser,
            "--anti-affinity",
            "<anti-affinity>",
            "Processes of which no two instances shall be on one host",
        )
        options.json_file(parser, "the template, in place of the other options")
        options.json_file(parser, "shared file systems to mount, a list", "--shares")
        options.json_file(parser, "configuration of the cluster, by service", "--configs")
        options.text(parser, domain_name="Domain of the instances' names")

    def _add_node_groups(self, parser: Any, **more: Any) -> None:
        options.several(
            parser,
            "--node-groups",
            "<node-group:instances_count>",
            "Names or ids of node group templates, and how many instances of each",
            **more,
        )

    def _given(self, parsed_args: argparse.Namespace) -> dict[str, Any]:
        """What the options that creating and changing share say."""
        return {
            **utils.create_dict_from_kwargs(
                name=parsed_args.name,
                description=parsed_args.description,
                anti_affinity=parsed_args.anti_affinity,
                domain_name=parsed_args.domain_name,
            ),
            **self._node_groups(parsed_args.node_groups),
            **options.file_arguments(parsed_args, shares="shares", cluster_configs="configs"),
        }

    def _node_groups(self, texts: list[str] | None) -> dict[str, Any]:
        """The node groups, with the plugin and version that their templates are for."""
        if texts is None:
            return {}
        counts = inputs.counts(texts, "--node-groups")
        found = {name_or_id: utils.get_resource(self.client.node_group_templates, name_or_id) for name_or_id in counts}
        field = self.version.version_field
        plugins = {(template.plugin_name, getattr(template, field)) for template in found.values()}
        if len(plugins) > 1:
            several = ", ".join(sorted(f"{name} {version}" for name, version in plugins))
            raise inputs.UsageError(f"--node-groups: all must be of one plugin and version, not of {several}")
        plugin_name, version = plugins.pop()
        groups = [
            {"name": template.name, "count": counts[given], "node_group_template_id": template.id}
            for given, template in found.items()
        ]
        return {"node_groups": groups, "plugin_name": plugin_name, field: version}


class CreateClusterTemplate(_Edit):
    """Create a cluster template."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        self._add_options(parser)
        options.autoconfig(parser)
        options.sharing(parser, "template")
        existing.add_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = self.client.cluster_templates.create
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), create, self.version)
        else:
            inputs.require(parsed_args, "name", "node_groups")
            body = {
                **self._given(parsed_args),
                "use_autoconfig": parsed_args.use_autoconfig,
                "is_public": parsed_args.public,
                "is_protected": parsed_args.protected,
            }
        return self._show(existing.create(self, CLUSTER_TEMPLATE, body, parsed_args))


class UpdateClusterTemplate(_Edit):
    """Change a cluster template."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER_TEMPLATE, "to change")
        self._add_options(parser)
        options.switch(
            parser,
            "--autoconfig-enable",
            "--autoconfig-disable",
            "use_autoconfig",
            "Let the plugin choose configuration by flavor",
            "Use the configuration as given",
        )
        options.sharing_changes(parser, "template")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = self.client.cluster_templates
        template_id = utils.get_resource_id(manager, parsed_args.cluster_template)
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), manager.update, self.version)
            method = inputs.with_id(manager.update, template_id)
            return self._show(inputs.call(method, body, parsed_args.json))
        return self._show(
            manager.update(
                template_id,
                **self._given(parsed_args),
                **utils.create_dict_from_kwargs(
                    use_autoconfig=parsed_args.use_autoconfig,
                    is_public=parsed_args.is_public,
                    is_protected=parsed_args.is_protected,
                ),
            )
        )


class ImportClusterTemplate(_Edit):
    """Import a cluster template that was exported, from this cloud or another."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("json", metavar="<json>", help="The exported file; - for standard input")
        options.text(
            parser,
            "name",
            "default_image_id",
            name="Name of the template (default: the exported one's)",
            default_image_id="Id of the image for the instances",
        )
        self._add_node_groups(parser, required=True)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = self.client.cluster_templates.create
        body = {
            **templates.imported(parsed_args.json, "cluster_template", create, self.version),
            **self._node_groups(parsed_args.node_groups),
            **utils.create_dict_from_kwargs(name=parsed_args.name, default_image_id=parsed_args.default_image_id),
        }
        return self._show(inputs.call(create, body, parsed_args.json))


class ExportClusterTemplate(templates.Export):
    """Export a cluster template as JSON."""

    kind = CLUSTER_TEMPLATE


class ListClusterTemplates(lists.List):
    """List cluster templates."""

    kind = CLUSTER_TEMPLATE
    by_plugin = True
    by_name = True


class ShowClusterTemplate(command.Show):
    """Show a cluster template."""

    kind = CLUSTER_TEMPLATE


class DeleteClusterTemplate(command.Delete):
    """Delete cluster templates."""

    kind = CLUSTER_TEMPLATE
