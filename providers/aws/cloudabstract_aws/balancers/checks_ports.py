"""What of a balancer's ports NLB and ALB cannot do. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import BackendPool, LoadBalancerSpec, Port
from cloudabstract.provider import Objection, Severity, pool_of
from cloudabstract_aws.settings import AwsSettings

from .frontends import HTTP_PROTOCOLS, Frontend, frontends
from .limits import limits


def check_ports(spec: LoadBalancerSpec, settings: AwsSettings) -> Iterator[Objection]:
    """Every objection to `spec.ports`."""
    web = spec.load_balancer_class == "l7"
    for index, port in enumerate(spec.ports):
        field = f"spec.ports[{index}]"
        yield from _protocol(port, web, field)
        yield from _hint(port, web, field)
        yield from _tls(port, field, settings)
        yield from _named(spec, port, field)
    for index, pool in enumerate(spec.backends):
        if isinstance(pool.target_port, str) and not _numbered(pool):
            message = f"instances do not name their ports, so nobody knows {pool.target_port!r}"
            where = f"spec.backends[{index}].targetPort"
            yield Objection("LB017", where, message, "write the number")
    for frontend in frontends(spec):
        yield from _mixed(spec, frontend)
    most = limits().listeners_per_balancer
    if len(frontends(spec)) > most:
        message = f"more than {most} ports, the quota of one balancer"
        yield Objection("LB013", "spec.ports", message, "use several balancers")


def _protocol(port: Port, web: bool, field: str) -> Iterator[Objection]:
    if port.protocol == "SCTP":
        message = "neither NLB nor ALB forwards SCTP"
        yield Objection("LB003", f"{field}.protocol", message, "use TCP or UDP")
    elif web and port.protocol != "TCP":
        message = f"an ALB speaks HTTP over TCP, not {port.protocol}"
        yield Objection("LB003", f"{field}.protocol", message, "use loadBalancerClass: l4")


def _hint(port: Port, web: bool, field: str) -> Iterator[Objection]:
    hint = (port.app_protocol or "").lower()
    if not hint:
        return
    field = f"{field}.appProtocol"
    if not web:
        message = "class l4 forwards whatever comes; the hint has no effect"
        yield Objection("LB017", field, message, severity=Severity.NOTE)
    elif hint not in HTTP_PROTOCOLS:
        message = f"an ALB speaks HTTP, not {port.app_protocol}"
        yield Objection("LB003", field, message, "use loadBalancerClass: l4")
    elif hint.removeprefix("kubernetes.io/") in ("h2c", "http2", "grpc") and port.tls is None:
        message = f"an ALB speaks {port.app_protocol} to backends of HTTPS listeners only"
        yield Objection("LB003", field, message, "add `tls`, or leave appProtocol out")


def _tls(port: Port, field: str, settings: AwsSettings) -> Iterator[Objection]:
    if port.tls is None:
        return
    if port.protocol != "TCP":
        message = f"TLS cannot be terminated on {port.protocol}"
        yield Objection("LB009", f"{field}.tls", message, "use TCP")
    for index, ref in enumerate(port.tls.certificate_refs):
        if ref in settings.certificates or ref.startswith("arn:"):
            continue
        where = f"{field}.tls.certificateRefs[{index}]"
        message = f"certificate {ref!r} is not known to the target"
        alternative = "give its ACM ARN a name under `certificates` of the target"
        yield Objection("LB015", where, message, alternative)


def _named(spec: LoadBalancerSpec, port: Port, field: str) -> Iterator[Objection]:
    """A name is of use only where every member has a number of its own besides."""
    pool = pool_of(spec, port)
    if isinstance(port.target_port, str) and not (pool and _numbered(pool)):
        message = f"instances do not name their ports, so nobody knows {port.target_port!r}"
        yield Objection("LB017", f"{field}.targetPort", message, "write the number")


def _numbered(pool: BackendPool) -> bool:
    """Whether the number of every member's port is known without a name."""
    if isinstance(pool.target_port, int):
        return True
    ports = [each.port for each in pool.addresses or ()]
    ports += [each.port for each in pool.instances or ()]
    return bool(ports) and None not in ports


def _mixed(spec: LoadBalancerSpec, frontend: Frontend) -> Iterator[Objection]:
    """TCP and UDP on one number are one listener, with one pool and no TLS."""
    if len(frontend.ports) < 2:
        return
    first, *others = frontend.ports
    field = f"spec.ports[{spec.ports.index(others[0])}]"
    if any(_behind(spec, each) != _behind(spec, first) for each in others):
        message = f"TCP and UDP on port {first.port} share one listener, and so one pool"
        alternative = "give both the same backend and targetPort, or different numbers"
        yield Objection("LB012", field, message, alternative)
    if any(each.tls for each in frontend.ports):
        message = f"port {first.port} cannot terminate TLS beside UDP"
        yield Objection("LB012", field, message, "use different numbers")


def _behind(spec: LoadBalancerSpec, port: Port) -> tuple[object, object]:
    return pool_of(spec, port), port.target_port or port.port
