"""What the memory cloud can make: sizes, rates, mount options, address ranges (limits.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from ipaddress import ip_network
from typing import Any


@cache
def limits() -> dict[str, Any]:
    """The file as it is; read once."""
    text = resources.files(__package__).joinpath("limits.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def rounded(size: int) -> int:
    """`size` in bytes, rounded up to what a disk can have."""
    unit: int = limits()["unit"]
    return -(-size // unit) * unit


@cache
def _networks(routability: str, family: str) -> tuple[Any, ...]:
    key = routability.lower() + ("6" if family == "IPv6" else "")
    return tuple(ip_network(text) for text in limits()[key])


def addresses(routability: str, family: str, start: int) -> Iterator[str]:
    """Every address of a range once, from the one that `start` picks in its first network on."""
    networks = _networks(routability, family)
    for network in networks:
        usable = min(network.num_addresses, 65536) - 2
        for offset in range(usable):
            yield str(network[(start + offset) % usable + 1])
