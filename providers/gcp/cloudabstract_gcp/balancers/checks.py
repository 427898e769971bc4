"""What of a balancer Google cannot do, field by field; port_checks has the ports.

No field of the spec is passed over: what is not here is honoured, and the table test of this
package says for each field by what.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cloudabstract.model import LoadBalancer, LoadBalancerSpec
from cloudabstract.provider import Objection, Severity
from cloudabstract_gcp.settings import GcpSettings

from . import networks, words
from .backend_checks import check_backends, check_routes
from .port_checks import check_ports
from .probe_checks import check_health

CLASSES = ("l4", "l7")
_REGION = re.compile(r"[a-z]+-[a-z]+[0-9]+")
_NAME = re.compile(r"(projects/.+/)?[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")


def check(resource: LoadBalancer, settings: GcpSettings) -> Iterator[Objection]:
    """Every objection to `resource`, all at once."""
    spec = resource.spec
    if spec.load_balancer_class not in CLASSES:
        message = f"class {spec.load_balancer_class!r} is unknown on Google Cloud"
        yield Objection("LB001", "spec.loadBalancerClass", message, "use l4 or l7")
        return
    yield from words.check(resource)
    yield from check_ports(spec, settings)
    yield from check_backends(spec)
    yield from check_routes(spec)
    yield from check_health(spec)
    yield from _families(spec)
    yield from _sources(spec)
    yield from _affinity(spec)
    yield from _client_address(spec)
    yield from _addresses(spec)
    yield from _placement(spec, settings)
    yield from _closeness(spec)


def _families(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if "IPv6" in spec.ip_families[:1] or spec.ip_family_policy == "RequireDualStack":
        message = "balancers of this provider speak IPv4 only"
        field = "spec.ipFamilyPolicy" if spec.ip_families[:1] != ("IPv6",) else "spec.ipFamilies"
        yield Objection(
            "LB008", field, message, "use IPv4, or PreferDualStack to take what there is"
        )
    elif spec.ip_family_policy == "PreferDualStack":
        message = "one family only: balancers of this provider speak IPv4"
        yield Objection("LB008", "spec.ipFamilyPolicy", message, severity=Severity.NOTE)


def _sources(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.source_ranges and spec.load_balancer_class == "l7":
        message = "application balancers restrict clients with Cloud Armor, which is not made here"
        yield Objection("LB009", "spec.sourceRanges", message, "use loadBalancerClass: l4")
        return
    for index, text in enumerate(spec.source_ranges or ()):
        field = f"spec.sourceRanges[{index}]"
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            yield Objection("LB009", field, f"{text!r} is not a CIDR", "write it as 203.0.113.0/24")
            continue
        if network.version != 4:
            message = f"{text} is IPv6, the balancer is IPv4 only"
            yield Objection("LB008", field, message, "leave it out")


def _affinity(spec: LoadBalancerSpec) -> Iterator[Objection]:
    config = spec.session_affinity_config
    if spec.session_affinity == "None":
        return
    strict = config is not None and config.strict
    field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
    yield Objection(
        "LB014",
        field,
        "clients stick to a backend as long as it is healthy; Google has no timeout for that",
        "leave out strict" if strict else "",
        Severity.REJECT if strict else Severity.DEGRADE,
        "" if strict else "AffinityTimeout",
    )
    if config is not None and not strict:
        message = f"{config.client_ip.timeout_seconds} seconds are not kept"
        yield Objection("LB017", field, message, severity=Severity.NOTE)


def _client_address(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.external_traffic_policy != "Local":
        return
    field = "spec.externalTrafficPolicy"
    if spec.load_balancer_class == "l7":
        message = "HTTP backends see the client's address in X-Forwarded-For only"
        yield Objection("LB010", field, message, "use Cluster and read the header, or class l4")
        return
    message = "nothing changes: passthrough balancers always show backends the client's address"
    yield Objection("LB010", field, message, severity=Severity.NOTE)


def _addresses(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if len(spec.address_refs) > 1:
        message = f"a balancer has one address, {len(spec.address_refs)} are named"
        yield Objection("LB007", "spec.addressRefs", message, "name one reserved address")
        return
    for ref in spec.address_refs:
        try:
            version = ipaddress.ip_address(ref).version
        except ValueError:
            if _NAME.fullmatch(ref) is None:
                message = f"{ref!r} is neither an IPv4 address nor the name of a reserved one"
                yield Objection("LB007", "spec.addressRefs[0]", message, "name a reserved address")
            continue
        if version != 4:
            message = f"{ref} is IPv6, the balancer is IPv4 only"
            yield Objection("LB007", "spec.addressRefs[0]", message, "name an IPv4 address")


def _placement(spec: LoadBalancerSpec, settings: GcpSettings) -> Iterator[Objection]:
    placement = spec.placement
    region = networks.place_of(spec, settings)
    if _REGION.fullmatch(region) is None:
        message = f"{region!r} is not a region of Google Cloud"
        yield Objection("LB017", "spec.placement.region", message, "write it as europe-west1")
        return
    for index, zone in enumerate(placement.zones):
        if not zone.startswith(f"{region}-"):
            field, message = f"spec.placement.zones[{index}]", f"{zone} is no zone of {region}"
            yield Objection("LB017", field, message, f"write zones as {region}-b")
    if len(placement.subnets) > 1:
        message = "a subnetwork spans all zones of its region, so one is enough"
        yield Objection("LB017", "spec.placement.subnets", message, "name one subnetwork")
    for field, names in (("network", (placement.network,)), ("subnets", placement.subnets)):
        for name in names:
            if name is not None and _NAME.fullmatch(name) is None:
                text = f"{name!r} is neither a name nor a path of Google's"
                yield Objection("LB017", f"spec.placement.{field}", text, "write it as default")


def _closeness(spec: LoadBalancerSpec) -> Iterator[Objection]:
    internal = spec.routability == "Internal"
    if spec.traffic_distribution is None or (internal and spec.load_balancer_class == "l4"):
        return
    yield Objection(
        "LB017",
        "spec.trafficDistribution",
        "only internal passthrough balancers prefer backends of the client's zone",
        severity=Severity.DEGRADE,
        reason="TrafficDistribution",
    )
