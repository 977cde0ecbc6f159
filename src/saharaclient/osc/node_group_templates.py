"""The commands of node group templates, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, existing, inputs, lists, options, templates, utils, versions

if TYPE_CHECKING:
    import argparse

_VOLUMES = (
    "volume_local_to_instance",
    "volume_mount_prefix",
    "volume_type",
    "volumes_availability_zone",
    "volumes_size",
)
_BOOT = ("boot_volume_availability_zone", "boot_volume_local_to_instance", "boot_volume_type")
_BOOT_OPTIONS = ("boot_from_volume", *_BOOT)

NODE_GROUP_TEMPLATE = columns.Kind(
    "Node group template",
    "node_group_templates",
    listed=("name", "id", "plugin_name", "plugin_version"),
    long=("node_processes", "description"),
    shown=(
        "auto_security_group",
        "availability_zone",
        "description",
        "flavor_id",
        "floating_ip_pool",
        "id",
        "is_default",
        "is_protected",
        "is_proxy_gateway",
        "is_public",
        "name",
        "node_processes",
        "plugin_name",
        "plugin_version",
        "security_groups",
        "use_autoconfig",
        "volumes_per_node",
        *_VOLUMES,
        *_BOOT_OPTIONS,
    ),
)


class _Edit(command.ShowOne):
    """What creating, changing and importing a template share."""

    def _show(self, template: Any) -> Any:
        info = dict(columns.unwrapped(template))
        return command.columns_of(details(info, self.version))

    def _add_options(self, parser: Any) -> None:
        options.text(
            parser,
            "name",
            "plugin",
            "plugin_version",
            name="Name of the template",
            plugin="Name of the plugin",
            plugin_version="Version of the plugin",
        )
        options.several(parser, "--processes", "<processes>", "Processes that run on each instance")
        options.several(parser, "--security-groups", "<security-groups>", "Security groups of the instances")
        parser.add_argument(
            "--volumes-per-node", metavar="<volumes-per-node>", type=int, help="How many volumes each instance has"
        )
        parser.add_argument("--volumes-size", metavar="<volumes-size>", type=int, help="Size of each volume, in GB")
        options.text(
            parser,
            flavor="Name or id of the flavor of the instances",
            availability_zone="Availability zone of the instances",
            floating_ip_pool="Name or id of the network that floating IPs are from",
            volumes_type="Type of the volumes",
            volumes_availability_zone="Availability zone of the volumes",
            volumes_mount_prefix="Where the volumes are mounted; each gets a number",
            description="Description of the template",
            boot_volume_type="Type of the volume to boot from (API 2 alone)",
            boot_volume_availability_zone="Availability zone of the volume to boot from (API 2 alone)",
        )
        options.json_file(parser, "the template, in place of the other options")
        options.json_file(parser, "shared file systems to mount, a list", "--shares")
        options.json_file(parser, "configuration of the processes, by service", "--configs")

    def _given(self, parsed_args: argparse.Namespace) -> dict[str, Any]:
        """What the options that creating and changing share say."""
        boot = utils.create_dict_from_kwargs(**{name: getattr(parsed_args, name) for name in _BOOT_OPTIONS})
        for name in boot:
            self.needs(versions.V2, f"--{name.replace('_', '-')}")
        return {
            **utils.create_dict_from_kwargs(
                name=parsed_args.name,
                plugin_name=parsed_args.plugin,
                **{self.version.version_field: parsed_args.plugin_version},
                flavor_id=self._flavor(parsed_args.flavor),
                description=parsed_args.description,
                volumes_per_node=parsed_args.volumes_per_node,
                volumes_size=parsed_args.volumes_size,
                node_processes=parsed_args.processes,
                floating_ip_pool=self._network(parsed_args.floating_ip_pool),
                security_groups=parsed_args.security_groups,
                auto_security_group=parsed_args.use_auto_security_group,
                availability_zone=parsed_args.availability_zone,
                volumes_availability_zone=parsed_args.volumes_availability_zone,
                volume_type=parsed_args.volumes_type,
                volume_mount_prefix=parsed_args.volumes_mount_prefix,
                volume_local_to_instance=parsed_args.volume_locality,
                use_autoconfig=parsed_args.use_autoconfig,
                is_proxy_gateway=parsed_args.is_proxy_gateway,
                is_public=parsed_args.is_public,
                is_protected=parsed_args.is_protected,
            ),
            **boot,
            **options.file_arguments(parsed_args, shares="shares", node_configs="configs"),
        }

    def _flavor(self, name_or_id: str | None) -> str | None:
        return name_or_id and self.sdk.compute.find_flavor(name_or_id, ignore_missing=False).id

    def _network(self, name_or_id: str | None) -> str | None:
        return name_or_id and self.sdk.network.find_network(name_or_id, ignore_missing=False).id


def details(info: dict[str, Any], version: versions.Version) -> dict[str, Any]:
    """Headings and values: those of volumes and of booting from one only where there are any."""
    hidden = set() if info.get("volumes_per_node") else set(_VOLUMES)
    if version is versions.V1:
        hidden.update(_BOOT_OPTIONS)
    elif not info.get("boot_from_volume"):
        hidden.update(_BOOT)
    return NODE_GROUP_TEMPLATE.details({name: value for name, value in info.items() if name not in hidden})


class CreateNodeGroupTemplate(_Edit):
    """Create a node group template."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        self._add_options(parser)
        options.autoconfig(parser)
        for flag, name, explanation in (
            ("--auto-security-group", "use_auto_security_group", "Let the service make a security group"),
            ("--volumes-locality", "volume_locality", "Have volumes on the host of their instance"),
            ("--proxy-gateway", "is_proxy_gateway", "Reach other instances through these"),
            ("--public", "is_public", "Let other projects see the template"),
            ("--protected", "is_protected", "Keep the template from being changed"),
            ("--boot-from-volume", "boot_from_volume", "Boot instances from a volume (API 2 alone)"),
            (
                "--boot-volume-local-to-instance",
                "boot_volume_local_to_instance",
                "Have the volume on the host of its instance (API 2 alone)",
            ),
        ):
            parser.add_argument(flag, dest=name, action="store_true", default=None, help=explanation)
        existing.add_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = self.client.node_group_templates.create
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), create, self.version)
        else:
            inputs.require(parsed_args, "name", "plugin", "plugin_version", "processes", "flavor")
            body = self._given(parsed_args)
        return self._show(existing.create(self, NODE_GROUP_TEMPLATE, body, parsed_args))


