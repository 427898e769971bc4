"""`gcp.firewall`: VPC firewall rules, which are global."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.marking import MarkingDriver
from cloudabstract_gcp.places import Scope

_PRIORITY = 1000  # Google's own; lower numbers go first, so that users' denials can


class FirewallDriver(MarkingDriver):
    """Rules that let traffic in; ranges and ports are compared sorted."""

    kind = "gcp.firewall"
    collection = surface.FIREWALLS

    def scope(self, wanted: Wanted) -> Scope:
        return places.GLOBAL

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {
            "network": fields["network"],
            "direction": "INGRESS",
            "priority": _PRIORITY,
            "sourceRanges": fields["sourceRanges"],
            "destinationRanges": fields["destinationRanges"],
            "allowed": fields["allowed"],
        }

    def fields(self, told: Json) -> dict[str, Any]:
        return {
            "network": places.relative(told.get("network", "")),
            "sourceRanges": sorted(told.get("sourceRanges", ())),
            "destinationRanges": sorted(_cidr(each) for each in told.get("destinationRanges", ())),
            "allowed": sorted(
                (
                    {"IPProtocol": each["IPProtocol"], "ports": _sorted(each.get("ports", ()))}
                    for each in told.get("allowed", ())
                ),
                key=lambda rule: str(rule["IPProtocol"]),
            ),
        }


def _cidr(text: str) -> str:
    return text if "/" in text else f"{text}/32"


def _sorted(ports: Any) -> list[str]:
    return sorted(ports, key=lambda each: int(str(each).partition("-")[0]))
