"""`console`: clusters and jobs in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient import console
from saharaclient.osc import command, versions

if TYPE_CHECKING:
    import argparse


class ShowConsole(command.Command):
    """Show clusters and jobs in the browser until Ctrl-C; the pages change nothing."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        console.add_options(parser, metavar="<port>")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        cloud = getattr(self.app.options, "cloud", None)
        words = ["openstack", *(["--os-cloud", cloud] if cloud else []), "dataprocessing"]
        try:
            console.serve(
                self.client,
                title=cloud or self._where(),
                port=parsed_args.port,
                browser=not parsed_args.no_browser,
                command=words,
            )
        except console.ConsoleError as error:
            raise exceptions.CommandError(str(error)) from error

    def _where(self) -> str:
        """The project and region that are looked at, where the cloud has no name."""
        manager: Any = self.app.client_manager
        auth = manager.get_configuration().get("auth", {})
        names = (auth.get("project_name") or auth.get("project_id"), manager.region_name)
        return " · ".join(str(name) for name in names if name) or f"API {versions.of(self.client).number}"
