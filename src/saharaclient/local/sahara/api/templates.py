"""Handlers of node group templates and cluster templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.sahara.api import checks
from saharaclient.local.sahara.api.context import assign, require_owner_for_update
from saharaclient.local.sahara.errors import SaharaError, invalid_reference
from saharaclient.local.sahara.records.clusters import (
    NODE,
    Cluster,
    ClusterTemplate,
    NodeGroup,
    NodeGroupTemplate,
    TemplateNodeGroup,
)

if TYPE_CHECKING:
    from saharaclient.local.sahara.api.context import SaharaCall

Fields = dict[str, Any]
NODE_FIELDS = NODE.split()


def clean_node(given: Fields) -> Fields:
    """The fields of a node group as a table takes them."""
    cleaned = {name: value for name, value in given.items() if value is not None or name not in ("node_configs",)}
    if "flavor_id" in cleaned:
        cleaned["flavor_id"] = str(cleaned["flavor_id"])
    return cleaned


def merge_configs(base: Fields | None, over: Fields | None) -> Fields:
    """Configuration of two levels, the second before the first."""
    merged = {target: dict(values) for target, values in (base or {}).items()}
    for target, values in (over or {}).items():
        merged.setdefault(target, {}).update(values)
    return merged


def populate(call: SaharaCall, given: list[Fields]) -> list[Fields]:
    """Node groups with what their templates say."""
    populated = []
    for position, group in enumerate(given):
        values = clean_node({key: value for key, value in group.items() if key not in _NOT_GROUP})
        template_id = group.get("node_group_template_id")
        template = call.find(NodeGroupTemplate, template_id) if template_id else None
        if template is not None:
            base = {name: getattr(template, name) for name in NODE_FIELDS}
            values = {
                **base,
                **values,
                "node_configs": merge_configs(template.node_configs, values.get("node_configs")),
            }
        populated.append({**values, "position": position, "project_id": call.project_id})
    return populated


_NOT_GROUP = {"description", "is_public", "is_protected"}


def create_node_group_template(call: SaharaCall) -> NodeGroupTemplate:
    """POST: a new node group template."""
    given = call.given
    name, version = given["plugin_name"], given["plugin_version"]
    checks.unique_name(call, NodeGroupTemplate, given["name"], "NodeGroup template")
    checks.plugin(call, name, version)
    checks.node_group(call, name, version, given)
    if given.get("image_id"):
        checks.registered_image(call, given["image_id"], name, version)
    checks.shares(given.get("shares"))
    template = NodeGroupTemplate(project_id=call.project_id)
    assign(template, clean_node(given))
    call.session.add(template)
    return template


def _plugin_of(call: SaharaCall, record: Any, given: Fields) -> tuple[str, str]:
    """Which plugin an updated template is for."""
    if given.get("plugin_name") and not given.get("plugin_version"):
        raise invalid_reference(f"You must specify a {call.version.plugin_version} value for your plugin_name")
    name = given.get("plugin_name") or record.plugin_name
    version = given.get("plugin_version") or record.plugin_version
    if given.get("plugin_name") or given.get("plugin_version"):
        checks.plugin(call, name, version)
    return name, version


def update_node_group_template(call: SaharaCall) -> NodeGroupTemplate:
    """PUT or PATCH: changes a node group template, and the cluster templates made of it."""
    template = call.get(NodeGroupTemplate)
    given = call.given
    name, version = _plugin_of(call, template, given)
    if given.get("image_id"):
        checks.registered_image(call, given["image_id"], name, version)
    checks.node_group(call, name, version, given)
    checks.shares(given.get("shares"))
    require_owner_for_update(call, template, "NodeGroupTemplate", given)
    if given.get("name", template.name) != template.name:
        checks.unique_name(call, NodeGroupTemplate, given["name"], "NodeGroup template")
    changes = clean_node(given)
    in_node = {key: value for key, value in changes.items() if key in NODE_FIELDS and value != getattr(template, key)}
    if in_node and call.session.scalar(select(NodeGroup.id).filter_by(node_group_template_id=template.id).limit(1)):
        raise SaharaError(
            "UPDATE_FAILED",
            f"NodeGroupTemplate id '{template.id}' can not be updated. It is referenced by an existing cluster.",
        )
    assign(template, changes)
    for group in call.session.scalars(select(TemplateNodeGroup).filter_by(node_group_template_id=template.id)):
        assign(group, in_node)
    return template


def check_node_group_template_unused(call: SaharaCall, template: NodeGroupTemplate) -> None:
    """Refuses to delete a node group template in use."""
    by_template = (
        select(ClusterTemplate.name)
        .join(TemplateNodeGroup, TemplateNodeGroup.cluster_template_id == ClusterTemplate.id)
        .where(TemplateNodeGroup.node_group_template_id == template.id)
    )
    by_cluster = (
        select(Cluster.name)
        .join(NodeGroup, NodeGroup.cluster_id == Cluster.id)
        .where(NodeGroup.node_group_template_id == template.id)
    )
    templates, clusters = (list(call.session.scalars(query.distinct())) for query in (by_template, by_cluster))
    if templates or clusters:
        raise invalid_reference(
            f"Node group template {template.id} is in use by cluster templates: {', '.join(templates) or 'N/A'}; "
            f"and clusters: {', '.join(clusters) or 'N/A'}"
        )


def _check_cluster_template(call: SaharaCall, name: str, version: str, given: Fields) -> None:
    if given.get("default_image_id"):
        checks.registered_image(call, given["default_image_id"], name, version)
    if given.get("cluster_configs"):
        checks.configs(call, name, version, given["cluster_configs"])
    checks.node_groups(call, name, version, given.get("node_groups") or [])
    if given.get("anti_affinity"):
        checks.processes(call, name, version, given["anti_affinity"])
    if given.get("neutron_management_network"):
        checks.existing_network(call, given["neutron_management_network"])
    checks.shares(given.get("shares"))


def clean_cluster(given: Fields) -> Fields:
    """The fields of a cluster or its template as a table takes them: null configs are none."""
    empty: Fields = {"cluster_configs": {}, "anti_affinity": []}
    return {key: empty[key] if value is None and key in empty else value for key, value in given.items()}


def create_cluster_template(call: SaharaCall) -> ClusterTemplate:
    """POST: a new cluster template."""
    given = clean_cluster(call.given)
    name, version = given["plugin_name"], given["plugin_version"]
    checks.unique_name(call, ClusterTemplate, given["name"], "Cluster template")
    checks.plugin(call, name, version)
    _check_cluster_template(call, name, version, given)
    groups = populate(call, given.pop("node_groups", None) or [])
    template = ClusterTemplate(project_id=call.project_id)
    assign(template, given)
    template.node_groups = [TemplateNodeGroup(**group) for group in groups]
    call.session.add(template)
    return template


def update_cluster_template(call: SaharaCall) -> ClusterTemplate:
    """PUT or PATCH: changes a cluster template that no cluster stands on."""
    template = call.get(ClusterTemplate)
    given = clean_cluster(call.given)
    name, version = _plugin_of(call, template, given)
    _check_cluster_template(call, name, version, given)
    require_owner_for_update(call, template, "ClusterTemplate", given)
    if given.keys() - {"is_public", "is_protected"} and _users(call, template):
        raise SaharaError(
            "UPDATE_FAILED",
            f"Cluster Template id '{template.id}' can not be updated. It is referenced by at least one cluster.",
        )
    if given.get("name", template.name) != template.name:
        checks.unique_name(call, ClusterTemplate, given["name"], "Cluster template")
    if "node_groups" in given:
        groups = populate(call, given.pop("node_groups") or [])
        template.node_groups = [TemplateNodeGroup(**group) for group in groups]
    assign(template, given)
    return template


def _users(call: SaharaCall, template: ClusterTemplate) -> list[str]:
    return list(call.session.scalars(select(Cluster.name).filter_by(cluster_template_id=template.id)))


def check_cluster_template_unused(call: SaharaCall, template: ClusterTemplate) -> None:
    """Refuses to delete a cluster template in use."""
    users = _users(call, template)
    if users:
        raise invalid_reference(f"Cluster template {template.id} in use by {', '.join(users)}")


def export(call: SaharaCall, shown: Fields, placeholders: tuple[str, ...]) -> Fields:
    """A template without what is its server's alone, and with placeholders for what another cloud names differently."""
    own = {"id", "updated_at", "created_at", "is_default", call.version.names.get("project_id", "project_id")}
    exported = {key: value for key, value in shown.items() if key not in own}
    return {**exported, **{name: f"{{{name}}}" for name in placeholders}}
