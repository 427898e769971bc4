"""What of a LoadBalancer AWS cannot do, said before anything is touched. Pure and offline.

What only the account can tell (subnets, their number, their zones) is said when a plan is made.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cloudabstract.model import ClientIPConfig, LoadBalancer, LoadBalancerSpec
from cloudabstract.provider import Objection, Severity
from cloudabstract_aws.places import REGION
from cloudabstract_aws.settings import AwsSettings

from . import own_words
from .addresses_asked import check_address_refs
from .checks_backends import check_backends
from .checks_health import check_health
from .checks_ports import check_ports
from .checks_routes import check_routes
from .families import check_families, may_be_dual

_ZONE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+(-[a-z]+-\d+)?[a-z]")
_VPC = re.compile(r"vpc-[0-9a-z]+")
_SUBNET = re.compile(r"subnet-[0-9a-z]+")


def check(resource: LoadBalancer, settings: AwsSettings) -> Iterator[Objection]:
    """Every objection to `resource`, whatever else is wrong with it."""
    spec = resource.spec
    if spec.load_balancer_class not in ("l4", "l7"):
        message = f"class {spec.load_balancer_class!r} is not one of AWS's"
        yield Objection("LB001", "spec.loadBalancerClass", message, "use l4 (NLB) or l7 (ALB)")
        return
    yield from own_words.check(resource)
    spec = own_words.applied(resource).spec
    yield from check_ports(spec, settings)
    yield from check_health(spec)
    yield from check_backends(spec)
    yield from check_routes(spec)
    yield from check_families(spec)
    yield from _sources(spec)
    yield from _affinity(spec)
    yield from _client_address(spec)
    yield from check_address_refs(spec, settings)
    yield from _placement(spec)


def rejects(resource: LoadBalancer, settings: AwsSettings) -> bool:
    """Whether the plan will be refused anyway."""
    return any(each.severity is Severity.REJECT for each in check(resource, settings))


def _sources(spec: LoadBalancerSpec) -> Iterator[Objection]:
    for index, text in enumerate(spec.source_ranges or ()):
        field = f"spec.sourceRanges[{index}]"
        try:
            version = ipaddress.ip_network(text, strict=False).version
        except ValueError:
            yield Objection("LB009", field, f"{text!r} is not a CIDR", "such as 203.0.113.0/24")
            continue
        if version == 6 and not may_be_dual(spec):
            message = f"{text} is IPv6, and the balancer has IPv4 only"
            yield Objection("LB008", field, message, "leave it out, or ask for dual stack")


def _affinity(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.session_affinity != "ClientIP":
        return
    if spec.load_balancer_class == "l7":
        yield from _cookie_affinity(spec)
        return
    config = spec.session_affinity_config
    strict = config is not None and config.strict
    field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
    message = "an NLB keeps a client on its backend without a timeout"
    severity = Severity.REJECT if strict else Severity.DEGRADE
    reason = "" if strict else "AffinityTimeout"
    yield Objection("LB014", field, message, "leave out `strict`", severity, reason)
    if config is not None and config.client_ip != ClientIPConfig():
        message = f"{config.client_ip.timeout_seconds} s or another time: it makes no difference"
        yield Objection("LB017", field, message, severity=Severity.NOTE)
    if any(port.tls for port in spec.ports):
        message = "an NLB that terminates TLS keeps no client on its backend"
        yield Objection("LB014", "spec.sessionAffinity", message, "use class l7, or no tls")


def _cookie_affinity(spec: LoadBalancerSpec) -> Iterator[Objection]:
    field = "spec.sessionAffinity"
    message = "an ALB keeps clients apart by a cookie, not by their address"
    alternative = "clients that keep no cookies need class l4"
    yield Objection("LB014", field, message, alternative, Severity.DEGRADE, "AffinityByCookie")
    if spec.traffic_distribution is not None:
        message = "an ALB whose zones are apart keeps no client on its backend"
        yield Objection("LB014", field, message, "leave out trafficDistribution, or the affinity")


def _client_address(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.external_traffic_policy == "Local" and spec.load_balancer_class == "l7":
        message = "an ALB tells the client's address in X-Forwarded-For only"
        alternative = "use Cluster and read the header, or class l4"
        yield Objection("LB010", "spec.externalTrafficPolicy", message, alternative)


def _placement(spec: LoadBalancerSpec) -> Iterator[Objection]:
    place = spec.placement
    known = [("region", REGION, [place.region or ""], "ap-northeast-2")]
    known += [("zones", _ZONE, list(place.zones), "ap-northeast-2a")]
    known += [("network", _VPC, [place.network or ""], "vpc-0123456789abcdef0")]
    known += [("subnets", _SUBNET, list(place.subnets), "subnet-0123456789abcdef0")]
    for name, shape, values, example in known:
        for value in filter(None, values):
            if shape.fullmatch(value) is None:
                message = f"{value!r} is not the name AWS gives to {name}"
                yield Objection("LB006", f"spec.placement.{name}", message, f"such as {example}")
