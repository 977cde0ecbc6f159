"""Handlers of clusters. What happens to them afterwards is in `saharaclient.local.sahara.clusters.life_cycle`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from saharaclient.local.engines.base import InvalidCluster
from saharaclient.local.sahara.api import checks
from saharaclient.local.sahara.api.context import assign, require_owner_for_delete, require_owner_for_update
from saharaclient.local.sahara.api.templates import NODE_FIELDS, clean_cluster, merge_configs, populate
from saharaclient.local.sahara.clusters import verification
from saharaclient.local.sahara.clusters.placement import Scaling, plan
from saharaclient.local.sahara.errors import SaharaError, invalid_data, invalid_reference, missing_reference
from saharaclient.local.sahara.records.clusters import (
    CLUSTER,
    Cluster,
    ClusterTemplate,
    NodeGroup,
    new_id,
    stack_suffix,
)
from saharaclient.local.sahara.urls import is_uuid
from saharaclient.states import ClusterStatus, HealthStatus

if TYPE_CHECKING:
    from saharaclient.local.engines.base import ClusterSpec
    from saharaclient.local.sahara.api.context import SaharaCall

Fields = dict[str, Any]
LARGEST_COUNT = 100  # clusters of one request, instances of one node group


def _check(call: SaharaCall, given: Fields) -> Fields:
    """Sahara's checks of a new cluster, in its order. Returns the fields with what the template says."""
    name, version = given["plugin_name"], given["plugin_version"]
    checks.plugin(call, name, version)
    checks.plugin_enabled(call, name, version)
    merged = _with_template(call, given)
    if given.get("user_keypair_id"):
        checks.keypair(call, given["user_keypair_id"])
    if not merged.get("default_image_id"):
        raise missing_reference("'default_image_id' field is not found")
    checks.registered_image(call, merged["default_image_id"], name, version)
    _check_layout(call, given)
    if not merged.get("neutron_management_network"):
        raise missing_reference("'neutron_management_network' field is not found")
    checks.existing_network(call, merged["neutron_management_network"])
    checks.shares(merged.get("shares"))
    _limit([group["count"] for group in merged["node_groups"]])
    return merged


def _with_template(call: SaharaCall, given: Fields) -> Fields:
    """The fields of a new cluster, and those of its template that it does not give itself."""
    groups = given.get("node_groups") or []
    if not given.get("cluster_template_id"):
        return {**given, "node_groups": groups}
    template = call.find(ClusterTemplate, given["cluster_template_id"])
    if template is None:
        raise missing_reference(f"Cluster template with id '{given['cluster_template_id']}' not found")
    base = {key: getattr(template, key) for key in CLUSTER.split() if key not in _OWN}
    merged = {**base, **{key: value for key, value in given.items() if value is not None or key not in base}}
    merged["cluster_configs"] = merge_configs(template.cluster_configs, given.get("cluster_configs"))
    if not groups:
        shown = ("name", "count", "node_group_template_id", *NODE_FIELDS)
        groups = [{key: getattr(group, key) for key in shown} for group in template.node_groups]
        checks.node_groups(call, given["plugin_name"], given["plugin_version"], groups)
        checks.host_names(given["name"], [(group["name"], group["count"]) for group in groups])
    return {**merged, "node_groups": groups}


def _check_layout(call: SaharaCall, given: Fields) -> None:
    """Checks what a new cluster itself says about its node groups and their configuration."""
    name, version = given["plugin_name"], given["plugin_version"]
    groups = given.get("node_groups") or []
    if given.get("cluster_configs"):
        checks.configs(call, name, version, given["cluster_configs"])
    checks.node_groups(call, name, version, groups)
    if given.get("anti_affinity"):
        checks.processes(call, name, version, given["anti_affinity"])
    checks.host_names(given["name"], [(group["name"], group["count"]) for group in groups])


_OWN = {"project_id", "is_public", "is_protected", "name"}


def _limit(counts: list[int]) -> None:
    for count in counts:
        if not 0 <= count <= LARGEST_COUNT:
            raise invalid_data(f"The count {count} is not between 0 and {LARGEST_COUNT}, which this service can start")


