"""Networks, their subnets, ports and floating IPs: what is shown of them, and how they are made and go.

They are kept and shown, and lead nowhere: clusters are processes of this machine. Heat, Rally and Horizon make them.
"""

from __future__ import annotations

import ipaddress
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.neighbours.network.fields import Item, described, text
from saharaclient.local.neighbours.network.records import FloatingIP, Network, Subnet
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call

LEADS_NOWHERE = "It leads nowhere: clusters of this service are processes of its machine."
_LARGEST = 65536  # addresses of a subnet


def networks(call: Call) -> list[Item]:
    """All networks: everybody sees them."""
    made: dict[str, list[str]] = {}
    for subnet in call.session.scalars(select(Subnet)):
        made.setdefault(subnet.network_id, []).append(subnet.id)
    return [
        {
            **described(network.id, network.project_id, network.name),
            "status": "ACTIVE",
            "admin_state_up": True,
            "shared": True,
            "router:external": network.external,
            "subnets": [*([network.subnet_id] if network.cidr else []), *made.get(network.id, [])],
            "mtu": 1500,
            "port_security_enabled": True,
            "availability_zones": ["nova"],
            "availability_zone_hints": [],
            "is_default": network.external,
        }
        for network in call.session.scalars(select(Network).order_by(Network.name))
    ]


def subnets(call: Call) -> list[Item]:
    """All subnets."""
    shown = []
    for network in call.session.scalars(select(Network).order_by(Network.name)):
        if network.cidr:
            shown.append(_subnet(network, network.subnet_id, f"{network.name}-subnet", network.cidr))
        query = select(Subnet).filter_by(network_id=network.id).order_by(Subnet.name)
        shown += [_subnet(network, one.id, one.name, one.cidr) for one in call.session.scalars(query)]
    return shown


def _subnet(network: Network, id_: str, name: str, cidr: str) -> Item:
    block = ipaddress.ip_network(cidr)
    return {
        **described(id_, network.project_id, name),
        "network_id": network.id,
        "cidr": cidr,
        "gateway_ip": str(block[1]),
        "allocation_pools": [{"start": str(block[2]), "end": str(block[-2])}],
        "ip_version": block.version,
        "enable_dhcp": not network.external,
        "dns_nameservers": [],
        "host_routes": [],
        "subnetpool_id": None,
        "ipv6_address_mode": None,
        "ipv6_ra_mode": None,
    }


def ports(call: Call) -> list[Item]:
    """The ports of the caller's instances: a floating IP is associated with one."""
    subnet = {item["network_id"]: item["id"] for item in subnets(call)}
    return [
        {
            **described(machine.port_id, machine.project_id, ""),
            "network_id": machine.network_id,
            "device_id": machine.id,
            "device_owner": "compute:nova",
            "status": "ACTIVE" if machine.status == "ACTIVE" else "DOWN",
            "admin_state_up": True,
            "mac_address": "00:00:00:00:00:00",
            "fixed_ips": [{"subnet_id": subnet.get(machine.network_id), "ip_address": machine.address}],
            "security_groups": [],
        }
        for machine in call.backend.machines(call.session, call.project_id)
        if machine.address
    ]


def floating_ips(call: Call) -> list[Item]:
    """The floating IPs of the caller's project."""
    query = select(FloatingIP).filter_by(project_id=call.project_id).order_by(FloatingIP.address)
    at = {port["id"]: port for port in ports(call)}
    return [_floating_ip(one, at) for one in call.session.scalars(query)]


def _floating_ip(one: FloatingIP, at: dict[str, Item]) -> Item:
    port = at.get(one.port_id or "")  # of an instance that is gone it has none any more
    return {
        **described(one.id, one.project_id, "", one.description),
        "floating_network_id": one.network_id,
        "floating_ip_address": one.address,
        "fixed_ip_address": port["fixed_ips"][0]["ip_address"] if port else None,
        "port_id": port["id"] if port else None,
        "router_id": None,
        "status": "ACTIVE" if port else "DOWN",
        "port_forwardings": [],
    }


# ---- making and deleting ----


def _network(call: Call, id_: Any, what: str = "Network") -> Network:
    network = call.session.get(Network, id_) if isinstance(id_, str) else None
    if network is None:
        raise ApiError(404, f"{what} {id_} could not be found.", kind=f"{what}NotFound")
    return network


def _own(call: Call, project_id: str, what: str, id_: str) -> None:
    if project_id != call.project_id and not call.identity.is_admin:
        raise ApiError(404, f"{what} {id_} could not be found.", kind=f"{what}NotFound")


def create_network(call: Call) -> tuple[int, dict[str, Any]]:
    """A network without subnets."""
    given = call.member("network")
    external = given.get("router:external", False)
    if not isinstance(external, bool):
        raise ApiError(400, "Invalid input for router:external: it must be true or false.", kind="HTTPBadRequest")
    network = Network(name=text(given, "name"), project_id=call.project_id, cidr="", subnet_id="", external=external)
    call.session.add(network)
    call.session.flush()
    return 201, {"network": next(item for item in networks(call) if item["id"] == network.id)}


