"""`gcp.forwarding_rule`: only its target can change, and only at a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Json
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_OPTIONAL = (
    *("networkTier", "network", "subnetwork", "ports", "portRange", "backendService", "target"),
)
_LINKS = ("network", "subnetwork", "backendService", "target")


class ForwardingRuleDriver(ObjectDriver):
    """A field that does not belong to the product is "" here, and not sent."""

    kind = "gcp.forwarding_rule"
    collection = surface.FORWARDING_RULES

    def body(self, fields: Mapping[str, Any]) -> Json:
        always = ("loadBalancingScheme", "IPAddress", "IPProtocol")
        chosen = {name: fields[name] for name in _OPTIONAL if fields[name]}
        return {**{name: fields[name] for name in always}, **chosen}

    def fields(self, told: Json) -> dict[str, Any]:
        inside = told.get("loadBalancingScheme", "").startswith("INTERNAL")
        links = {name: places.relative(told.get(name, "")) for name in _LINKS}
        outside = {} if inside else {"network": "", "subnetwork": ""}
        return {
            "scope": "region" if "region" in told else "global",
            "loadBalancingScheme": told.get("loadBalancingScheme", ""),
            "networkTier": "" if inside else told.get("networkTier", "PREMIUM"),
            "IPAddress": told.get("IPAddress", ""),
            "IPProtocol": told.get("IPProtocol", ""),
            "ports": sorted(told.get("ports", ())),
            "portRange": told.get("portRange", "") if told.get("target") else "",
            **links,
            **outside,
        }

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        body = Body("TargetReference", {"target": fields["target"]})
        return self._compute.write("set_target", at, body)
