"""What Kubernetes demands of the addresses, families and networks of a Service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import addresses, metadata, names
from .choices import choice
from .lookup import at, items, text, texts
from .remarks import Remark

NONE = "None"  # the clusterIP of a Service that has none
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_OF_CLUSTERS = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")


def rules(raw: Any, spec: Any, kind: str) -> Iterator[Remark]:
    """Everything about addresses for which Kubernetes would refuse a Service of type `kind`."""
    yield from _families(spec)
    if kind == "ExternalName":
        yield from _of_a_name(spec)
    else:
        yield from _own(spec)
    for number, written in enumerate(texts(spec, "externalIPs")):
        yield from usable(("spec", "externalIPs", number), written)
    for number, written in enumerate(texts(spec, "loadBalancerSourceRanges")):
        yield from _network(("spec", "loadBalancerSourceRanges", number), written)
    if not items(spec, "loadBalancerSourceRanges"):
        yield from _annotation(raw, kind)


def usable(path: Path, written: str) -> Iterator[Remark]:
    """A remark when `written` is no address that traffic can be sent to."""
    found = addresses.address(written)
    if found is None:
        yield Remark(path, f"{names.shown(written)} is not an IP address")
    elif why := addresses.special(found):
        yield Remark(path, f"{names.shown(written)} is {why}")


def _of_a_name(spec: Any) -> Iterator[Remark]:
    for key in _OF_CLUSTERS:
        if at(spec, key) not in (None, "", []):
            yield Remark(("spec", key), "is not for Services of type ExternalName", "leave it out")


def _own(spec: Any) -> Iterator[Remark]:
    """The addresses inside of the cluster: of each family one, the first one in both fields."""
    first, listed = text(spec, "clusterIP"), texts(spec, "clusterIPs")
    path: Path = ("spec", "clusterIPs")
    yield from _one(("spec", "clusterIP"), first, 0)
    for number, written in enumerate(listed):
        yield from _one((*path, number), written, number)
    if listed and first != listed[0]:
        yield Remark(path, "the first one must be the same as clusterIP")
    found = [each for each in map(addresses.address, listed) if each is not None]
    if len(listed) > 2 or len({each.version for each in found}) < len(found):
        yield Remark(path, "has at most one address of each family")
    for number, (each, wanted) in enumerate(zip(found, texts(spec, "ipFamilies"), strict=False)):
        if addresses.family(each) != wanted and len(found) == len(listed):
            yield Remark((*path, number), f"is no {wanted} address, which ipFamilies asks for")


def _one(path: Path, written: str, number: int) -> Iterator[Remark]:
    if written == NONE and number:
        yield Remark(path, f"{NONE!r} stands alone")
    elif written not in ("", NONE) and not addresses.is_address(written):
        yield Remark(path, f"{names.shown(written)} is not an IP address")


def _families(spec: Any) -> Iterator[Remark]:
    families, policy = texts(spec, "ipFamilies"), text(spec, "ipFamilyPolicy")
    for number, each in enumerate(families):
        yield from choice(("spec", "ipFamilies", number), each, ("IPv4", "IPv6"))
    if len(families) > 2 or len(set(families)) < len(families):
        yield Remark(("spec", "ipFamilies"), "has at most IPv4 and IPv6, each once")
    if policy == "SingleStack":
        for key in ("ipFamilies", "clusterIPs"):
            if len(items(spec, key)) == 2:
                message = f"cannot be SingleStack, for there are two {key}"
                yield Remark(("spec", "ipFamilyPolicy"), message, "write RequireDualStack")


def _network(path: Path, written: str) -> Iterator[Remark]:
    if addresses.network(written) is None:
        message = f"{names.shown(written)} is not a network in CIDR form"
        yield Remark(path, message, "write it as in 203.0.113.0/24")


def _annotation(raw: Any, kind: str) -> Iterator[Remark]:
    """The annotation that came before spec.loadBalancerSourceRanges is held to the same."""
    written = metadata.annotations_of(raw).get(SOURCE_RANGES)
    path: Path = ("metadata", "annotations", SOURCE_RANGES)
    if written is None:
        return
    if kind != "LoadBalancer":
        yield Remark(path, "is only for Services of type LoadBalancer")
    for each in written.split(",") if written.strip() else ():
        yield from _network(path, each.strip())
