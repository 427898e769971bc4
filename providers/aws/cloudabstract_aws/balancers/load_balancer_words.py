"""A load balancer in the words of its kind, and in those of the API. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_aws import memos, tags

from . import attributes, names

_MAPPED = {"subnet": "SubnetId", "allocation": "AllocationId", "private": "PrivateIPv4Address"}
_CHOSEN = {"AllocationId": "allocation", "PrivateIPv4Address": "private"}


def request(wanted: Wanted, labels: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of CreateLoadBalancer."""
    fields = wanted.fields
    asked: dict[str, Any] = {
        "Name": names.native(wanted.name),
        "Type": fields["type"],
        "Scheme": fields["scheme"],
        "IpAddressType": fields["ip_address_type"],
        "Tags": tags.to_list(labels),
    }
    if fields["security_groups"]:
        asked["SecurityGroups"] = list(fields["security_groups"])
    if fields["addresses"]:
        return {**asked, "SubnetMappings": [_mapping(one) for one in fields["addresses"]]}
    return {**asked, "Subnets": list(fields["subnets"])}


def fields(raw: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a balancer that AWS describes as `raw`; `known` are its tags."""
    zones, made = raw.get("AvailabilityZones") or (), memos.made_as(known)
    return {
        "type": raw.get("Type") or made.get("type", "application"),
        "scheme": raw.get("Scheme") or made.get("scheme", "internet-facing"),
        "vpc": raw.get("VpcId") or made.get("vpc", ""),
        "subnets": sorted(zone["SubnetId"] for zone in zones),
        "addresses": _static(zones) or made.get("addresses", []),
        "ip_address_type": raw.get("IpAddressType", "ipv4"),
        "security_groups": sorted(raw.get("SecurityGroups") or ()),
        "attributes": {},
        "hostname": raw.get("DNSName", ""),
        "ips": sorted(_ips(zones)),
    }


def managed(kind: str, raw: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Of all attributes of a balancer of this type those that we set."""
    wanted = attributes.BALANCER if kind == "network" else attributes.WEB_BALANCER
    known = {each["Key"]: each["Value"] for each in raw}
    return {key: known.get(key, "false") for key in sorted(wanted)}


def attribute_list(wanted: Mapping[str, str]) -> list[dict[str, str]]:
    """Attributes as the API takes them."""
    return [{"Key": key, "Value": value} for key, value in sorted(wanted.items())]


def _mapping(address: Mapping[str, str]) -> dict[str, str]:
    return {_MAPPED[key]: value for key, value in address.items()}


def _static(zones: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    shown = [
        {"subnet": zone["SubnetId"], _CHOSEN[key]: address[key]}
        for zone in zones
        for address in zone.get("LoadBalancerAddresses") or ()
        for key in _CHOSEN
        if address.get(key)
    ]
    return sorted(shown, key=lambda one: one["subnet"])


def _ips(zones: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for zone in zones:
        for address in zone.get("LoadBalancerAddresses") or ():
            if address.get("IpAddress"):
                yield address["IpAddress"]
