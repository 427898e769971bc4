"""Backends as the targets of a group. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from cloudabstract.provider import Backend

Target = dict[str, Any]  # {"id": "10.0.0.5" or "i-...", "port": 8080, "zone": "" or "all"}


def target(backend: Backend, cidrs: Iterable[str]) -> Target:
    """`backend` as a target; an address outside of the VPC serves all zones, and must say so."""
    if backend.instance:
        return {"id": backend.instance, "port": backend.port, "zone": ""}
    zone = zone_of(backend.address, cidrs)
    return {"id": _tidy(backend.address), "port": backend.port, "zone": zone}


def zone_of(id_: str, cidrs: Iterable[str]) -> str:
    """`all` for an address outside of all `cidrs`; "" for others, and for instances."""
    try:
        known = ipaddress.ip_address(id_)
    except ValueError:
        return ""
    blocks = (ipaddress.ip_network(each, strict=False) for each in cidrs)
    inside = any(known in block for block in blocks if block.version == known.version)
    return "" if inside else "all"


def described(target: Target) -> dict[str, Any]:
    """A target as RegisterTargets and DeregisterTargets take it."""
    zone = {"AvailabilityZone": target["zone"]} if target["zone"] else {}
    return {"Id": target["id"], "Port": target["port"], **zone}


def _tidy(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:  # refused by check
        return address