def _create(call: SaharaCall, fields: Fields, name: str) -> Cluster:
    fields = clean_cluster({**fields, "name": name})
    groups = populate(call, fields.pop("node_groups"))
    fields.pop("count", None)
    id_ = new_id()
    cluster = Cluster(
        id=id_, project_id=call.project_id, stack_name=name + stack_suffix(id_), management_public_key=_public_key()
    )
    assign(cluster, fields)
    cluster.node_groups = [NodeGroup(**group) for group in groups]
    call.session.add(cluster)
    call.session.flush()
    cluster.status = ClusterStatus.VALIDATING
    engine = call.sahara.engines[cluster.plugin_name]
    try:
        engine.validate(_planned(call, cluster, Scaling()))
    except InvalidCluster as error:
        raise SaharaError(error.code, str(error)) from None
    call.sahara.clusters.after_commit(call.session, call.sahara.clusters.create, cluster.id)
    return cluster


def _planned(call: SaharaCall, cluster: Cluster, wanted: Scaling) -> ClusterSpec:
    """The specification that the cluster will have, though nothing of it is made yet."""
    nested = call.session.begin_nested()
    planned = plan(call.session, cluster, wanted)
    spec = call.sahara.clusters.spec(call.session, cluster, without=planned.going or ())
    nested.rollback()
    return spec


def _public_key() -> str:
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " Generated-by-Sahara\n"


def create(call: SaharaCall) -> Fields:
    """POST: one cluster, or in API 2 with `count` several."""
    given = call.given
    if given.get("count") is not None:
        made = _create_many(call)
        return {"clusters": [{"cluster": show(call, cluster)} for cluster in made]}
    checks.unique_name(call, Cluster, given["name"], "Cluster")
    cluster = _create(call, _check(call, given), given["name"])
    return {"cluster": show(call, cluster)}


def create_many(call: SaharaCall) -> Fields:
    """POST: several clusters, in API 1.1."""
    return {"clusters": [cluster.id for cluster in _create_many(call)]}


def _create_many(call: SaharaCall) -> list[Cluster]:
    given = call.given
    fields = _check(call, given)
    count = given["count"]
    if not 1 <= count <= LARGEST_COUNT:
        raise invalid_data(f"The count {count} is not between 1 and {LARGEST_COUNT}")
    names = [f"{given['name']}-{number:0{len(str(count))}d}" for number in range(1, count + 1)]
    for name in names:
        checks.unique_name(call, Cluster, name, "Cluster")
    return [_create(call, fields, name) for name in names]


def show(
    call: SaharaCall,
    cluster: Cluster,
    leave_out: tuple[str, ...] = (),
    *,
    listed: bool = False,  # noqa: ARG001 - every resource's `show` is told
    progress: bool = False,
) -> Fields:
    """A cluster as replies have it, see `context.show`; with `progress` also with the events of its steps."""
    call.session.flush()
    shown = call.version.show(cluster, leave_out=leave_out if cluster.verification else (*leave_out, "verification"))
    if not progress:
        for step in shown["provision_progress"]:
            del step["events"]
    return shown


def read(call: SaharaCall) -> Fields:
    """GET: a cluster."""
    progress = call.query.get("show_progress", "").lower() == "true"
    return {"cluster": show(call, call.get(Cluster), progress=progress)}


def update(call: SaharaCall) -> Fields:
    """PATCH: names and flags, a verification, or a new key pair."""
    cluster = call.get(Cluster)
    given = call.given
    verify = bool(given.get("verification", {}).get("status"))
    if verify:
        if len(given) != 1:
            raise SaharaError(
                "CANNOT_VERIFY", "Cannot verify cluster. Reason: Can't update verification with other updates"
            )
        if cluster.status != ClusterStatus.ACTIVE:
            raise SaharaError("CANNOT_VERIFY", "Cannot verify cluster. Reason: Cluster is not active or doesn't exists")
        if cluster.verification and cluster.verification.status == HealthStatus.CHECKING:
            raise SaharaError("CANNOT_VERIFY", "Cannot verify cluster. Reason: Cluster verification in state CHECKING")
    require_owner_for_update(call, cluster, "Cluster", {} if verify else given)
    if verify:
        verification.begin(call.session, cluster)
        call.session.flush()
        call.sahara.clusters.after_commit(call.session, call.sahara.clusters.verify, cluster.id)
        return {"cluster": show(call, cluster)}
    if given.pop("update_keypair", None):
        raise SaharaError(
            "NOT_IMPLEMENTED", "The instances of this service are processes: they take no key pair", status=501
        )
    checks.shares(given.get("shares"))
    if given.get("name", cluster.name) != cluster.name:
        checks.unique_name(call, Cluster, given["name"], "Cluster")
    given.pop("verification", None)
    assign(cluster, given)
    return {"cluster": show(call, cluster)}


