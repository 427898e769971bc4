"""The networks of each region as they were last surveyed, and the VPCs of target groups."""

from __future__ import annotations

import threading
from typing import Any

from . import networks, pages
from .clients import Clients


class Vpcs:
    """Shared by threads. A survey reads anew; until the next one its answer is taken as true."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._regions: dict[str, dict[str, Any]] = {}
        self._ranges: dict[tuple[str, str], list[str]] = {}

    def survey(self, region: str) -> dict[str, Any]:
        """Every VPC and subnet of a region, read now: see `networks.survey`."""
        found = networks.survey(self._clients, region)
        with self._lock:
            self._regions[region] = found
        return found

    def cidrs(self, region: str, vpc: str) -> list[str]:
        """The address ranges of a VPC; a call only when no survey has told of it."""
        with self._lock:
            known = self._regions.get(region, {}).get("vpcs", {}).get(vpc)
            if known is not None:
                return list(known["cidrs"])
            if (region, vpc) in self._ranges:
                return self._ranges[(region, vpc)]
        ec2 = self._clients.read("ec2", region)
        raw = pages.of(ec2, "describe_vpcs", "Vpcs", Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        ranges = [cidr for each in raw for cidr in networks.cidrs_of(each)]
        with self._lock:
            self._ranges[(region, vpc)] = ranges
        return ranges
