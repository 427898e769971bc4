"""Forwarding rules, global and regional: the front of every load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import addressing, errors, guards, references, verbs
from cloudabstract.testing.gce.families import ports
from cloudabstract.testing.gce.families.addresses import of_name
from cloudabstract.testing.gce.families.backend_services import passthrough
from cloudabstract.testing.gce.families.web import service_behind
from cloudabstract.testing.gce.family import LATER, Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_PROXIES = ("targetHttpProxies", "targetHttpsProxies")
_INSIDE = ("INTERNAL", "INTERNAL_MANAGED")


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
    ports.check(fields)
    if fields["loadBalancingScheme"] in _INSIDE:
        fields.setdefault("network", addressing.default_network(call.project).link)


def _resolved(cloud: Cloud, call: Call, fields: Fields) -> None:
    if "backendService" not in fields:
        _same_scheme(fields, service_behind(cloud, fields["target"]))
        return
    service = references.record_at(cloud, fields["backendService"])
    if service.key.scope != call.scope:
        detail = "The backend service is in another region."
        raise errors.invalid("resource.backendService", service.key.path, detail)
    _same_scheme(fields, service)
    _protocols(fields, service.fields, call.scope.level)


def _same_scheme(fields: Fields, service: Record | None) -> None:
    """A backend service made for one kind of load balancer cannot serve another."""
    ours = fields["loadBalancingScheme"]
    theirs = service.fields["loadBalancingScheme"] if service else ours
    if ours != theirs:
        detail = f"The backend service has loadBalancingScheme {theirs}."
        raise errors.invalid("resource.loadBalancingScheme", ours, detail)


def _protocols(fields: Fields, service: Fields, level: str) -> None:
    ours, theirs = fields["IPProtocol"], service["protocol"]
    if passthrough(service, level) and theirs != "UNSPECIFIED" and ours != theirs:
        detail = f"The protocol of the backend service is {theirs}."
        raise errors.invalid("resource.IPProtocol", ours, detail)


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    """The address: the one asked for, by number or by name, or a new one."""
    asked, inside = fields.get("IPAddress", ""), fields["loadBalancingScheme"] in _INSIDE
    if inside:
        _subnetwork(cloud, call, fields)
    if asked:
        by_name = not addressing.is_address(asked)
        fields["IPAddress"] = of_name(cloud, call, asked) if by_name else asked
        _ours(cloud, call, fields)
        _free(cloud, call, fields)
    elif inside:
        subnetwork = references.record_at(cloud, fields["subnetwork"])
        fields["IPAddress"] = addressing.next_inside(cloud, subnetwork)
    else:
        fields["IPAddress"] = addressing.next_outside(cloud)


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
            and ports.overlap(fields, theirs)
        ):
            raise _taken(ip, fields["loadBalancingScheme"].startswith("INTERNAL"))


def _ours(cloud: Cloud, call: Call, fields: Fields) -> None:
    """An address from outside must be ours already, one from inside lie in the subnetwork."""
    ip, scheme = fields["IPAddress"], fields["loadBalancingScheme"]
    if scheme in _INSIDE:
        block = references.record_at(cloud, fields["subnetwork"]).fields["ipCidrRange"]
        if not addressing.lies_in(ip, block):
            raise errors.invalid("resource.IPAddress", ip, f"Not in the range {block}.")
        return
    holders = addressing.holders(cloud, ip, call.project)
    if scheme.startswith("EXTERNAL") and call.project not in {h.key.project for h in holders}:
        raise errors.invalid("resource.IPAddress", ip, "The address is not reserved.")


def _taken(ip: str, internal: bool) -> errors.ApiError:
    if internal:
        text = f"IP_IN_USE_BY_ANOTHER_RESOURCE - IP '{ip}' is already being used."
        return errors.ApiError(409, "conflict", text)
    detail = "Specified IP address is in-use and would result in a conflict."
    return errors.invalid("resource.IPAddress", ip, detail)


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
