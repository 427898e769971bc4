"""What Kubernetes demands of Endpoints and EndpointSlices, whose addresses become members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import addresses, metadata, names, rules_addresses
from .choices import choice, port_number
from .lookup import at, items, mapping, text, texts
from .remarks import Remark

_TYPES = ("IPv4", "IPv6", "FQDN")
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_ENDPOINTS, _ADDRESSES, _PORTS = 1000, 100, 20_000  # in one slice, at most


def endpoint_slice(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this EndpointSlice."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    kind = text(raw, "addressType")
    if at(raw, "addressType") == "":
        yield Remark(("addressType",), "is required", f"one of {', '.join(_TYPES)}")
    yield from choice(("addressType",), kind or None, _TYPES)
    endpoints = items(raw, "endpoints")
    if len(endpoints) > _ENDPOINTS:
        yield Remark(("endpoints",), f"has {len(endpoints)}; at most {_ENDPOINTS} are allowed")
        return
    for number, each in enumerate(endpoints):
        yield from _endpoint(mapping(each), kind, ("endpoints", number))
    yield from _ports(items(raw, "ports"), ("ports",))


def _endpoint(written: dict[str, Any], kind: str, path: Path) -> Iterator[Remark]:
    found = texts(written, "addresses")
    if not found:
        yield Remark((*path, "addresses"), "is required")
    if len(found) > _ADDRESSES:
        message = f"has {len(found)}; at most {_ADDRESSES} are allowed"
        yield Remark((*path, "addresses"), message)
    for number, each in enumerate(found):
        yield from _address((*path, "addresses", number), each, kind)
    if (host := at(written, "hostname")) is not None and isinstance(host, str):
        yield from _named((*path, "hostname"), names.wrong_label(host))
    if node := text(written, "nodeName"):
        yield from _named((*path, "nodeName"), names.wrong_subdomain(node))


def _address(path: Path, written: str, kind: str) -> Iterator[Remark]:
    if kind == "FQDN":
        yield from _named(path, names.wrong_subdomain(written.removesuffix(".")))
        return
    found = addresses.address(written)
    if kind in _TYPES and (found is None or addresses.family(found) != kind):
        yield Remark(path, f"{names.shown(written)} is not an {kind} address")
    elif found is not None:
        yield from rules_addresses.usable(path, written)


def endpoints(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse these Endpoints."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    for number, subset in enumerate(items(raw, "subsets")):
        path: Path = ("subsets", number)
        if not items(subset, "addresses") and not items(subset, "notReadyAddresses"):
            yield Remark(path, "addresses or notReadyAddresses are required")
        for key in ("addresses", "notReadyAddresses"):
            for place, each in enumerate(items(subset, key)):
                yield from rules_addresses.usable((*path, key, place, "ip"), text(each, "ip"))
                if host := text(each, "hostname"):
                    yield from _named((*path, key, place, "hostname"), names.wrong_label(host))
        yield from _ports(items(subset, "ports"), (*path, "ports"), named=True)


def _ports(ports: list[Any], path: Path, *, named: bool = False) -> Iterator[Remark]:
    """Ports tell each other apart by their names; Endpoints allow one alone to have none."""
    seen: set[str] = set()
    if len(ports) > _PORTS:
        yield Remark(path, f"has {len(ports)}; at most {_PORTS} are allowed")
        return
    for number, each in enumerate(ports):
        here, name = (*path, number), text(each, "name")
        if name:
            yield from _named((*here, "name"), names.wrong_label(name))
        elif named and len(ports) > 1:
            yield Remark((*here, "name"), "is required when there is more than one port")
        if name in seen and not (named and not name):
            yield Remark((*here, "name"), f"{names.shown(name)} is given twice")
        seen.add(name)
        yield from port_number((*here, "port"), at(each, "port"))
        yield from choice((*here, "protocol"), at(each, "protocol"), _PROTOCOLS)
        if (spoken := text(each, "appProtocol")) and (wrong := names.wrong_label_key(spoken)):
            yield Remark((*here, "appProtocol"), *wrong)


def _named(path: Path, wrong: names.Wrong | None) -> Iterator[Remark]:
    if wrong:
        yield Remark(path, *wrong)
