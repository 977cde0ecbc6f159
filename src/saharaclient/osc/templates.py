"""What cluster templates and node group templates have in common: export to a file and import from one."""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from osc_lib import exceptions

from saharaclient.osc import command, inputs, utils

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from saharaclient.osc import columns, versions

# What depends on the cloud is exported as a placeholder, such as "{flavor_id}".
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


class Export(command.Command):
    """Export a template as JSON."""

    kind: ClassVar[columns.Kind]

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, self.kind, "to export")
        parser.add_argument("--file", metavar="<filename>", help="File to write to (default: standard output)")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        manager = self.kind.of(self.client)
        exported = manager.export(utils.get_resource_id(manager, command.target(parsed_args, self.kind)))
        text = json.dumps(exported._info, indent=4, sort_keys=True) + "\n"
        if parsed_args.file:
            Path(parsed_args.file).write_text(text, "utf-8")
        else:
            sys.stdout.write(text)


def imported(path: str, key: str, create: Callable[..., Any], version: versions.Version) -> dict[str, Any]:
    """The body of a new template from an exported one, of either API version.

    Args:
        path: the file.
        key: the member that holds the template, if the file has it around the template.
        create: the manager's method that will take the body.
        version: the API version.
    """
    exported = inputs.read_object(path)
    template = exported.get(key, exported)
    if not isinstance(template, dict):
        raise exceptions.CommandError(f"{path}: {key} should be an object, {{ … }}")
    body = inputs.fit(template, create, version)
    unknown = body.keys() - inspect.signature(create).parameters.keys()
    for name in sorted(name for name in unknown if body[name]):
        sys.stderr.write(f"{path}: {name} is left out: API {version.number} does not know it.\n")
    return {
        name: value
        for name, value in body.items()
        if name not in unknown and value is not None and not (isinstance(value, str) and _PLACEHOLDER.fullmatch(value))
    }
