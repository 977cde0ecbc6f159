"""Sahara's checks of what a body refers to: plugins, flavors, images, networks, templates. Schemas come first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from saharaclient.local.neighbours.compute import records as compute
from saharaclient.local.neighbours.image import records as image
from saharaclient.local.neighbours.network import records as network
from saharaclient.local.sahara.errors import SaharaError, invalid_data, invalid_reference, missing_reference
from saharaclient.local.sahara.records import pages
from saharaclient.local.sahara.records.clusters import NodeGroupTemplate, PluginLabels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from saharaclient.local.sahara.api.context import SaharaCall

LONGEST_HOST_NAME = 64
DOMAIN = "novalocal"


def unique_name(call: SaharaCall, table: Any, name: str, kind: str) -> None:
    """Refuses a name that is taken."""
    if pages.find_named(call.session, table, name, call.project_id) is not None:
        raise SaharaError("NAME_ALREADY_EXISTS", f"{kind} with name '{name}' already exists")


def no_duplicates(values: Iterable[str], what: str) -> None:
    """Refuses a list that names something twice."""
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        raise invalid_data(f"Duplicates in {what}: {twice}")


def plugin(call: SaharaCall, name: str, version: str) -> None:
    """Refuses a plugin or version that is not offered."""
    if call.engine(name) is None:
        raise invalid_reference(f"Sahara doesn't contain plugin with name '{name}'")
    if call.plugin_version(name, version) is None:
        raise invalid_reference(f"Requested plugin '{name}' doesn't support version '{version}'")


def plugin_enabled(call: SaharaCall, name: str, version: str) -> None:
    """Refuses a plugin or version whose label `enabled` was taken away."""
    changed = call.session.get(PluginLabels, name)
    labels = changed.labels if changed else {}
    if not labels.get("plugin_labels", {}).get("enabled", True):
        raise invalid_reference(f"Plugin {name} is not enabled")
    if not labels.get("version_labels", {}).get(version, {}).get("enabled", True):
        raise invalid_reference(f"Version {version} of plugin {name} is not enabled")


def processes(call: SaharaCall, name: str, version: str, wanted: list[str]) -> None:
    """Refuses processes the plugin does not have."""
    no_duplicates(wanted, "node processes have been detected")
    described = call.plugin_version(name, version)
    known = {p for group in described.node_processes.values() for p in group} if described else set()
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise invalid_reference(f"Plugin doesn't support the following node processes: {unknown}")


def configs(call: SaharaCall, name: str, version: str, given: dict[str, dict[str, Any]]) -> None:
    """Refuses configuration the plugin does not know."""
    described = call.plugin_version(name, version)
    known: dict[str, set[str]] = {}
    for option in described.configs if described else ():
        known.setdefault(option.target, set()).add(option.name)
    for target, values in given.items():
        if target not in known:
            raise invalid_reference(f"Plugin doesn't contain applicable target '{target}'")
        for option_name in values:
            if option_name not in known[target]:
                raise invalid_reference(
                    f"Plugin's applicable target '{target}' doesn't contain config with name '{option_name}'"
                )


def registered_image(call: SaharaCall, id_: str, name: str = "", version: str = "") -> None:
    """Refuses an image that is not registered, or lacks the tags the plugin asks for."""
    found = image.get_image(call.session, id_, call.project_id)
    if found is None or "_sahara_username" not in found.properties:
        raise invalid_reference(f"Requested image '{id_}' is not registered")
    described = call.plugin_version(name, version) if name else None
    missing = [
        t for t in (described.required_image_tags if described else ()) if f"_sahara_tag_{t}" not in found.properties
    ]
    if missing:
        raise invalid_reference(f"Requested image '{id_}' doesn't contain required tags: {missing}")


def existing_network(call: SaharaCall, id_: str, message: str = "Network {} not found") -> None:
    """Refuses an unknown network."""
    if network.get_network(call.session, id_) is None:
        raise missing_reference(message.format(id_))


def keypair(call: SaharaCall, name: str) -> None:
    """Refuses an unknown key pair."""
    if compute.get_keypair(call.session, call.identity.user_id, name) is None:
        raise missing_reference(f"Requested keypair '{name}' not found")


def node_group(call: SaharaCall, plugin_name: str, version: str, given: dict[str, Any]) -> None:
    """Refuses a node group, or template of one, that refers to something that is not there."""
    template_id = given.get("node_group_template_id")
    if template_id:
        template = call.find(NodeGroupTemplate, template_id)
        if template is None:
            raise missing_reference(f"NodeGroup template with id '{template_id}' not found")
        node_group(call, plugin_name, version, {name: getattr(template, name) for name in template.wire})
    if given.get("node_configs"):
        configs(call, plugin_name, version, given["node_configs"])
    flavor = given.get("flavor_id")
    if flavor is not None and compute.get_flavor(call.session, str(flavor)) is None:
        raise missing_reference(f"Requested flavor '{flavor}' not found")
    if given.get("node_processes"):
        processes(call, plugin_name, version, given["node_processes"])
    if given.get("image_id"):
        registered_image(call, given["image_id"])
    if given.get("volumes_per_node"):
        raise invalid_reference("Cinder is not supported")
    _placement(call, given)


def _placement(call: SaharaCall, given: dict[str, Any]) -> None:
    if given.get("floating_ip_pool"):
        existing_network(call, given["floating_ip_pool"], "Floating IP pool {} not found")
    for group in given.get("security_groups") or ():
        if network.get_security_group(call.session, call.project_id, group) is None:
            raise missing_reference(f"Security group '{group}' not found")
    zone = given.get("availability_zone")
    if zone and zone != "nova":
        raise missing_reference(f"Nova availability zone '{zone}' not found")


def node_groups(call: SaharaCall, plugin_name: str, version: str, given: list[dict[str, Any]]) -> None:
    """Refuses a list of node groups with one that cannot be."""
    no_duplicates([group["name"] for group in given], "node group names are detected")
    for group in given:
        node_group(call, plugin_name, version, group)


def host_names(cluster_name: str, groups: Iterable[tuple[str, int]]) -> None:
    """Refuses names whose longest instance name would not be a host name.

    Args:
        cluster_name: The cluster's name.
        groups: Names of node groups, each with its count.
    """
    for name, count in groups:
        host = f"{cluster_name}-{name}-{count}.{DOMAIN}"
        if len(host) > LONGEST_HOST_NAME:
            raise invalid_data(
                f"Composite hostname {host} in provisioned cluster exceeds maximum limit {LONGEST_HOST_NAME} characters"
            )


def shares(given: list[dict[str, Any]] | None) -> None:
    """Refuses shares: there is no shared file system here."""
    if given:
        raise invalid_reference(f"Requested share id {given[0]['id']} does not exist.")
