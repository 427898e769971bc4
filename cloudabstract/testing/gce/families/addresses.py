"""Reserved addresses, global and regional."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from cloudabstract.testing.gce import addressing, errors, references, scopes
from cloudabstract.testing.gce.family import LATER, Family, Ref, counted
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    kind = fields.setdefault("addressType", "EXTERNAL")
    fields.setdefault("description", "")
    if kind == "EXTERNAL":
        fields.setdefault("networkTier", "PREMIUM")
        if "subnetwork" in fields:
            detail = "Only internal addresses have one."
            raise errors.invalid("resource.subnetwork", fields["subnetwork"], detail)
    elif "purpose" not in fields:
        fields["purpose"] = "GCE_ENDPOINT"
    if call.scope.level == "global":
        fields.setdefault("ipVersion", "IPV4")


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    subnetwork = _subnetwork(cloud, call, fields)
    if "address" not in fields:
        fields["address"] = (
            addressing.next_inside(cloud, subnetwork)
            if subnetwork
            else addressing.next_outside(cloud)
        )
        return
    _given(cloud, call, fields["address"], subnetwork)


def _given(cloud: Cloud, call: Call, address: str, subnetwork: Record | None) -> None:
    """An address that was asked for: a rule's may be kept by reserving it, another's may not."""
    if not addressing.is_address(address):
        raise errors.invalid("resource.address", address, "Not an IP address.")
    block = subnetwork.fields["ipCidrRange"] if subnetwork else "0.0.0.0/0"
    if ipaddress.ip_address(address) not in ipaddress.ip_network(block):
        raise errors.invalid("resource.address", address, f"Not in the range {block}.")
    holders = addressing.holders(cloud, address, call.project)
    if any(holder.key.collection != "forwardingRules" for holder in holders):
        detail = "Specified IP address is already reserved."
        raise errors.invalid("resource.address", address, detail)


def _subnetwork(cloud: Cloud, call: Call, fields: Fields) -> Record | None:
    if fields["addressType"] != "INTERNAL" or call.scope.level != "region":
        return None
    if "subnetwork" in fields:
        return references.record_at(cloud, fields["subnetwork"])
    network = addressing.default_network(call.project).link
    found = addressing.default_subnetwork(cloud, call.project, call.scope.place, network)
    if found is None:
        raise errors.required("resource.subnetwork")
    fields["subnetwork"] = found.key.link
    return found


def _users(cloud: Cloud, record: Record) -> list[Key]:
    """The rules and instances that have the address."""
    ip, project = record.fields["address"], record.key.project
    holders = addressing.holders(cloud, ip, project)
    return sorted(holder.key for holder in holders if holder.key != record.key)


def _view(cloud: Cloud, record: Record) -> Fields:
    users = _users(cloud, record)
    if not users:
        return {"status": "RESERVED"}
    return {"status": "IN_USE", "users": [user.link for user in users]}


def of_name(cloud: Cloud, call: Call, text: str) -> str:
    """The IP address of the reserved address that `text` names."""
    field = "resource.IPAddress"
    key = scopes.read(text, call.key, ("addresses",), field)
    record = cloud.records.get(key)
    if record.creating:
        raise errors.not_ready(key.path)
    if key.scope != call.scope:
        raise errors.invalid(field, key.path, "The address is in another scope.")
    return str(record.fields["address"])


ADDRESSES = Family(
    collection="addresses",
    schema="Address",
    noun="address",
    refs=(Ref("subnetwork", ("subnetworks",)), Ref("network", ("networks",))),
    labels=LATER,
    defaults=_defaults,
    allocate=_allocate,
    view=_view,
    holders=_users,
    quota=counted("STATIC_ADDRESSES"),
)
