"""What of a balancer's ports this target cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec, Port
from cloudabstract.provider import Objection, Severity
from cloudabstract_local.settings import LocalSettings

from .checking import health_check_for

# What a port of class l7 may say about its backends. l4 forwards anything, so there it is a hint.
HTTP_PROTOCOLS = frozenset(
    {
        *("http", "kubernetes.io/ws", "ws"),
        *("h2c", "http2", "grpc", "kubernetes.io/h2c"),
        *("https", "kubernetes.io/wss", "wss"),
    }
)


def check_ports(spec: LoadBalancerSpec, settings: LocalSettings) -> Iterator[Objection]:
    """Every objection to `spec.ports`."""
    for index, port in enumerate(spec.ports):
        field = f"spec.ports[{index}]"
        yield from _protocol(spec, port, field)
        yield from _tls(port, field, settings)
        yield from _unchecked(spec, port, field)


def _protocol(spec: LoadBalancerSpec, port: Port, field: str) -> Iterator[Objection]:
    http = spec.load_balancer_class == "l7"
    if port.protocol == "SCTP":
        message = "Envoy does not forward SCTP"
        yield Objection("LB003", f"{field}.protocol", message, "use TCP or UDP")
    elif http and port.protocol != "TCP":
        message = f"class l7 speaks HTTP over TCP, not {port.protocol}"
        yield Objection("LB003", f"{field}.protocol", message, "use loadBalancerClass: l4")
    if http and port.app_protocol and port.app_protocol.lower() not in HTTP_PROTOCOLS:
        message = f"class l7 speaks HTTP, not {port.app_protocol}"
        yield Objection("LB003", f"{field}.appProtocol", message, "use loadBalancerClass: l4")
    if not http and port.app_protocol:
        message = "class l4 forwards bytes as they are; it is a hint to people only"
        yield Objection("LB017", f"{field}.appProtocol", message, severity=Severity.NOTE)


def _tls(port: Port, field: str, settings: LocalSettings) -> Iterator[Objection]:
    if port.tls is None:
        return
    if port.protocol != "TCP":
        message = f"TLS cannot be terminated on {port.protocol}"
        yield Objection("LB009", f"{field}.tls", message, "use TCP")
    for index, ref in enumerate(port.tls.certificate_refs):
        if ref in settings.certificates:
            continue
        where = f"{field}.tls.certificateRefs[{index}]"
        alternative = "name its files under `certificates` of the target"
        if settings.self_signed:
            message = f"certificate {ref!r} is not configured: one is made, signed by itself"
            yield Objection("LB015", where, message, alternative, Severity.DEGRADE, "SelfSigned")
        else:
            message = f"certificate {ref!r} is not configured"
            yield Objection("LB015", where, message, alternative)


def _unchecked(spec: LoadBalancerSpec, port: Port, field: str) -> Iterator[Objection]:
    if port.protocol == "UDP" and health_check_for(spec, port) is None:
        yield Objection(
            "LB005",
            f"{field}.protocol",
            "UDP answers no check: these backends count as healthy",
            "set healthCheck.port to a TCP port of theirs",
            Severity.DEGRADE,
            "NoHealthCheck",
        )
