"""Networks, subnetworks and firewall rules."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import addressing, errors, fieldpaths
from cloudabstract.testing.gce.family import Family, Ref, counted
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def _network(cloud: Cloud, call: Call, fields: Fields) -> None:
    fields.setdefault("autoCreateSubnetworks", False)
    fields.setdefault("routingConfig", {}).setdefault("routingMode", "REGIONAL")
    fields.setdefault("networkFirewallPolicyEnforcementOrder", "AFTER_CLASSIC_FIREWALL")
    if fields["autoCreateSubnetworks"]:
        raise errors.not_emulated("networks with autoCreateSubnetworks, but for the default one")


def _network_view(cloud: Cloud, record: Record) -> Fields:
    subnetworks = [
        subnetwork.key.link
        for subnetwork in cloud.records.of(record.key.project, "subnetworks")
        if subnetwork.fields["network"] == record.key.link
    ]
    return {"subnetworks": sorted(subnetworks)} if subnetworks else {}


def _subnetwork(cloud: Cloud, call: Call, fields: Fields) -> None:
    for name in ("network", "ipCidrRange"):
        if not fields.get(name):
            raise errors.required(f"resource.{name}")
    fields.setdefault("purpose", "PRIVATE")
    fields.setdefault("stackType", "IPV4_ONLY")
    fields.setdefault("privateIpGoogleAccess", False)
    block = _block(fields["ipCidrRange"], "resource.ipCidrRange")
    fields["gatewayAddress"] = str(next(block.hosts()))


def _apart(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Raises ApiError 400 when the range overlaps one of the same network."""
    ours = _block(fields["ipCidrRange"], "resource.ipCidrRange")
    for other in cloud.records.of(call.project, "subnetworks"):
        theirs = _block(other.fields["ipCidrRange"], "")
        beside = other.key != call.key and other.fields["network"] == fields["network"]
        if beside and ours.overlaps(theirs):
            detail = f"It conflicts with the range of {other.key.path}."
            raise errors.invalid("resource.ipCidrRange", ours, detail)


def _firewall(cloud: Cloud, call: Call, fields: Fields) -> None:
    fields.setdefault("network", addressing.default_network(call.project).link)
    fields.setdefault("direction", "INGRESS")
    fields.setdefault("disabled", False)
    priority = fields.setdefault("priority", 1000)
    if not 0 <= priority <= 65535:
        raise errors.invalid("resource.priority", priority, "Must be from 0 to 65535.")
    if bool(fields.get("allowed")) == bool(fields.get("denied")):
        raise errors.bad_request("Exactly one of allowed and denied must be specified.")
    _ranges(fields)
    for at, rule in enumerate(fields.get("allowed") or fields["denied"]):
        _rule(rule, f"resource.allowed[{at}]")


def _ranges(fields: Fields) -> None:
    ingress = fields["direction"] == "INGRESS"
    sources = ("sourceRanges", "sourceTags", "sourceServiceAccounts")
    if ingress and not any(fields.get(name) for name in sources):
        fields["sourceRanges"] = ["0.0.0.0/0"]
    if not ingress and any(fields.get(name) for name in ("sourceRanges", "sourceTags")):
        raise errors.bad_request("Rules for EGRESS cannot have sources.")
    for path in ("sourceRanges[]", "destinationRanges[]"):
        for slot in fieldpaths.slots(fields, path):
            _block(slot.value, f"resource.{slot.label}")


def _rule(rule: Fields, at: str) -> None:
    if not rule.get("IPProtocol"):
        raise errors.required(f"{at}.IPProtocol")
    for number, text in enumerate(rule.get("ports", ())):
        low, _, high = text.partition("-")
        fine = low.isdigit() and (high or low).isdigit()
        if not fine or not 0 <= int(low) <= int(high or low) <= 65535:
            raise errors.invalid(f"{at}.ports[{number}]", text, "Must be a port or a range.")


def _block(text: str, field: str) -> Any:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise errors.invalid(field, text, "Must be a CIDR address range.") from error


NETWORKS = Family(
    collection="networks",
    schema="Network",
    noun="network",
    in_use_later=True,
    fixed=frozenset({"autoCreateSubnetworks"}),
    defaults=_network,
    view=_network_view,
    quota=counted("NETWORKS"),
)
SUBNETWORKS = Family(
    collection="subnetworks",
    schema="Subnetwork",
    noun="subnetwork",
    refs=(Ref("network", ("networks",)),),
    fingerprint="required",
    fixed=frozenset({"network", "ipCidrRange"}),
    defaults=_subnetwork,
    allocate=_apart,
    quota=counted("SUBNETWORKS"),
)
FIREWALLS = Family(
    collection="firewalls",
    schema="Firewall",
    noun="firewall",
    refs=(Ref("network", ("networks",)),),
    fixed=frozenset({"network", "direction"}),
    defaults=_firewall,
    quota=counted("FIREWALLS"),
)
