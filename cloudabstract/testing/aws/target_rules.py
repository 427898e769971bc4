"""Who may be a target of a group: running instances of its VPC, and private addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws.listeners import QUIC
from cloudabstract.testing.aws.refusal import Refused, not_valid
from cloudabstract.testing.aws.wire import Call

_PRIVATE = [
    ipaddress.ip_network(cidr)  # RFC 1918, RFC 6598
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
]
_SERVER_ID = re.compile(r"0x[0-9a-f]{16}")


def check(call: Call, group: Any, asked: Mapping[str, Any]) -> None:
    """Raise `Refused` unless `asked`, one entry of Targets, may be registered with `group`."""
    if group.target_type == "instance":
        _check_instance(call, group, asked)
    if group.target_type == "ip":
        _check_address(call, group, asked)
    server = asked.get("QuicServerId")
    if group.protocol in QUIC and not _SERVER_ID.fullmatch(server or ""):
        raise not_valid(f"QuicServerId is required for {group.protocol}, as 0x and 16 digits")
    if group.protocol not in QUIC and server is not None:
        raise not_valid(f"QuicServerId cannot be used with {group.protocol}")


def _check_instance(call: Call, group: Any, asked: Mapping[str, Any]) -> None:
    if asked.get("AvailabilityZone") is not None:
        raise not_valid("AvailabilityZone cannot be specified for targets of type instance")
    instance = call.network.get_instance_by_id(asked["Id"])
    if instance is None or instance.vpc_id != group.vpc_id:
        message = f"The target '{asked['Id']}' does not exist or is in another VPC"
        raise Refused("InvalidTarget", message)
    if instance.state != "running":
        raise Refused("InvalidTarget", f"The target '{asked['Id']}' is not in a running state")


def _check_address(call: Call, group: Any, asked: Mapping[str, Any]) -> None:
    try:
        address = ipaddress.ip_address(asked["Id"])
    except ValueError:
        raise not_valid(f"'{asked['Id']}' is not a valid IP address") from None
    blocks = call.network.get_vpc(group.vpc_id).get_cidr_block_association_set()
    if any(address in ipaddress.ip_network(block["cidr_block"]) for block in blocks):
        return
    if address.version == 4 and not any(address in block for block in _PRIVATE):
        message = f"The IP address '{address}' is neither in the VPC nor private"
        raise Refused("InvalidTarget", message)
    if asked.get("AvailabilityZone") is None:
        message = f"AvailabilityZone must be specified: '{address}' is outside the VPC"
        raise not_valid(message)