def delete_network(call: Call) -> None:
    """A network, with its subnets."""
    network = _network(call, call.path["id"])
    _own(call, network.project_id, "Network", network.id)
    used = [m.name for m in call.backend.machines(call.session, call.project_id) if m.network_id == network.id]
    used += call.session.scalars(select(FloatingIP.address).filter_by(network_id=network.id))
    if used:
        message = f"Unable to complete operation on network {network.id}: it has ports of {', '.join(used)}."
        raise ApiError(409, message, kind="NetworkInUse")
    for subnet in call.session.scalars(select(Subnet).filter_by(network_id=network.id)).all():
        call.session.delete(subnet)
    call.session.flush()
    call.session.delete(network)


def create_subnet(call: Call) -> tuple[int, dict[str, Any]]:
    """A subnet of a network."""
    given = call.member("subnet")
    network = _network(call, given.get("network_id"))
    _own(call, network.project_id, "Network", network.id)
    try:
        block = ipaddress.ip_network(str(given.get("cidr")))
    except ValueError as error:
        raise ApiError(400, f"Invalid input for cidr: {error}.", kind="HTTPBadRequest") from None
    if not 8 <= block.num_addresses <= _LARGEST:
        message = f"Invalid input for cidr: {block} has {block.num_addresses} addresses; 8 to {_LARGEST} are taken."
        raise ApiError(400, message, kind="HTTPBadRequest")
    there = [ipaddress.ip_network(item["cidr"]) for item in subnets(call) if item["network_id"] == network.id]
    if any(block.version == other.version and block.overlaps(other) for other in there):
        raise ApiError(400, f"Requested subnet with cidr: {block} overlaps with another subnet.", kind="InvalidInput")
    subnet = Subnet(network_id=network.id, name=text(given, "name"), cidr=str(block))
    call.session.add(subnet)
    call.session.flush()
    return 201, {"subnet": _subnet(network, subnet.id, subnet.name, subnet.cidr)}


def delete_subnet(call: Call) -> None:
    """A subnet; its network stays."""
    id_ = call.path["id"]
    made = call.session.get(Subnet, id_)
    network = call.session.scalar(select(Network).filter_by(subnet_id=id_)) if made is None else None
    owner = network or (_network(call, made.network_id) if made else None)
    if owner is None:
        raise ApiError(404, f"Subnet {id_} could not be found.", kind="SubnetNotFound")
    _own(call, owner.project_id, "Subnet", id_)
    if made is not None:
        call.session.delete(made)
    else:
        owner.cidr = owner.subnet_id = ""


def create_floating_ip(call: Call) -> tuple[int, dict[str, Any]]:
    """The next free address of an external network."""
    given = call.member("floatingip")
    network = _network(call, given.get("floating_network_id"), "ExternalNetwork")
    blocks = [item["cidr"] for item in subnets(call) if item["network_id"] == network.id]
    if not network.external or not blocks:
        message = f"Bad floatingip request: network {network.id} is not external, or has no subnet."
        raise ApiError(400, message, kind="BadRequest")
    taken = {*call.session.scalars(select(FloatingIP.address))}
    # behind the gateway, which has the first
    hosts = (str(host) for block in blocks for host in islice(ipaddress.ip_network(block).hosts(), 1, None))
    address = next((host for host in hosts if host not in taken), None)
    if address is None:
        raise ApiError(
            409, f"No more IP addresses available on network {network.id}.", kind="IpAddressGenerationFailure"
        )
    description = text(given, "description") or LEADS_NOWHERE
    one = FloatingIP(
        project_id=call.project_id, network_id=network.id, address=address, description=description,
        port_id=_port(call, given),
    )  # fmt: skip
    call.session.add(one)
    call.session.flush()
    return 201, _shown(call, one)


def _port(call: Call, given: Item) -> str | None:
    wanted = given.get("port_id")
    if wanted is not None and wanted not in [port["id"] for port in ports(call)]:
        raise ApiError(404, f"Port {wanted} could not be found.", kind="PortNotFound")
    return wanted


def _shown(call: Call, one: FloatingIP) -> dict[str, Any]:
    return {"floatingip": _floating_ip(one, {port["id"]: port for port in ports(call)})}


def _floating(call: Call) -> FloatingIP:
    one = call.session.get(FloatingIP, call.path["id"])
    if one is None or one.project_id != call.project_id:
        raise ApiError(404, f"Floating IP {call.path['id']} could not be found", kind="FloatingIPNotFound")
    return one


def update_floating_ip(call: Call) -> dict[str, Any]:
    """Associates it with a port, or with none."""
    one, given = _floating(call), call.member("floatingip")
    if "port_id" in given:
        one.port_id = _port(call, given)
    one.description = text(given, "description", one.description)
    call.session.flush()
    return _shown(call, one)


def delete_floating_ip(call: Call) -> None:
    """Releases it."""
    call.session.delete(_floating(call))