class UpdateNodeGroupTemplate(_Edit):
    """Change a node group template."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, NODE_GROUP_TEMPLATE, "to change")
        self._add_options(parser)
        for flag, name, yes, no in (
            (
                "--auto-security-group",
                "use_auto_security_group",
                "Let the service make a security group",
                "Make no security group",
            ),
            (
                "--volumes-locality",
                "volume_locality",
                "Have volumes on the host of their instance",
                "Have them anywhere",
            ),
            ("--autoconfig", "use_autoconfig", "Let the plugin choose configuration by flavor", "Use that given"),
            ("--proxy-gateway", "is_proxy_gateway", "Reach other instances through these", "Reach them directly"),
            (
                "--boot-from-volume",
                "boot_from_volume",
                "Boot instances from a volume (API 2 alone)",
                "Boot them from their own disk (API 2 alone)",
            ),
            (
                "--boot-volume-local-to-instance",
                "boot_volume_local_to_instance",
                "Have the volume on the host of its instance (API 2 alone)",
                "Have it anywhere (API 2 alone)",
            ),
        ):
            options.switch(parser, f"{flag}-enable", f"{flag}-disable", name, yes, no)
        options.sharing_changes(parser, "template")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = self.client.node_group_templates
        template_id = utils.get_resource_id(manager, parsed_args.node_group_template)
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), manager.update, self.version)
            return self._show(inputs.call(inputs.with_id(manager.update, template_id), body, parsed_args.json))
        return self._show(manager.update(template_id, **self._given(parsed_args)))


class ImportNodeGroupTemplate(_Edit):
    """Import a node group template that was exported, from this cloud or another."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("json", metavar="<json>", help="The exported file; - for standard input")
        parser.add_argument("--name", metavar="<name>", help="Name of the template (default: the exported one's)")
        for flag, required, explanation in (
            ("security_groups", False, "Security groups of the instances, a,b"),
            ("floating_ip_pool", False, "Id of the network that floating IPs are from"),
            ("image_id", True, "Id of the image for the instances"),
            ("flavor_id", True, "Id of the flavor of the instances"),
        ):
            parser.add_argument(f"--{flag}", metavar=f"<{flag}>", required=required, help=explanation)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = self.client.node_group_templates.create
        groups = parsed_args.security_groups
        body = {
            **templates.imported(parsed_args.json, "node_group_template", create, self.version),
            **utils.create_dict_from_kwargs(
                name=parsed_args.name,
                security_groups=groups and [name.strip() for name in groups.split(",")],
                floating_ip_pool=parsed_args.floating_ip_pool,
                image_id=parsed_args.image_id,
                flavor_id=parsed_args.flavor_id,
            ),
        }
        return self._show(inputs.call(create, body, parsed_args.json))


class ExportNodeGroupTemplate(templates.Export):
    """Export a node group template as JSON."""

    kind = NODE_GROUP_TEMPLATE


class ListNodeGroupTemplates(lists.List):
    """List node group templates."""

    kind = NODE_GROUP_TEMPLATE
    by_plugin = True
    by_name = True


class ShowNodeGroupTemplate(command.Show):
    """Show a node group template."""

    kind = NODE_GROUP_TEMPLATE

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return command.columns_of(details(self.find(parsed_args)._info, self.version))


class DeleteNodeGroupTemplate(command.Delete):
    """Delete node group templates."""

    kind = NODE_GROUP_TEMPLATE
