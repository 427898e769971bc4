"""Where a load balancer stands: its subnets, one to a zone, its security groups, its addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudabstract.testing.aws.interfaces import Interfaces
from cloudabstract.testing.aws.refusal import Refused, bad_setup, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_WITHOUT_IPV6 = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


class Placing:
    """The rules on moving a balancer that exists."""

    def __init__(self, interfaces: Interfaces) -> None:
        self._interfaces = interfaces

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "elbv2.SetSubnets": self._set_subnets,
            "elbv2.SetSecurityGroups": self._set_groups,
            "elbv2.SetIpAddressType": _set_address_type,
        }

    def _set_subnets(self, call: Call, proceed: Proceed) -> Any:
        balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
        if balancer is None:
            return proceed()
        balancer.subnets = subnets(call, balancer.type)
        self._interfaces.open(call.network, balancer)
        return {
            "AvailabilityZones": balancer.availability_zones,
            "IpAddressType": balancer.ip_address_type,
        }

    def _set_groups(self, call: Call, proceed: Proceed) -> Any:
        balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
        if balancer is None:
            return proceed()
        wanted = groups(call, balancer.type, balancer.vpc_id)
        if balancer.type == "network" and not balancer.security_groups:
            message = "You cannot set security groups on a Network Load Balancer made without any"
            raise bad_setup(message)
        if not call.params.get("SecurityGroups"):
            raise bad_setup("A load balancer with security groups must keep at least one")
        balancer.security_groups = wanted
        self._interfaces.open(call.network, balancer)
        return {"SecurityGroupIds": wanted}


def subnets(call: Call, kind: str) -> list[Any]:
    """The subnets a request names, if a balancer of this kind can stand in them."""
    mappings = call.params.get("SubnetMappings") or []
    ids = [*(call.params.get("Subnets") or []), *(mapping["SubnetId"] for mapping in mappings)]
    if not ids:
        raise not_valid("At least one subnet must be specified")
    if call.params.get("Subnets") and mappings:
        raise not_valid("You must specify either subnets or subnet mappings, not both")
    known = {subnet.id: subnet for subnet in call.network.describe_subnets()}
    missing = [id_ for id_ in ids if id_ not in known]
    if missing:
        raise Refused("SubnetNotFound", f"The subnet ID '{missing[0]}' does not exist")
    found = [known[id_] for id_ in ids]
    _check_zones(kind, found)
    _check_addresses(call, kind, mappings)
    return found


def _check_zones(kind: str, found: Sequence[Any]) -> None:
    zones = {subnet.availability_zone for subnet in found}
    if len(zones) < len(found):
        message = "A load balancer cannot be attached to multiple subnets in the same zone"
        raise bad_setup(message)
    if kind == "application" and len(zones) < 2:
        raise not_valid("At least two subnets in two different Availability Zones are needed")
    if len({subnet.vpc_id for subnet in found}) > 1:
        raise bad_setup("All subnets must belong to the same VPC")


def _check_addresses(call: Call, kind: str, mappings: Sequence[Mapping[str, str]]) -> None:
    asked = [mapping["AllocationId"] for mapping in mappings if mapping.get("AllocationId")]
    if asked and kind != "network":
        raise bad_setup("Elastic IP addresses can be given to Network Load Balancers only")
    if asked and call.params.get("Scheme") == "internal":
        raise bad_setup("An internal load balancer cannot have Elastic IP addresses")
    known = {address.allocation_id for address in call.network.addresses}
    missing = [id_ for id_ in asked if id_ not in known]
    if missing:
        raise Refused("AllocationIdNotFound", f"The allocation ID '{missing[0]}' does not exist")


def groups(call: Call, kind: str, vpc_id: str) -> list[str]:
    """The security groups a request gives; an ALB's default is the VPC's default group."""
    asked: list[str] = list(call.params.get("SecurityGroups") or [])
    if asked and kind == "gateway":
        raise bad_setup("Security groups are not supported for load balancers of type 'gateway'")
    for id_ in asked:
        group = call.network.get_security_group_from_id(id_)
        if group is None or group.vpc_id != vpc_id:
            raise Refused("InvalidSecurityGroup", f"The security group '{id_}' does not exist")
    if asked or kind != "application":
        return asked
    return [call.network.get_default_security_group(vpc_id).id]


def _set_address_type(call: Call, proceed: Proceed) -> Any:
    balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
    if balancer is not None and call.params["IpAddressType"].startswith("dualstack"):
        if balancer.scheme == "internal":
            raise bad_setup("Internal load balancers must use ipv4")
        for listener in balancer.listeners.values():
            check_family(listener.protocol, call.params["IpAddressType"])
    return proceed()


def check_family(protocol: str | None, address_type: str) -> None:
    """Raise `Refused` for a protocol that dual-stack balancers do not speak."""
    if protocol in _WITHOUT_IPV6 and address_type.startswith("dualstack"):
        raise bad_setup(f"{protocol} listeners are not supported on a dual-stack load balancer")
