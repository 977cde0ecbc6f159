"""The bodies of requests, made from the arguments of the methods that send them.

The methods hand over their `locals()`, so that no argument is named twice; `tests/meta` holds that these are their
parameters and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api.base import NotUpdated

if TYPE_CHECKING:
    from collections.abc import Mapping


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Of a method's arguments, those that are not None: the body of a creation."""
    return {k: v for k, v in arguments.items() if v is not None and k != "self"}


def updated(arguments: Mapping[str, Any], *but: str) -> dict[str, Any]:
    """Of a method's arguments, those that were given, None among them, except `but`: the body of an update."""
    return {
        k: v
        for k, v in arguments.items()
        if k not in ("self", *but) and not isinstance(v, NotUpdated) and v is not NotUpdated
    }


def with_network(body: dict[str, Any]) -> dict[str, Any]:
    """A body in which the network has the name that the server knows it by."""
    if "net_id" in body:
        body["neutron_management_network"] = body.pop("net_id")
    return body


def of_node_group(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Of the arguments that create a node group template, those that count: volumes only if there are any."""
    body = {"node_processes": arguments["node_processes"], **given(arguments)}
    if not arguments["volumes_per_node"]:
        return {k: v for k, v in body.items() if not k.startswith(("volumes_", "volume_"))}
    return {"volumes_size": arguments["volumes_size"], **body}


def of_run(body: dict[str, Any]) -> dict[str, Any]:
    """A body that starts a run, in which the configuration has the name that the server knows it by."""
    if "configs" in body:
        body["job_configs"] = body.pop("configs")
    return body