def scale(call: SaharaCall) -> Fields:
    """PUT: more or fewer instances, new node groups."""
    cluster = call.get(Cluster)
    checks.plugin_enabled(call, cluster.plugin_name, cluster.plugin_version)
    require_owner_for_update(call, cluster, "Cluster", {**call.given, "is_protected": True})
    if cluster.status != ClusterStatus.ACTIVE:
        raise invalid_reference(f"Cluster cannot be scaled not in 'Active' status. Cluster status: {cluster.status}")
    resized = call.given.get("resize_node_groups") or []
    added = call.given.get("add_node_groups") or []
    wanted = _resizes(cluster, resized)
    _check_additions(call, cluster, added)
    _limit([group["count"] for group in (*resized, *added)])
    wanted = _with_additions(call, cluster, added, wanted)
    current = call.sahara.clusters.spec(call.session, cluster)
    engine = call.sahara.engines[cluster.plugin_name]
    try:
        engine.validate_scaling(current, _planned(call, cluster, wanted))
    except InvalidCluster as error:
        raise SaharaError(error.code, str(error)) from None
    cluster.status, cluster.status_description = ClusterStatus.VALIDATING, ""
    cluster.wanted = wanted.dump()
    call.sahara.clusters.after_commit(call.session, call.sahara.clusters.scale, cluster.id)
    return {"cluster": show(call, cluster)}


def _resizes(cluster: Cluster, resized: list[Fields]) -> Scaling:
    """The wanted counts of node groups that there are."""
    groups = {group.name: group for group in cluster.node_groups}
    counts: dict[str, int] = {}
    drop: dict[str, list[str]] = {}
    checks.no_duplicates([group["name"] for group in resized], "node group names are detected")
    for wanted in resized:
        group = groups.get(wanted["name"])
        if group is None:
            raise invalid_reference(f"Cluster doesn't contain node group with name '{wanted['name']}'")
        counts[group.id] = wanted["count"]
        drop[group.id] = _named_instances(group, wanted)
    return Scaling(counts, drop)


def _check_additions(call: SaharaCall, cluster: Cluster, added: list[Fields]) -> None:
    names = {group.name for group in cluster.node_groups}
    for new in added:
        if new["name"] in names:
            raise invalid_reference(f"Can't add new nodegroup. Cluster already has nodegroup with name '{new['name']}'")
    checks.node_groups(call, cluster.plugin_name, cluster.plugin_version, added)
    checks.host_names(cluster.name, [(group["name"], group["count"]) for group in added])


def _with_additions(call: SaharaCall, cluster: Cluster, added: list[Fields], wanted: Scaling) -> Scaling:
    """Adds node groups, which are empty at first. Returns the scaling with their counts."""
    counts, groups = dict(wanted.counts), []
    for fields in populate(call, added):
        group = NodeGroup(**{**fields, "count": 0, "position": len(cluster.node_groups)})
        cluster.node_groups.append(group)
        call.session.flush()
        counts[group.id] = fields["count"]
        groups.append(group.id)
    return replace(wanted, counts=counts, groups=groups)


def _named_instances(group: NodeGroup, wanted: Fields) -> list[str]:
    named: list[str] = wanted.get("instances", [])
    going = group.count - wanted["count"]
    if "instances" in wanted and len(named) > going:
        raise invalid_data(
            f"Number of specific instances ({len(named)}) to delete can not be greater than the count difference "
            f"({going} during scaling"
        )
    if len({is_uuid(instance) for instance in named}) > 1:
        raise invalid_reference("You can only reference instances by Name or UUID, not both on the same request")
    if len(set(named)) != len(named):
        raise invalid_data("Duplicate entry for instances to delete")
    known = {name for instance in group.instances for name in (instance.instance_name, instance.instance_id)}
    unknown = [instance for instance in named if instance not in known]
    if unknown:
        raise missing_reference(f"Instance {unknown[0]} not found")
    return named


def delete(call: SaharaCall) -> Any:
    """DELETE: takes the cluster down, whatever it is doing."""
    cluster = call.get(Cluster)
    require_owner_for_delete(call, cluster, "Cluster")
    cluster.status = ClusterStatus.DELETING
    call.sahara.clusters.after_commit(call.session, call.sahara.clusters.delete, cluster.id)
    return (200, {"stack_name": cluster.stack_name}) if call.given.get("force") else None
