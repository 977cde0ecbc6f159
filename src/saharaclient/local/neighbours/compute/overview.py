"""What compute tells of a whole cloud, as far as it means anything on one machine: mostly that there is nothing of it.

Each row names who asks: Horizon's overview and its pages for administrators, novaclient's and OpenStackClient's lists.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from saharaclient.local.neighbours.compute.microversions import microversion
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call

# path: what the reply holds; who asks for it
EMPTY: dict[str, dict[str, Any]] = {
    "os-simple-tenant-usage": {"tenant_usages": []},  # `openstack usage list`
    "os-simple-tenant-usage/{id}": {"tenant_usage": {}},  # Horizon's overview
    "os-hypervisors": {"hypervisors": []},  # `openstack hypervisor list`
    "os-hypervisors/detail": {"hypervisors": []},  # Horizon, openstacksdk
    "os-services": {"services": []},  # Horizon, `openstack compute service list`
    "os-server-groups": {"server_groups": []},  # Horizon, Heat
    "os-aggregates": {"aggregates": []},  # Horizon
    "extensions": {"extensions": []},  # novaclient, Horizon
}
_COUNTED = (
    *("count", "vcpus", "vcpus_used", "memory_mb", "memory_mb_used", "local_gb", "local_gb_used"),
    *("running_vms", "current_workload", "free_ram_mb", "free_disk_gb", "disk_available_least"),
)
QUOTAS = (
    *("instances", "cores", "ram", "key_pairs", "metadata_items", "server_groups", "server_group_members"),
    *("injected_files", "injected_file_content_bytes", "injected_file_path_bytes"),
)
NETWORKS_UNTIL = (2, 35)
_ADDRESSING = (  # what compute knew of networks while it made them; since then nothing
    *("cidr", "netmask", "gateway", "broadcast", "dns1", "dns2"),
    *("cidr_v6", "netmask_v6", "gateway_v6"),
)


def _empty(_call: Call, reply: dict[str, Any]) -> dict[str, Any]:
    return reply


def _statistics(_call: Call) -> dict[str, Any]:  # Horizon
    return {"hypervisor_statistics": dict.fromkeys(_COUNTED, 0)}


def _networks(call: Call) -> dict[str, Any]:  # sahara-tests' tempest plugin looks for the pool of addresses here
    if microversion(call) > NETWORKS_UNTIL:
        raise ApiError(404, "Networks are the network service's since compute's microversion 2.36.")
    names = call.backend.network_names(call.session)
    return {"networks": [{**dict.fromkeys(_ADDRESSING), "id": id_, "label": name} for id_, name in names.items()]}


def _quotas(call: Call) -> dict[str, Any]:  # Horizon, `openstack quota show`, Rally
    limit: Any = {"limit": -1, "in_use": 0, "reserved": 0} if call.request.url.path.endswith("/detail") else -1
    return {"quota_set": {"id": call.path["project"], **dict.fromkeys(QUOTAS, limit)}}


routes = [
    *(route(f"GET /v2.1/{path}", partial(_empty, reply=reply), records=False) for path, reply in EMPTY.items()),
    route("GET /v2.1/os-hypervisors/statistics", _statistics, records=False),
    route("GET /v2.1/os-networks", _networks),
    *(
        route(f"GET /v2.1/os-quota-sets/{{project}}{part}", _quotas, records=False)
        for part in ("", "/defaults", "/detail")
    ),
]
