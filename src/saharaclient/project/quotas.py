"""Quotas: what the clusters of a plan take of them, and whether that much is left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from saharaclient import bulk
from saharaclient.api import base
from saharaclient.project import neighbours
from saharaclient.project.desired import group_of, groups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from saharaclient.project.cloud import Cloud
    from saharaclient.project.desired import Wanted
    from saharaclient.project.order import Key
    from saharaclient.project.plans import Action

# What is limited, with the members of compute's and block storage's replies that say how far and what is taken.
_COMPUTE = {
    "instances": ("maxTotalInstances", "totalInstancesUsed"),
    "cores": ("maxTotalCores", "totalCoresUsed"),
    "MiB of memory": ("maxTotalRAMSize", "totalRAMUsed"),
}
_STORAGE = {
    "volumes": ("maxTotalVolumes", "totalVolumesUsed"),
    "GiB of volumes": ("maxTotalVolumeGigabytes", "totalGigabytesUsed"),
}
_NETWORK = {"ports": "port", "floating IPs": "floatingip", "security groups": "security_group"}


def check(
    client: Any, cloud: Cloud, actions: Iterable[Action], wanted: Sequence[Wanted]
) -> tuple[list[tuple[Key, str]], list[str]]:
    """Whether what is left of the project's quotas suffices for the clusters of a plan.

    Args:
        client: the data processing client.
        cloud: what stands there.
        actions: what is to be done.
        wanted: the project's entries.

    Returns:
        What can't be done, with the reason; and what could not be found out.
    """
    grown = [one for one in actions if one.kind == "clusters" and one.do in ("create", "replace", "scale")]
    if not grown:
        return [], []
    flavors, notes = _asked(client, "compute", "/flavors/detail", _flavors)
    needed = {action.key: _growth(action, wanted, cloud, flavors) for action in grown}
    services = {"compute": ("/limits", lambda found: _absolute(found, _COMPUTE))}
    if cloud.project_id is not None:
        services["network"] = (f"/v2.0/quotas/{cloud.project_id}/details.json", _details)
    if any(need["volumes"] > 0 for need in needed.values()):
        services["block-storage"] = ("/limits", lambda found: _absolute(found, _STORAGE))
    left: dict[str, int] = {}
    for outcome in bulk.each(lambda one: _asked(client, one[0], *one[1]), services.items()):
        found, told = outcome.result()
        left |= found
        notes += told
    return shortfalls(needed, left), sorted(set(notes))


def shortfalls(needed: Mapping[Key, Mapping[str, int]], left: Mapping[str, int]) -> list[tuple[Key, str]]:
    """What of the clusters can't all stand, with the reason.

    Args:
        needed: what each cluster takes more than it has now.
        left: what is left of what is limited.
    """
    found: list[tuple[Key, str]] = []
    for what, available in sorted(left.items()):
        total = sum(need.get(what, 0) for need in needed.values())
        if total <= max(available, 0):
            continue
        for key, need in needed.items():
            if (amount := need.get(what, 0)) > 0:
                together = f", all clusters of the plan together {total}" if amount != total else ""
                told = f"needs {amount} more {what}{together}, and the quota leaves {max(available, 0)}"
                found.append((key, f"{told}: ask for less, or have the quota raised"))
    return found


def _growth(
    action: Action, wanted: Sequence[Wanted], cloud: Cloud, flavors: Mapping[str, Mapping[str, int]]
) -> Counter[str]:
    """What a cluster will take more than it takes; what is to be deleted for it counts as free."""
    one = next(one for one in wanted if (one.section, one.name) == action.key)
    total: Counter[str] = Counter()
    for group in groups_of(one.fields, wanted, cloud).values():
        total.update(_taken(group_of(group, wanted, cloud), flavors))
    for there in cloud.named(*action.key)[:1] if action.id is not None else []:
        for group in (there.entry.get("node_groups") or {}).values():
            total.subtract(_taken(group_of(group, (), cloud), flavors))
    return total


def _taken(group: Mapping[str, Any], flavors: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """What the instances of a node group take."""
    count = group.get("count", 0)
    flavor = flavors.get(str(group.get("flavor")), {})
    volumes = count * group.get("volumes_per_node", 0)
    return Counter(
        {
            "instances": count,
            "ports": count,
            "cores": count * flavor.get("vcpus", 0),
            "MiB of memory": count * flavor.get("ram", 0),
            "floating IPs": count if group.get("floating_ip_pool") else 0,
            "security groups": 1 if group.get("auto_security_group") else 0,
            "volumes": volumes,
            "GiB of volumes": volumes * group.get("volumes_size", 0),
        }
    )


def _asked(
    client: Any, service_type: str, path: str, read: Callable[[Any], dict[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """What a service says, and why it says nothing if it does not."""
    try:
        found = neighbours.ask(client, service_type, path)
    except base.APIException as error:
        return {}, [f"what the quota of {service_type} leaves is not known: {error}"]
    if found is None:
        return {}, [f"what the quota of {service_type} leaves is not known: the catalog has no such service"]
    return read(found), []


def _flavors(found: Any) -> dict[str, Any]:
    """Flavors by name and by id."""
    flavors = found["flavors"]
    return {str(one["id"]): one for one in flavors} | {str(one.get("name")): one for one in flavors}


def _absolute(found: Any, members: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """What is left, of compute and of block storage."""
    said = found["limits"]["absolute"]
    limits = ((what, said.get(limit, -1), said.get(used, 0)) for what, (limit, used) in members.items())
    return {what: limit - used for what, limit, used in limits if limit >= 0}


def _details(found: Any) -> dict[str, int]:
    """What is left, of network."""
    said = {what: found["quota"].get(name, {}) for what, name in _NETWORK.items()}
    return {
        what: one["limit"] - one["used"] - int(one.get("reserved", 0))
        for what, one in said.items()
        if one.get("limit", -1) >= 0
    }
