"""What of a balancer this target cannot do, field by field; ports_checks has the ports.

No field of the spec is passed over: what is not here is honoured, and the table test of this
package says for each field by what.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cloudabstract.model import ClientIPConfig, LoadBalancer, LoadBalancerSpec
from cloudabstract.provider import Objection, Severity
from cloudabstract_local.settings import LocalSettings

from . import pools
from .families import families, pool_for
from .ports_checks import check_ports

CLASSES = ("l4", "l7")
_FROM_POOL = "take one of the target's `pools`, or none to be given one"
_PATH = re.compile(r"/[!\x22$-~]*")  # printable ASCII, without '#' and spaces
_HOST = re.compile(r"(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.I)


def check(resource: LoadBalancer, settings: LocalSettings) -> Iterator[Objection]:
    """Every objection to `resource`, all at once."""
    spec = resource.spec
    if spec.load_balancer_class not in CLASSES:
        yield Objection(
            "LB001",
            "spec.loadBalancerClass",
            f"class {spec.load_balancer_class!r} is unknown to a local target",
            "use l4 or l7",
        )
        return
    yield from _addresses(spec, settings)
    yield from check_ports(spec, settings)
    yield from _backends(spec)
    yield from _routes(spec)
    yield from _health(spec)
    yield from _sources(spec, settings)
    yield from _affinity(spec)
    yield from _client_address(spec, settings)
    yield from _place(spec)


def _addresses(spec: LoadBalancerSpec, settings: LocalSettings) -> Iterator[Objection]:
    pool = pool_for(spec, settings)
    if not pool.ranges:
        message = f"there is no address pool for routability {spec.routability}"
        yield Objection("LB006", "spec.routability", message, "add one to the target's `pools`")
        return
    wanted = families(spec, settings)
    prefer = spec.ip_family_policy == "PreferDualStack"
    if wanted.lacking and not (prefer and wanted.served):
        lacking = " and ".join(wanted.lacking)
        message = f"the {spec.routability} pool has no {lacking} addresses"
        alternative = "add some to the target's `pools`; loopback has one IPv6 address, ::1"
        yield Objection("LB008", "spec.ipFamilyPolicy", message, alternative)
        return
    if wanted.lacking:
        message = f"one family only: the {spec.routability} pool has no {wanted.lacking[0]}"
        yield Objection("LB008", "spec.ipFamilyPolicy", message, severity=Severity.NOTE)
    yield from _address_refs(spec, pool, wanted.served)


def _address_refs(
    spec: LoadBalancerSpec, pool: pools.AddressPool, served: tuple[str, ...]
) -> Iterator[Objection]:
    seen: set[str] = set()
    for index, ref in enumerate(spec.address_refs):
        field = f"spec.addressRefs[{index}]"
        try:
            family = pools.family_of(ref)
        except ValueError:
            message = f"{ref!r} is not an IP address"
            yield Objection("LB007", field, message, _FROM_POOL)
            continue
        if ref not in pool:
            message = f"{ref} is not in the {spec.routability} pool"
            yield Objection("LB007", field, message, _FROM_POOL)
        elif family not in served or family in seen:
            message = f"one address of each of {', '.join(served)} is needed, {ref} is one more"
            yield Objection("LB007", field, message, "leave it out")
        seen.add(family)


def _backends(spec: LoadBalancerSpec) -> Iterator[Objection]:
    for at, pool in enumerate(spec.backends):
        for index, member in enumerate(pool.addresses or ()):
            field = f"spec.backends[{at}].addresses[{index}].address"
            try:
                known = ipaddress.ip_address(member.address)
            except ValueError:
                message = f"{member.address!r} is not an IP address"
                yield Objection("LB011", field, message, "resolve the name, and give its address")
                continue
            if known.is_unspecified or known.is_multicast or "%" in member.address:
                message = f"{member.address} is not the address of one backend"
                yield Objection("LB011", field, message, "name each backend's own address")


def _routes(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.routes and spec.load_balancer_class != "l7":
        message = "routes need HTTP, which class l4 does not read"
        yield Objection("LB016", "spec.routes", message, "use loadBalancerClass: l7")
    for index, route in enumerate(spec.routes):
        if route.host and _HOST.fullmatch(route.host) is None:
            message = f"{route.host!r} is neither a host nor `*.` and a domain"
            alternative = "use shop.example.com, *.example.com, or no host"
            yield Objection("LB016", f"spec.routes[{index}].host", message, alternative)
        if _PATH.fullmatch(route.path) is None or "?" in route.path:
            message = f"path {route.path!r} must begin with '/', and have no query and no spaces"
            yield Objection("LB016", f"spec.routes[{index}].path", message, "use a path like /api")


def _health(spec: LoadBalancerSpec) -> Iterator[Objection]:
    asked = spec.health_check
    if asked.timeout > asked.interval:
        message = f"timeout {asked.timeout}s is longer than interval {asked.interval}s"
        yield Objection("LB005", "spec.healthCheck.timeout", message, "lower it to the interval")
    if asked.protocol == "TCP" and asked.path:
        message = "a TCP check requests no path"
        yield Objection("LB005", "spec.healthCheck.path", message, "use protocol: HTTP")
    if asked.path and _PATH.fullmatch(asked.path) is None:
        message = f"path {asked.path!r} must begin with '/' and have no spaces"
        yield Objection("LB005", "spec.healthCheck.path", message, "use a path like /healthz")


def _sources(spec: LoadBalancerSpec, settings: LocalSettings) -> Iterator[Objection]:
    served = families(spec, settings).served
    for index, text in enumerate(spec.source_ranges or ()):
        field = f"spec.sourceRanges[{index}]"
        try:
            family = pools.FAMILIES[ipaddress.ip_network(text, strict=False).version]
        except ValueError:
            yield Objection("LB009", field, f"{text!r} is not a CIDR", "use e.g. 203.0.113.0/24")
            continue
        if served and family not in served:
            message = f"{text} is {family}, the balancer only {', '.join(served)}"
            yield Objection("LB008", field, message, "leave it out, or ask for both families")


def _affinity(spec: LoadBalancerSpec) -> Iterator[Objection]:
    if spec.session_affinity == "None":
        return
    asked = spec.session_affinity_config
    message = "clients stick to a backend as long as it is healthy; Envoy forgets nobody in time"
    if asked is not None and asked.strict:
        field = "spec.sessionAffinityConfig.strict"
        yield Objection("LB014", field, message, "leave strict out, and live with that")
        return
    yield Objection(
        "LB014",
        "spec.sessionAffinity",
        message,
        severity=Severity.DEGRADE,
        reason="AffinityTimeout",
    )
    if asked is not None and asked.client_ip != ClientIPConfig():
        yield Objection(
            "LB017",
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
            f"{asked.client_ip.timeout_seconds} s or another time: it makes no difference here",
            severity=Severity.NOTE,
        )


def _client_address(spec: LoadBalancerSpec, settings: LocalSettings) -> Iterator[Objection]:
    if spec.external_traffic_policy != "Local":
        return
    field = "spec.externalTrafficPolicy"
    if spec.load_balancer_class == "l7":
        message = "HTTP backends see the client's address in X-Forwarded-For only"
        yield Objection("LB010", field, message, "use Cluster and read the header")
    elif any(port.protocol == "UDP" for port in spec.ports):
        message = "UDP backends cannot see the client's address"
        yield Objection("LB010", field, message, "use Cluster, or TCP")
    elif not settings.proxy_protocol:
        message = "backends see the client's address by PROXY protocol only"
        alternative = "set `proxyProtocol: true` on the target once backends understand it"
        yield Objection("LB010", field, message, alternative)


def _place(spec: LoadBalancerSpec) -> Iterator[Objection]:
    for name in ("region", "zones", "network", "subnets"):
        if getattr(spec.placement, name):
            message = f"a local target has no {name}"
            yield Objection("LB017", f"spec.placement.{name}", message, "leave it out")
    if spec.traffic_distribution is not None:
        message = "a local target is one site: every backend is as close as the others"
        yield Objection("LB017", "spec.trafficDistribution", message, severity=Severity.NOTE)
