"""IP addresses and networks as Kubernetes reads them: zeros may lead, bits of hosts may be set."""

from __future__ import annotations

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_LINK_LOCAL_GROUPS = (ipaddress.ip_network("224.0.0.0/24"), ipaddress.ip_network("ff02::/16"))


def address(written: str) -> Address | None:
    """The address that `written` stands for, or None."""
    if "%" in written:
        return None  # a zone is for one host alone
    try:
        return ipaddress.ip_address(_decimal(written))
    except ValueError:
        return None


def is_address(written: str) -> bool:
    """Whether `written` is an IP address."""
    return address(written) is not None


def family(found: Address) -> str:
    """`IPv4` or `IPv6`."""
    return f"IPv{found.version}"


def special(found: Address) -> str:
    """What keeps traffic from being sent to `found`, or ""."""
    if found.is_unspecified:
        return "no address at all"
    if found.is_loopback:
        return "a loopback address"
    groups = [each for each in _LINK_LOCAL_GROUPS if each.version == found.version]
    if found.is_link_local or any(found in each for each in groups):
        return "an address of one link alone"
    return ""


def network(written: str) -> str | None:
    """A CIDR in its canonical form, or None when it is none."""
    if "/" not in written or "%" in written:
        return None
    try:
        return str(ipaddress.ip_network(_decimal(written.strip()), strict=False))
    except ValueError:
        return None


def _decimal(written: str) -> str:
    """Without the zeros that lead a part of an IPv4 address: 010.0.0.1."""
    return written if ":" in written else _ZEROS.sub("", written)
