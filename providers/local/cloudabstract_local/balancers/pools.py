"""Address pools: ranges of addresses from which balancers get theirs. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FAMILIES = {4: "IPv4", 6: "IPv6"}
_MOST = 4096  # addresses tried of one pool


@dataclass(frozen=True)
class Range:
    """Addresses from `first` to `last`, both in it."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class AddressPool:
    """The ranges of one routability."""

    ranges: tuple[Range, ...] = ()

    def families(self) -> tuple[str, ...]:
        """The IP families of which it has addresses."""
        return tuple(dict.fromkeys(FAMILIES[each.version] for each in self.ranges))

    def shared(self, family: str) -> bool:
        """Whether it has one address only, which balancers then share by different ports."""
        return sum(each.size for each in self._of(family)) == 1

    def __contains__(self, address: str) -> bool:
        known = ipaddress.ip_address(address)
        return any(
            each.first <= int(known) <= each.last
            for each in self.ranges
            if each.version == known.version
        )

    def candidates(self, family: str, seed: str) -> Iterator[str]:
        """Its addresses, once each, beginning at a place that `seed` decides.

        So a balancer made anew gets its address again, and two roots on one machine do not try
        the same addresses first.
        """
        ranges = self._of(family)
        size = sum(each.size for each in ranges)
        start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % (size or 1)
        for step in range(min(size, _MOST)):
            yield self._at(ranges, (start + step) % size)

    def _of(self, family: str) -> tuple[Range, ...]:
        return tuple(each for each in self.ranges if FAMILIES[each.version] == family)

    def _at(self, ranges: Iterable[Range], offset: int) -> str:
        for each in ranges:
            if offset < each.size:
                made = ipaddress.IPv4Address if each.version == 4 else ipaddress.IPv6Address
                return str(made(each.first + offset))
            offset -= each.size
        raise IndexError(offset)


def parse(texts: Iterable[str]) -> AddressPool:
    """A pool from addresses, `a-b` ranges and CIDRs. Raises ValueError naming the wrong text."""
    return AddressPool(tuple(_range(each.strip()) for each in texts))


def family_of(address: str) -> str:
    """`IPv4` or `IPv6`. Raises ValueError for anything but an address."""
    return FAMILIES[ipaddress.ip_address(address).version]


def _range(text: str) -> Range:
    try:
        if "/" in text:
            return _network(text)
        first, _, last = text.partition("-")
        low = ipaddress.ip_address(first.strip())
        high = ipaddress.ip_address(last.strip() or first.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address, an a-b range or a CIDR") from error
    if low.version != high.version or int(low) > int(high):
        raise ValueError(f"{text!r} does not run from a lower to a higher address of one family")
    return Range(low.version, int(low), int(high))


def _network(text: str) -> Range:
    """A CIDR without the addresses that name the network and everybody in it."""
    network = ipaddress.ip_network(text, strict=False)
    first, last = int(network.network_address), int(network.broadcast_address)
    if network.version == 4 and network.num_addresses > 2:
        return Range(4, first + 1, last - 1)
    return Range(network.version, first, last)
