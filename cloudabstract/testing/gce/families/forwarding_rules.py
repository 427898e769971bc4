"""Forwarding rules, global and regional: the front of every load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import addressing, errors, guards, references, verbs
from cloudabstract.testing.gce.families.addresses import of_name
from cloudabstract.testing.gce.families.backend_services import passthrough
from cloudabstract.testing.gce.family import LATER, Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_PROXIES = ("targetHttpProxies", "targetHttpsProxies")
_MOST_PORTS = 5
_INSIDE = ("INTERNAL", "INTERNAL_MANAGED")
_WITH_PORTS = ("TCP", "UDP", "SCTP")


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    fields.setdefault("loadBalancingScheme", "EXTERNAL")
    fields.setdefault("IPProtocol", "TCP")
    fields.setdefault("description", "")
    if fields["loadBalancingScheme"].startswith("EXTERNAL"):
        fields.setdefault("networkTier", "PREMIUM")
    if not fields.get("target") and not fields.get("backendService"):
        raise errors.required("resource.target")
    if fields.get("target") and fields.get("backendService"):
        detail = "Exactly one of target and backendService must be given."
        raise errors.invalid("resource.target", fields["target"], detail)
    _ports(fields)
    if fields["loadBalancingScheme"] in _INSIDE:
        fields.setdefault("network", addressing.default_network(call.project).link)


def _ports(fields: Fields) -> None:
    given = [name for name in ("ports", "portRange", "allPorts") if fields.get(name)]
    if len(given) > 1:
        detail = "ports, portRange and allPorts are mutually exclusive."
        raise errors.invalid(f"resource.{given[0]}", fields[given[0]], detail)
    if given and given != ["allPorts"] and fields["IPProtocol"] not in _WITH_PORTS:
        raise errors.invalid("resource.IPProtocol", fields["IPProtocol"], "It has no ports.")
    if len(fields.get("ports", ())) > _MOST_PORTS:
        raise errors.invalid("resource.ports", fields["ports"], f"At most {_MOST_PORTS} ports.")
    for low, high in spans(fields):
        if not 1 <= low <= high <= 65535:
            raise errors.invalid("resource.ports", f"{low}-{high}", "Not a range of ports.")
    if "portRange" in fields:
        (low, high), *_ = spans(fields)
        fields["portRange"] = f"{low}-{high}"  # a single port is shown as a range


def spans(fields: Fields) -> list[tuple[int, int]]:
    """The ranges of ports that a rule takes; all of them when it names none."""
    listed = fields.get("ports") or ([fields["portRange"]] if fields.get("portRange") else [])
    found = []
    for text in listed:
        low, _, high = str(text).partition("-")
        if not low.isdigit() or not (high or low).isdigit():
            raise errors.invalid("resource.ports", text, "Must be a port or a range of ports.")
        found.append((int(low), int(high or low)))
    return found or [(1, 65535)]


def _resolved(cloud: Cloud, call: Call, fields: Fields) -> None:
    if "backendService" not in fields:
        return
    service = references.record_at(cloud, fields["backendService"])
    if service.key.scope != call.scope:
        detail = "The backend service is in another region."
        raise errors.invalid("resource.backendService", service.key.path, detail)
    ours, theirs = fields["loadBalancingScheme"], service.fields["loadBalancingScheme"]
    if ours != theirs:
        detail = f"The backend service has loadBalancingScheme {theirs}."
        raise errors.invalid("resource.loadBalancingScheme", ours, detail)
    _protocols(fields, service.fields, call.scope.level)


def _protocols(fields: Fields, service: Fields, level: str) -> None:
    ours, theirs = fields["IPProtocol"], service["protocol"]
    if passthrough(service, level) and theirs != "UNSPECIFIED" and ours != theirs:
        detail = f"The protocol of the backend service is {theirs}."
        raise errors.invalid("resource.IPProtocol", ours, detail)


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    """The address: the one asked for, by number or by name, or a new one."""
    asked, internal = fields.get("IPAddress", ""), fields["loadBalancingScheme"] in _INSIDE
    if asked and not addressing.is_address(asked):
        asked = of_name(cloud, call, asked)
    if internal:
        _subnetwork(cloud, call, fields)
    if not asked:
        subnetwork = references.record_at(cloud, fields["subnetwork"]) if internal else None
        asked = (
            addressing.next_inside(cloud, subnetwork)
            if subnetwork
            else addressing.next_outside(cloud, call.project)
        )
    fields["IPAddress"] = asked
    _free(cloud, call, fields)


def _subnetwork(cloud: Cloud, call: Call, fields: Fields) -> None:
    if "subnetwork" in fields:
        return
    found = addressing.default_subnetwork(cloud, call.project, call.scope.place, fields["network"])
    if found is None:
        raise errors.required("resource.subnetwork")
    fields["subnetwork"] = found.key.link


def _free(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Raises ApiError when another rule has the address with the same protocol and a port."""
    ip = fields["IPAddress"]
    for other in addressing.holders(cloud, ip, call.project):
        theirs = other.fields
        if other.key.collection == "instances" or (
            other.key.collection == "forwardingRules"
            and {"L3_DEFAULT", fields["IPProtocol"]} & {theirs["IPProtocol"]}
            and _overlap(spans(fields), spans(theirs))
        ):
            raise _taken(ip, fields["loadBalancingScheme"].startswith("INTERNAL"))


def _taken(ip: str, internal: bool) -> errors.ApiError:
    if internal:
        text = f"IP_IN_USE_BY_ANOTHER_RESOURCE - IP '{ip}' is already being used."
        return errors.ApiError(409, "conflict", text)
    detail = "Specified IP address is in-use and would result in a conflict."
    return errors.invalid("resource.IPAddress", ip, detail)


def _overlap(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> bool:
    return any(a <= d and c <= b for a, b in ours for c, d in theirs)


def set_target(cloud: Cloud, call: Call) -> Change:
    """Point the rule at another proxy; nothing else of it changes."""
    record = guards.changeable(cloud, call)
    if not call.body.get("target"):
        raise errors.required("resource.target")
    fields = {**record.fields, "target": call.body["target"]}
    return verbs.replaced(cloud, call, record, fields, frozenset({"target"}))


FORWARDING_RULES = Family(
    collection="forwardingRules",
    schema="ForwardingRule",
    noun="forwarding_rule",
    refs=(
        Ref("target", _PROXIES),
        Ref("backendService", ("backendServices",)),
        Ref("network", ("networks",)),
        Ref("subnetwork", ("subnetworks",)),
    ),
    labels=LATER,
    fingerprint="optional",
    mutable=frozenset({"allowGlobalAccess", "networkTier"}),
    defaults=_defaults,
    resolved=_resolved,
    allocate=_allocate,
    quota=counted("FORWARDING_RULES"),
    verbs={"setTarget": set_target},
)
