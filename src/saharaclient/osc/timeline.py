"""`cluster timeline`: how a cluster came to be, step by step, as a chart in the terminal or a picture.

What is in the chart is found out in `bars`; `pictures` draws it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from osc_lib import exceptions

from saharaclient.api import replies
from saharaclient.osc import command, pictures, utils
from saharaclient.osc.bars import bars_of
from saharaclient.osc.clusters import CLUSTER
from saharaclient.osc.inputs import UsageError

if TYPE_CHECKING:
    import argparse


class ShowTimeline(command.Command):
    """Show the steps of a cluster's making as a chart, in the terminal or as a picture."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        command.add_target(parser, CLUSTER, "to show")
        parser.add_argument(
            "--output", metavar="<file>", help="Picture to write: a file that ends in .svg, .png or .html"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        output = parsed_args.output and Path(parsed_args.output)
        if output and output.suffix not in pictures.FORMATS:
            raise UsageError(f"--output: {output} should end in {', '.join(pictures.FORMATS)}")
        cluster = utils.get_resource(self.client.clusters, parsed_args.cluster, show_progress=True)
        bars = bars_of(replies.objects(cluster._info.get("provision_progress")), datetime.now(UTC))
        if not bars:
            raise exceptions.CommandError(f"Cluster {cluster.name} has no provisioning steps")
        if not output:
            sys.stdout.write(pictures.text(bars) + "\n")
            return
        pictures.FORMATS[output.suffix](output, f"Cluster {cluster.name}: {cluster.status}", bars)
        sys.stdout.write(f"The timeline is in {output}\n")
