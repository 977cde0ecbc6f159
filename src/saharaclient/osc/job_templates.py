"""The commands of job templates, which API 1.1 calls jobs, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, existing, inputs, lists, options, utils

if TYPE_CHECKING:
    import argparse


def _binaries(found: list[dict[str, Any]]) -> str:
    """Job binaries as ``name:id``."""
    return ", ".join(f"{binary['name']}:{binary['id']}" for binary in found)


JOB_TEMPLATE = columns.Kind(
    "Job template",
    lambda version: version.job_templates,
    listed=("name", "id", "type"),
    long=("description", "is_public", "is_protected"),
    shown=("description", "id", "is_protected", "is_public", "libs", "mains", "name", "type"),
    formats={"mains": _binaries, "libs": _binaries},
)


class CreateJobTemplate(command.ShowOne):
    """Create a job template."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="Name of the job template", description="Description of the job template")
        options.job_type(parser, "--type", explanation="Type of job")
        options.several(parser, "--mains", "<main>", "Names or ids of the job binaries that are its program")
        options.several(parser, "--libs", "<lib>", "Names or ids of the job binaries that are its libraries")
        options.sharing(parser, "job template")
        options.json_file(parser, "what a run may be given by name, a list", "--interface")
        options.json_file(parser, "the job template, in place of the other options")
        existing.add_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        create = JOB_TEMPLATE.of(self.client).create
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), create, self.version)
        else:
            inputs.require(parsed_args, "name", "type")
            body = {
                "name": parsed_args.name,
                "type": parsed_args.type,
                "mains": self._ids(parsed_args.mains),
                "libs": self._ids(parsed_args.libs),
                "description": parsed_args.description,
                "interface": parsed_args.interface and inputs.read_list(parsed_args.interface),
                "is_public": parsed_args.public,
                "is_protected": parsed_args.protected,
            }
        return command.columns_of(JOB_TEMPLATE.details(existing.create(self, JOB_TEMPLATE, body, parsed_args)._info))

    def _ids(self, names: list[str] | None) -> list[str] | None:
        return names and [utils.get_resource_id(self.client.job_binaries, name) for name in names]


class ListJobTemplates(lists.List):
    """List job templates."""

    kind = JOB_TEMPLATE
    by_name = True

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.job_type(parser, "--type", explanation="List those of this type")
        return parser

    def wanted(self, parsed_args: argparse.Namespace) -> dict[str, str]:
        """The type, if one was given."""
        return utils.create_dict_from_kwargs(type=parsed_args.type)


class ShowJobTemplate(command.Show):
    """Show a job template."""

    kind = JOB_TEMPLATE


class DeleteJobTemplate(command.Delete):
    """Delete job templates."""

    kind = JOB_TEMPLATE


class UpdateJobTemplate(command.Show):
    """Change what is said of a job template."""

    kind = JOB_TEMPLATE
    purpose = "to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="New name", description="New description")
        options.sharing_changes(parser, "job template")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        changed = JOB_TEMPLATE.of(self.client).update(
            self.find(parsed_args).id,
            **utils.create_dict_from_kwargs(
                name=parsed_args.name,
                description=parsed_args.description,
                is_public=parsed_args.is_public,
                is_protected=parsed_args.is_protected,
            ),
        )
        return command.columns_of(JOB_TEMPLATE.details(columns.unwrapped(changed)))
