"""The bodies of requests, made from the arguments of the methods that send them.

The methods hand over their `locals()`, so that no argument is named twice; `tests/meta` holds that these are their
parameters and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api.base import NotUpdated

if TYPE_CHECKING:
    from collections.abc import Mapping


# arguments that the server knows by another name
_NAMES = {"net_id": "neutron_management_network", "configs": "job_configs"}


def given(arguments: Mapping[str, Any], *always: str) -> dict[str, Any]:
    """Of a method's arguments, those that are not None, and those of `always`: the body of a creation."""
    return {_NAMES.get(k, k): v for k, v in arguments.items() if k != "self" and (v is not None or k in always)}


def updated(arguments: Mapping[str, Any], *but: str) -> dict[str, Any]:
    """Of a method's arguments, those that were given, None among them, except `but`: the body of an update."""
    return {
        _NAMES.get(k, k): v
        for k, v in arguments.items()
        if k not in ("self", *but) and not isinstance(v, NotUpdated) and v is not NotUpdated
    }


def of_node_group(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Of the arguments that create a node group template, those that count: volumes only if there are any."""
    versions = arguments.keys() & {"hadoop_version", "plugin_version"}
    body = given(arguments, "name", "plugin_name", *versions, "flavor_id", "node_processes")
    if not arguments["volumes_per_node"]:
        return {k: v for k, v in body.items() if not k.startswith(("volumes_", "volume_"))}
    return {"volumes_size": arguments["volumes_size"], **body}
