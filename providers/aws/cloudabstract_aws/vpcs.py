"""The networks of each region as this turn found them, and the VPCs of target groups."""

from __future__ import annotations

import threading
from typing import Any

from . import networks, pages
from .clients import Clients


class Vpcs:
    """Shared by threads. What is read once is taken as true until `forget`: for one turn."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._regions: dict[str, dict[str, Any]] = {}
        self._ranges: dict[tuple[str, str], list[str]] = {}

    def forget(self) -> None:
        """A new turn begins, and everything may have changed."""
        with self._lock:
            self._regions.clear()
            self._ranges.clear()

    def survey(self, region: str) -> dict[str, Any]:
        """Every VPC and subnet of a region: see `networks.survey`."""
        with self._lock:
            if region not in self._regions:
                self._regions[region] = networks.survey(self._clients, region)
            return self._regions[region]

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
