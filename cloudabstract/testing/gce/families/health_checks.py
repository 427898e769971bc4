"""Health checks, global and regional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.family import Family, counted
from cloudabstract.testing.gce.records import Fields

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_PROTOCOLS = {
    "TCP": "tcpHealthCheck",
    "SSL": "sslHealthCheck",
    "HTTP": "httpHealthCheck",
    "HTTPS": "httpsHealthCheck",
    "HTTP2": "http2HealthCheck",
    "GRPC": "grpcHealthCheck",
    "GRPC_WITH_TLS": "grpcTlsHealthCheck",
}
_WEB = ("HTTP", "HTTPS", "HTTP2")
_PORTS = {"TCP": 80, "SSL": 443, "HTTP": 80, "HTTPS": 443, "HTTP2": 443}
_TIMES = {"checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2}
_LONGEST, _MOST_TRIES = 300, 10


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    for name, usual in _TIMES.items():
        value = fields.setdefault(name, usual)
        most = _MOST_TRIES if name.endswith("Threshold") else _LONGEST
        if not 1 <= value <= most:
            raise errors.invalid(f"resource.{name}", value, f"Must be from 1 to {most}.")
    if fields["timeoutSec"] > fields["checkIntervalSec"]:
        detail = "Must not be greater than checkIntervalSec."
        raise errors.invalid("resource.timeoutSec", fields["timeoutSec"], detail)
    _protocol(fields)


def _protocol(fields: Fields) -> None:
    """Exactly one protocol's settings, those of the type."""
    kind = fields.get("type", "")
    if kind not in _PROTOCOLS:
        raise errors.required("resource.type") if not kind else errors.invalid("type", kind)
    for other, name in _PROTOCOLS.items():
        if name in fields and other != kind:
            raise errors.invalid(f"resource.{name}", fields[name], f"The type is {kind}.")
    settings = fields.setdefault(_PROTOCOLS[kind], {})
    if kind in _WEB:
        settings.setdefault("requestPath", "/")
    if kind in _PORTS:
        settings.setdefault("proxyHeader", "NONE")
    _port(kind, settings)


def _port(kind: str, settings: Fields) -> None:
    if settings.get("portSpecification") == "USE_SERVING_PORT":
        if "port" in settings:
            raise errors.invalid("resource.port", settings["port"], "The serving port is used.")
        return
    if kind in _PORTS:
        settings.setdefault("port", _PORTS[kind])
    if not 1 <= settings.get("port", 1) <= 65535:
        raise errors.invalid("resource.port", settings["port"], "Must be from 1 to 65535.")


HEALTH_CHECKS = Family(
    collection="healthChecks",
    schema="HealthCheck",
    noun="health_check",
    defaults=_defaults,
    quota=counted("HEALTH_CHECKS"),
)
