"""Backend services, global and regional, and what they say of their backends' health.

Two kinds of load balancer share this family. Passthrough ones (regional, EXTERNAL or INTERNAL)
take TCP, UDP or UNSPECIFIED and count connections; proxies take the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, health, references
from cloudabstract.testing.gce.family import Family, Ref, counted
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import key_of, read

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_GROUPS = ("instanceGroups", "networkEndpointGroups")
_PASSTHROUGH = ("TCP", "UDP", "UNSPECIFIED")
_USUAL_PORTS = {"HTTP": (80, "http"), "HTTPS": (443, "https")}


def passthrough(fields: Fields, level: str) -> bool:
    """Whether connections go through to the backends untouched."""
    return level == "region" and fields.get("loadBalancingScheme") in ("INTERNAL", "EXTERNAL")


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    fields.setdefault("loadBalancingScheme", "EXTERNAL")
    through = passthrough(fields, call.scope.level)
    fields.setdefault("protocol", "TCP" if through else "HTTP")
    fields.setdefault("description", "")
    fields.setdefault("timeoutSec", 30)
    fields.setdefault("sessionAffinity", "NONE")
    fields.setdefault("affinityCookieTtlSec", 0)
    fields.setdefault("connectionDraining", {}).setdefault("drainingTimeoutSec", 0)
    if not through and fields["protocol"] in _USUAL_PORTS:
        port, name = _USUAL_PORTS[fields["protocol"]]
        fields.setdefault("port", port)
        fields.setdefault("portName", name)
    _protocol(fields, through)
    _health_checks(fields)
    for number, backend in enumerate(fields.get("backends", ())):
        _backend(backend, through, f"resource.backends[{number}]")


def _protocol(fields: Fields, through: bool) -> None:
    scheme, protocol = fields["loadBalancingScheme"], fields["protocol"]
    if through != (protocol in _PASSTHROUGH) and protocol != "TCP":
        detail = f"Not supported with loadBalancingScheme {scheme}."
        raise errors.invalid("resource.protocol", protocol, detail)
    if not 1 <= fields["timeoutSec"] <= 2_147_483_647:
        raise errors.invalid("resource.timeoutSec", fields["timeoutSec"])
    if not 0 <= fields["connectionDraining"]["drainingTimeoutSec"] <= 3600:
        value = fields["connectionDraining"]["drainingTimeoutSec"]
        raise errors.invalid("resource.connectionDraining.drainingTimeoutSec", value)


def _health_checks(fields: Fields) -> None:
    checks = fields.get("healthChecks", [])
    if len(checks) > 1:
        raise errors.invalid("resource.healthChecks", checks, "At most one can be specified.")
    if fields.get("backends") and not checks:
        raise errors.required("resource.healthChecks")


def _backend(backend: Fields, through: bool, at: str) -> None:
    if "group" not in backend:
        raise errors.required(f"{at}.group")
    mode = backend.setdefault("balancingMode", "CONNECTION" if through else "UTILIZATION")
    if through and mode != "CONNECTION":
        raise errors.invalid(f"{at}.balancingMode", mode, "Must be CONNECTION.")
    scaler = backend.get("capacityScaler", 1.0)
    if not (scaler == 0 or 0.1 <= scaler <= 1):
        raise errors.invalid(f"{at}.capacityScaler", scaler, "Must be 0, or from 0.1 to 1.")
    if not through:
        backend.setdefault("capacityScaler", 1.0)


def _groups(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Each group once, and of a type that the load balancer can send traffic to."""
    through = passthrough(fields, call.scope.level)
    seen: set[str] = set()
    for number, backend in enumerate(fields.get("backends", ())):
        at, link = f"resource.backends[{number}].group", backend["group"]
        if link in seen:
            raise errors.invalid(at, link, "The group is given twice.")
        seen.add(link)
        group = references.record_at(cloud, link)
        if call.scope.place and group.key.scope.region != call.scope.place:
            raise errors.invalid(at, link, "The group is in another region.")
        kind = group.fields.get("networkEndpointType", "")
        if kind and through != (kind == "GCE_VM_IP"):
            detail = f"Groups of type {kind} cannot serve this kind of load balancer."
            raise errors.invalid(at, link, detail)


def _view(cloud: Cloud, record: Record) -> Fields:
    users = references.users(cloud, record.key)
    return {"usedBy": [{"reference": user.link} for user in users]} if users else {}


def get_health(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The health of one group of the service; an empty group has no `healthStatus`."""
    service = cloud.records.get(call.key)
    text = call.body.get("group", "")
    if not text:
        raise errors.required("resource.group")
    link = read(text, call.key, _GROUPS, "resource.group").link
    if link not in [backend["group"] for backend in service.fields.get("backends", ())]:
        raise errors.invalid("resource.group", text, "Not a backend of the backend service.")
    key = key_of(link)
    group = cloud.records.get(key) if key else service
    answer: dict[str, Any] = {"kind": "compute#backendServiceGroupHealth"}
    found = health.of_group(cloud, service, group)
    return {**answer, "healthStatus": found} if found else answer


BACKEND_SERVICES = Family(
    collection="backendServices",
    schema="BackendService",
    noun="backend_service",
    refs=(
        Ref("backends[].group", _GROUPS, full=True),
        Ref("healthChecks[]", ("healthChecks",)),
        Ref("network", ("networks",)),
    ),
    fingerprint="required",
    fixed=frozenset({"loadBalancingScheme"}),
    defaults=_defaults,
    resolved=_groups,
    view=_view,
    quota=counted("BACKEND_SERVICES"),
    verbs={"getHealth": get_health},
)
