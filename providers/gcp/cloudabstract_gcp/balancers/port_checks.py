"""What of a balancer's ports Google cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec, Port
from cloudabstract.provider import Objection, Severity, pool_of
from cloudabstract_gcp.settings import GcpSettings
from cloudabstract_gcp.settings_checks import CERTIFICATE

from . import bounds, networks, probing
from .speaking import spoken


def check_ports(spec: LoadBalancerSpec, settings: GcpSettings) -> Iterator[Objection]:
    """Objections to `spec.ports`."""
    check_one = _passthrough if spec.load_balancer_class == "l4" else _application
    for index, port in enumerate(spec.ports):
        yield from check_one(spec, port, f"spec.ports[{index}]")
        if port.tls is not None and spec.load_balancer_class == "l7":
            yield from _certificates(spec, port, f"spec.ports[{index}]", settings)
    if spec.load_balancer_class == "l4":
        yield from _together(spec)


def _passthrough(spec: LoadBalancerSpec, port: Port, field: str) -> Iterator[Objection]:
    if port.protocol == "SCTP":
        yield Objection("LB003", f"{field}.protocol", "SCTP is not forwarded", "use TCP or UDP")
    if port.target_port not in (None, port.port):
        message = f"packets arrive as they were sent: at port {port.port}, not {port.target_port}"
        alternative = f"leave targetPort out, let backends listen on {port.port}, or use class l7"
        yield Objection("LB004", f"{field}.targetPort", message, alternative)
    if port.tls is not None:
        message = "passthrough balancers do not terminate TLS"
        yield Objection("LB009", f"{field}.tls", message, "use class l7, or TLS in the backends")
    if port.app_protocol is not None:
        message = "has no effect in class l4, which does not look into connections"
        yield Objection("LB017", f"{field}.appProtocol", message, severity=Severity.NOTE)
    if port.protocol == "UDP" and probing.port_to_check(spec, (port,)) is None:
        message = "nobody can be asked over UDP whether he is healthy"
        yield Objection("LB005", "spec.healthCheck.port", message, "name a TCP port to be checked")


def _application(spec: LoadBalancerSpec, port: Port, field: str) -> Iterator[Objection]:
    if port.protocol != "TCP":
        message = f"class l7 speaks HTTP over TCP, not {port.protocol}"
        yield Objection("LB003", f"{field}.protocol", message, "use loadBalancerClass: l4")
    if port.app_protocol and spoken(port) is None:
        message = f"class l7 speaks HTTP, not {port.app_protocol}"
        yield Objection("LB003", f"{field}.appProtocol", message, "use loadBalancerClass: l4")
    if isinstance(port.target_port, str):
        message = f"instances have no named ports, such as {port.target_port!r}"
        yield Objection("LB017", f"{field}.targetPort", message, "write the number")


def _certificates(
    spec: LoadBalancerSpec, port: Port, field: str, settings: GcpSettings
) -> Iterator[Objection]:
    refs = port.tls.certificate_refs if port.tls is not None else ()
    for index, ref in enumerate(refs):
        if CERTIFICATE.fullmatch(networks.certificate_of(ref, spec, settings)) is None:
            message = f"{ref!r} is neither among the target's certificates nor a name of Google's"
            where = f"{field}.tls.certificateRefs[{index}]"
            yield Objection("LB015", where, message, "add it to the target's `certificates`")
    most = bounds.most("certificates_of_a_proxy")
    if len(refs) > most:
        message = f"a proxy has at most {most} certificates, {len(refs)} are named"
        alternative = "put several host names into one certificate"
        yield Objection("LB015", f"{field}.tls.certificateRefs", message, alternative)


def _together(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Ports that share a pool and a protocol share one rule, and one check."""
    most = bounds.most("ports_of_a_rule")
    grouped: dict[tuple[str, str], list[Port]] = {}
    for port in spec.ports:
        pool = pool_of(spec, port)
        grouped.setdefault((pool.name if pool else "", port.protocol), []).append(port)
    for (_, protocol), ports in grouped.items():
        if len(ports) > most:
            message = f"a forwarding rule has at most {most} ports, {len(ports)} {protocol} ports"
            alternative = "divide them between balancers, or between pools"
            yield Objection("LB013", "spec.ports", f"{message} share a pool", alternative)
        if len(ports) > 1 and spec.health_check.port is None:
            message = f"ports of one pool are checked together, on port {ports[0].port}"
            yield Objection("LB005", "spec.healthCheck.port", message, severity=Severity.NOTE)
