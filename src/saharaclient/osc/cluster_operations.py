"""The commands that change, check and wait for clusters that are there, for both API versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api import base
from saharaclient.osc import columns, command, inputs, options, progress, utils
from saharaclient.osc.clusters import CLUSTER, verification, wait
from saharaclient.states import HealthStatus

if TYPE_CHECKING:
    import argparse


class ScaleCluster(command.Show):
    """Change how many instances a cluster has."""

    kind = CLUSTER
    purpose = "to scale"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.several(
            parser,
            "--instances",
            "<node-group-template:instances_count>",
            "Names or ids of node group templates, or names of the cluster's node groups, and their new counts",
        )
        parser.add_argument(
            "groups",
            metavar="<group=count>",
            nargs="*",
            default=[],
            help="The same as workers=3, in place of --instances",
        )
        options.json_file(parser, "resize_node_groups and add_node_groups, in place of --instances")
        progress.add_wait(parser, "the cluster is active again")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        cluster = self.find(parsed_args)
        if parsed_args.json:
            scaling = inputs.read_object(parsed_args.json)
        elif texts := [*(parsed_args.instances or []), *(_colon(text) for text in parsed_args.groups)]:
            scaling = self._scaling(cluster, inputs.counts(texts, "--instances"))
        else:
            raise inputs.UsageError("--instances, <group=count> or --json must be given")
        changed = columns.unwrapped(self.client.clusters.scale(cluster.id, scaling))
        if parsed_args.wait:
            progress.resumable(self, f'Cluster "{parsed_args.cluster}"', f"cluster wait {parsed_args.cluster}")
            command.say(parsed_args, f'Cluster "{parsed_args.cluster}" scaling has been started.')
            wait(self, cluster.id, parsed_args.cluster, parsed_args.timeout)
            changed = self.client.clusters.get(cluster.id)._info
        return command.columns_of(CLUSTER.details(changed))

    def _scaling(self, cluster: Any, wanted: dict[str, int]) -> dict[str, Any]:
        resized: list[dict[str, Any]] = []
        added: list[dict[str, Any]] = []
        names = {group["name"] for group in cluster.node_groups}
        templates = {group.get("node_group_template_id"): group["name"] for group in cluster.node_groups}
        for name_or_id, count in wanted.items():
            if name_or_id in names:
                resized.append({"name": name_or_id, "count": count})
                continue
            template = utils.get_resource(self.client.node_group_templates, name_or_id)
            if template.id in templates:
                resized.append({"name": templates[template.id], "count": count})
            else:
                added.append({"name": template.name, "count": count, "node_group_template_id": template.id})
        return {k: v for k, v in (("resize_node_groups", resized), ("add_node_groups", added)) if v}


def _colon(text: str) -> str:
    """``group=count`` as ``--instances`` takes it."""
    name, equals, count = text.rpartition("=")
    if not (name and equals and count.isdecimal()):
        raise inputs.UsageError(f"{text!r} should be <group>=<count>, like workers=3")
    return f"{name}:{count}"


class VerificationUpdateCluster(command.Show):
    """Check a cluster's health, or show how the last check ended."""

    kind = CLUSTER
    purpose = "to check"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--start", dest="status", action="store_const", const="START", help="Start a check")
        action.add_argument("--show", action="store_true", help="Show how the last check ended")
        progress.add_wait(parser, "the check is done")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        cluster = self.find(parsed_args)
        if parsed_args.status:
            self.client.clusters.verification_update(cluster.id, parsed_args.status)
            progress.resumable(self, f'Cluster "{parsed_args.cluster}"', _again(parsed_args))
            command.say(parsed_args, f'Cluster "{parsed_args.cluster}" health verification has been started.')
        if parsed_args.wait:
            cluster = self._wait(cluster, parsed_args)
        elif parsed_args.status:
            return (), ()
        facts = verification(cluster._info)
        if parsed_args.wait and facts["Verification status"] == HealthStatus.RED:
            failed = "; ".join(f"{name}: {state}" for name, state in facts.items() if state == HealthStatus.RED)
            raise base.OperationFailed(f"Cluster {parsed_args.cluster} failed its health check: {failed}", cluster)
        return command.columns_of(facts)

    def _wait(self, cluster: Any, parsed_args: argparse.Namespace) -> Any:
        what = f'Cluster "{parsed_args.cluster}"'

        def describe(cluster: Any) -> str:
            return f"health check {(cluster._info.get('verification') or {}).get('status')}"

        with progress.following(self, what, _again(parsed_args), describe) as tell:
            return self.client.clusters.wait_verified(cluster.id, timeout=parsed_args.timeout, on_progress=tell)


def _again(parsed_args: argparse.Namespace) -> str:
    """What follows a health check again."""
    return f"cluster verification {parsed_args.cluster} --show --wait"


class WaitCluster(command.Show):
    """Wait until a cluster is active, or gone."""

    kind = CLUSTER
    purpose = "to wait for"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("--deleted", action="store_true", help="Wait until it is gone")
        progress.add_timeout(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        name = parsed_args.cluster
        if not parsed_args.deleted:
            cluster = wait(self, self.find(parsed_args).id, name, parsed_args.timeout)
            return command.columns_of(CLUSTER.details(cluster._info))
        try:
            cluster = self.find(parsed_args)
            again = f"cluster wait {name} --deleted"
            with progress.following(self, f'Cluster "{name}"', again, progress.of_cluster) as tell:
                self.client.clusters.wait_deleted(cluster.id, timeout=parsed_args.timeout, on_progress=tell)
        except base.NotFound:
            pass
        command.say(parsed_args, f'Cluster "{name}" is gone.')
        return (), ()
