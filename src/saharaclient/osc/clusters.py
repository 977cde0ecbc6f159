"""The commands of clusters, for both API versions; those that operate on one are in `cluster_operations`."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saharaclient.osc import columns, command, existing, inputs, lists, options, progress, utils, versions
from saharaclient.states import ClusterStatus

if TYPE_CHECKING:
    import argparse


def node_groups(groups: list[dict[str, Any]]) -> str:
    """Node groups as ``name:count``."""
    return ", ".join(sorted(f"{group['name']}:{group['count']}" for group in groups))


CLUSTER = columns.Kind(
    "Cluster",
    "clusters",
    listed=("name", "id", "plugin_name", "plugin_version", "status"),
    long=("description", "image"),
    shown=(
        "anti_affinity",
        "cluster_template_id",
        "description",
        "id",
        "image",
        "info",
        "is_protected",
        "is_public",
        "is_transient",
        "name",
        "neutron_management_network",
        "node_groups",
        "plugin_name",
        "plugin_version",
        "status",
        "status_description",
        "use_autoconfig",
        "user_keypair_id",
    ),
    formats={"node_groups": node_groups},
    only_if_set=frozenset({"status_description"}),
)


def wait(cmd: command._Common, cluster_id: str, name: str, timeout: float, until: str = ClusterStatus.ACTIVE) -> Any:
    """Wait for a cluster, with progress."""
    with progress.following(cmd, f'Cluster "{name}"', f"cluster wait {name}", progress.of_cluster) as tell:
        return cmd.client.clusters.wait(cluster_id, until, timeout=timeout, on_progress=tell)


def verification(info: dict[str, Any]) -> dict[str, Any]:
    """The health check's outcome, by check and in all."""
    state = info.get("verification") or {}
    checks = {f"Health check ({c.get('name')})".capitalize(): c.get("status") for c in state.get("checks") or []}
    return dict(sorted({**checks, "Verification status": state.get("status")}.items()))


