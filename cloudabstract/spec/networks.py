"""Addresses, networks, host names, paths of URLs: what is wrong with one, and how to write it."""

from __future__ import annotations

import functools
import ipaddress
import re

from cloudabstract.model.limits import DNS_SUBDOMAIN

Wrong = tuple[str, str]  # a message and a remedy

_IPV4 = re.compile(
    r"(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}"
)
_HOST = re.compile(DNS_SUBDOMAIN.regex, re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,3}", re.ASCII)


def wrong_address(text: str) -> Wrong | None:
    """What is wrong with `text` as the address of one machine."""
    if _IPV4.fullmatch(text):
        return None  # the usual case, quickly
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return f"{text[:60]!r} is not an IP address", "a pool of instances takes names"
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return (
            f"{text!r} has a zone, which means nothing elsewhere",
            "leave out what follows the '%'",
        )
    if address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255":
        return f"{text!r} is not the address of one machine", ""
    return None


@functools.lru_cache(maxsize=1024)
def wrong_network(text: str) -> Wrong | None:
    """What is wrong with `text` as a network in CIDR form."""
    address, slash, length = text.partition("/")
    if not slash and not _wrong_host_address(address):
        bits = 128 if ":" in address else 32
        return f"{text!r} is an address, not a network", f"write {address}/{bits}"
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"{text[:60]!r} is not a network in CIDR form", "write it as in 203.0.113.0/24"
    if not _DIGITS.fullmatch(length):
        return f"{text!r} has a mask in place of a length", f"write {network}"
    if str(network.network_address) != str(ipaddress.ip_address(address)):
        return f"{text!r} has bits set behind its length", f"write {network}"
    return None


def _wrong_host_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return True
    return False


def wrong_host(text: str) -> Wrong | None:
    """What is wrong with `text` as the host of a route: a name, or `*.` and a name."""
    name = text.removeprefix("*.")
    if not _wrong_host_address(name):
        return f"{text!r} is an address", "routes match names of hosts; leave it out to match any"
    if len(name) > 253 or not _HOST.fullmatch(name) or (name != text and "." not in name):
        return f"{text[:60]!r} is not a host name", "as in shop.example.com or *.example.com"
    return None


_ODD_SEGMENTS = ("//", "/./", "/../", "%2f", "%2F")
_ODD_CHARACTERS = re.compile(r"[^!-~]|[?#\\\"<>^`{|}]")


def wrong_path(text: str) -> Wrong | None:
    """What is wrong with `text` as a path that requests are matched with."""
    if not text.startswith("/"):
        return f"{text[:60]!r} does not start with '/'", ""
    if text.endswith(("/.", "/..")) or any(each in text for each in _ODD_SEGMENTS):
        return f"{text[:60]!r} has '.', '..' or nothing for a segment", "clients resolve these"
    if found := _ODD_CHARACTERS.search(text):
        return f"{text[:60]!r} has {found[0]!r} in it, which no path has", "write it as %XX"
    return None


def is_subdomain(text: str) -> bool:
    """Whether this can be the name of a resource."""
    return len(text) <= 253 and _HOST.fullmatch(text) is not None
