"""What of a LoadBalancer the memory cloud cannot do. A field not named here is honoured as it is.

Its `l4` forwards TCP and UDP, keeps the client's address, and has no routes and no TLS; its `l7`
speaks HTTP and HTTPS. Deletion protection and management policies are the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from cloudabstract.model import LoadBalancer, LoadBalancerSpec, Port
from cloudabstract.provider import Facts, Objection, Severity

from .settings import MemorySettings

CLASSES = ("l4", "l7")


def families_of(spec: LoadBalancerSpec) -> tuple[str, ...]:
    """The IP families a balancer gets, the primary one first."""
    first = spec.ip_families[0] if spec.ip_families else "IPv4"
    other = "IPv6" if first == "IPv4" else "IPv4"
    return (first,) if spec.ip_family_policy == "SingleStack" else (first, other)


def check(balancer: LoadBalancer, settings: MemorySettings) -> Iterator[Objection]:
    """Every objection to `balancer`."""
    spec = balancer.spec
    if spec.load_balancer_class not in CLASSES:
        known = " or ".join(CLASSES)
        yield Objection(
            "LB001", "spec.loadBalancerClass", f"the classes are {known}", f"use {known}"
        )
        return
    for index, port in enumerate(spec.ports):
        yield from _port(spec, port, f"spec.ports[{index}]", settings)
    if spec.routes and spec.load_balancer_class == "l4":
        yield Objection("LB016", "spec.routes", "class l4 does not see requests", "use class l7")
    yield from _traffic(spec)
    yield from _addresses(spec)
    yield from _placement(spec, settings)


def _port(
    spec: LoadBalancerSpec, port: Port, field: str, settings: MemorySettings
) -> Iterator[Objection]:
    speaks = ("TCP", "UDP") if spec.load_balancer_class == "l4" else ("TCP",)
    if port.protocol not in speaks:
        yield Objection(
            "LB003",
            f"{field}.protocol",
            f"class {spec.load_balancer_class} does not carry {port.protocol}",
            f"use {' or '.join(speaks)}" + ("" if port.protocol == "SCTP" else ", or class l4"),
        )
    if port.tls is None:
        return
    if spec.load_balancer_class == "l4":
        yield Objection("LB009", f"{field}.tls", "class l4 cannot end TLS", "use class l7")
    for each in port.tls.certificate_refs:
        if each not in settings.certificates:
            yield Objection(
                "LB015",
                f"{field}.tls.certificateRefs",
                f"certificate {each!r} is not known",
                "add it to `certificates` in the target's settings",
            )


def _traffic(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.external_traffic_policy == "Local" and spec.load_balancer_class == "l7":
        yield Objection(
            "LB010",
            "spec.externalTrafficPolicy",
            "class l7 gives the client's address in a header only",
            "read X-Forwarded-For, or use class l4",
        )
    if spec.health_check.protocol == "TCP" and spec.health_check.path is not None:
        yield Objection(
            "LB005",
            "spec.healthCheck.path",
            "a TCP check requests nothing",
            "leave path out, or use protocol HTTP",
        )
    if spec.traffic_distribution is not None and spec.routability == "External":
        yield Objection(
            "LB017",
            "spec.trafficDistribution",
            "external clients are in no zone of this cloud",
            "leave it out",
            Severity.DEGRADE,
            "TrafficDistribution",
        )


def _addresses(spec: LoadBalancerSpec) -> Iterator[Objection]:
    families = families_of(spec)
    if len(spec.ip_families) > len(families) or len(set(spec.ip_families)) < len(spec.ip_families):
        yield Objection(
            "LB008",
            "spec.ipFamilies",
            f"{', '.join(spec.ip_families)} do not go with {spec.ip_family_policy}",
            "name each family once, and two only with a dual-stack policy",
        )
    for index, text in enumerate(spec.source_ranges or ()):
        if f"IPv{ip_network(text, strict=False).version}" not in families:
            yield Objection(
                "LB008",
                f"spec.sourceRanges[{index}]",
                f"{text} can never reach a balancer that is {' and '.join(families)} only",
                "leave it out, or ask for ipFamilyPolicy RequireDualStack",
            )
    if len(spec.address_refs) > len(families):
        yield Objection(
            "LB007",
            "spec.addressRefs",
            f"{len(spec.address_refs)} addresses for {len(families)} IP families",
            "name at most one address a family",
        )


def check_facts(balancer: LoadBalancer, facts: Facts) -> Iterator[Objection]:
    """Objections to reserved addresses that are not there."""
    known = facts.extra.get("addresses", ())
    for index, each in enumerate(balancer.spec.address_refs):
        if each not in known:
            yield Objection(
                "LB007",
                f"spec.addressRefs[{index}]",
                f"there is no address {each!r} in this cloud",
                "name one by its id, or leave it out to get one",
            )


def _placement(spec: LoadBalancerSpec, settings: MemorySettings) -> Iterator[Objection]:
    placement = spec.placement
    unknown = [zone for zone in placement.zones if zone not in settings.zones]
    checks = (
        ("region", placement.region not in (None, settings.region), settings.region),
        ("zones", bool(unknown), ", ".join(settings.zones)),
        (
            "network",
            placement.network is not None and placement.network not in settings.networks,
            ", ".join(settings.networks),
        ),
    )
    for field, wrong, known in checks:
        if wrong:
            yield Objection(
                "LB006",
                f"spec.placement.{field}",
                f"this cloud has no such {field}",
                f"it has {known}",
            )