class CreateCluster(command.ShowOne):
    """Create a cluster, or several alike."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(
            parser,
            name="Name of the cluster",
            cluster_template="Name or id of the cluster template",
            image="Name or id of a registered image for the instances",
            description="Description of the cluster",
        )
        options.text(
            parser,
            "keypair",
            "network",
            user_keypair="Key pair to reach the instances with",
            neutron_network="Name or id of the network of the instances",
        )
        parser.add_argument(
            "--count", metavar="<count>", type=inputs.positive_count, help="How many to create; names get a number"
        )
        options.sharing(parser, "cluster")
        parser.add_argument(
            "--transient", action="store_true", default=None, help="Let the cluster go away after its last job"
        )
        options.json_file(parser, "the cluster, in place of the other options")
        existing.add_option(parser)
        progress.add_wait(parser, "the cluster is active")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = self.client.clusters
        if parsed_args.json:
            body = inputs.fit(inputs.read_object(parsed_args.json), manager.create, self.version)
        else:
            body = self._body(parsed_args)
        if parsed_args.if_not_exists and body.get("count", 1) != 1:
            raise inputs.UsageError("--if-not-exists is for one cluster, not for --count")
        made = existing.create(self, CLUSTER, body, parsed_args)
        several = made._info.get("clusters") if "id" not in made._info else None
        clusters = [made._info] if several is None else [self._one_of(item) for item in several]
        if parsed_args.wait:
            for cluster in clusters:
                wait(self, cluster["id"], cluster["name"], parsed_args.timeout)
        if several is not None:
            return command.columns_of({cluster["name"]: cluster["id"] for cluster in clusters})
        if parsed_args.wait:
            made = manager.get(made.id)
        return command.columns_of(CLUSTER.details(made._info))

    def _one_of(self, several: Any) -> dict[str, Any]:
        """A cluster of several: API 1.1 tells their ids, API 2 what they are, each as ``{"cluster": {…}}``."""
        info = self.client.clusters.get(several)._info if isinstance(several, str) else several
        cluster: dict[str, Any] = info.get("cluster", info)
        return cluster

    def _body(self, parsed_args: argparse.Namespace) -> dict[str, Any]:
        inputs.require(parsed_args, "name", "cluster_template", "image")
        template = utils.get_resource(self.client.cluster_templates, parsed_args.cluster_template)
        network = parsed_args.neutron_network
        return utils.create_dict_from_kwargs(
            name=parsed_args.name,
            plugin_name=template.plugin_name,
            **{self.version.version_field: getattr(template, self.version.version_field)},
            cluster_template_id=template.id,
            default_image_id=utils.get_resource_id(self.client.images, parsed_args.image),
            description=parsed_args.description,
            is_transient=parsed_args.transient,
            user_keypair_id=parsed_args.user_keypair,
            net_id=network and self.sdk.network.find_network(network, ignore_missing=False).id,
            count=parsed_args.count,
            is_public=parsed_args.public,
            is_protected=parsed_args.protected,
        )


class ListClusters(lists.List):
    """List clusters."""

    kind = CLUSTER
    by_plugin = True
    by_name = True


class ShowCluster(command.Show):
    """Show a cluster."""

    kind = CLUSTER

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("--verification", action="store_true", help="Show the health check's outcome")
        parser.add_argument("--show-progress", action="store_true", help="Show the steps of its making")
        parser.add_argument(
            "--full-dump-events", action="store_true", help="Write the events of its making to a file event-logs-…"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        info = self.find(parsed_args, show_progress=parsed_args.show_progress or parsed_args.full_dump_events)._info
        steps = info.get("provision_progress") or []
        facts = CLUSTER.details(info)
        if parsed_args.verification:
            facts = dict(sorted({**facts, **verification(info)}.items()))
        rows = list(facts.items())
        if parsed_args.full_dump_events:
            path = Path(f"event-logs-{secrets.token_hex(4)}")
            path.write_text(json.dumps(steps, indent=4), "utf-8")
            command.say(parsed_args, f"Event log dump saved to file: {path}")
        if parsed_args.show_progress:
            ordered = sorted(steps, key=lambda step: str(step.get("created_at")))
            rows = utils.extend_columns(rows, [_step(step) for step in ordered])
        return zip(*rows, strict=True)


def _step(step: dict[str, Any]) -> tuple[str, str]:
    name = f"{step.get('step_type')}: {step.get('step_name')}"
    if step.get("successful"):
        return name, "Step completed successfully"
    if step.get("successful") is None:
        return name, f"Step in progress: {progress.instances_done(step)} of {step.get('total')} instances done"
    reasons = [str(event.get("event_info")) for event in step.get("events") or [] if event.get("successful") is False]
    return name, f"Step failed: {'; '.join(reasons)}"


class DeleteCluster(command.Delete):
    """Delete clusters."""

    kind = CLUSTER

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--force", action="store_true", help="Delete without waiting for what runs on the cluster (API 2 alone)"
        )
        progress.add_wait(parser, "the clusters are gone")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        if parsed_args.force:
            self.needs(versions.V2, "--force")
        super().take_action(parsed_args)

    def delete(self, name_or_id: str, parsed_args: argparse.Namespace) -> str:
        """Begin to delete one."""
        cluster_id = utils.get_resource_id(self.client.clusters, name_or_id)
        delete = self.client.clusters.force_delete if parsed_args.force else self.client.clusters.delete
        delete(cluster_id)
        sys.stdout.write(f'Cluster "{name_or_id}" deletion has been started.\n')
        return cluster_id

    def finish(self, name_or_id: str, handle: str, parsed_args: argparse.Namespace) -> None:
        """Wait for the end of a deletion."""
        if parsed_args.wait:
            what, again = f'Cluster "{name_or_id}"', f"cluster wait {name_or_id} --deleted"
            with progress.following(self, what, again, progress.of_cluster) as tell:
                self.client.clusters.wait_deleted(handle, timeout=parsed_args.timeout, on_progress=tell)
            super().finish(name_or_id, handle, parsed_args)


class UpdateCluster(command.Show):
    """Change a cluster's description and who may see or change it."""

    kind = CLUSTER
    purpose = "to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, name="New name", description="New description")
        options.json_file(parser, "shared file systems to mount, a list", "--shares")
        options.sharing_changes(parser, "cluster")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        changed = self.client.clusters.update(
            self.find(parsed_args).id,
            **utils.create_dict_from_kwargs(
                name=parsed_args.name,
                description=parsed_args.description,
                is_public=parsed_args.is_public,
                is_protected=parsed_args.is_protected,
            ),
            **options.file_arguments(parsed_args, shares="shares"),
        )
        return command.columns_of(CLUSTER.details(columns.unwrapped(changed)))


class UpdateKeypairCluster(command.Show):
    """Put the present key of a cluster's key pair on its instances."""

    kind = CLUSTER
    purpose = "whose key to put in place"

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        changed = self.client.clusters.update_keypair(self.find(parsed_args).id)
        return command.columns_of(CLUSTER.details(columns.unwrapped(changed)))
