"""`gcp.forwarding_rule`: only its target can change, and only at a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Json
from cloudabstract_gcp.marking import LateLabels
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_OPTIONAL = (
    *("IPAddress", "networkTier", "network", "subnetwork", "ports", "portRange"),
    *("backendService", "target"),
)
_FEW = 5  # ports of one rule
_LINKS = ("network", "subnetwork", "backendService", "target")


class ForwardingRuleDriver(LateLabels):
    """A field that does not belong to the product is "" here, and not sent."""

    kind = "gcp.forwarding_rule"
    collection = surface.FORWARDING_RULES

    def body(self, fields: Mapping[str, Any]) -> Json:
        always = ("loadBalancingScheme", "IPProtocol")
        chosen = {name: fields[name] for name in _OPTIONAL if fields.get(name)}
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
            "ports": sorted(told.get("ports") or _spread(told)),
            "portRange": told.get("portRange", "") if told.get("target") else "",
            **links,
            **(outside or self._inside(told)),
        }

    def _inside(self, told: Json) -> dict[str, str]:
        """Network and subnetwork of an internal rule; Google takes `default` where none is said."""
        project = self._compute.project
        usual = places.link(project, places.GLOBAL, "networks", "default")
        network = places.relative(told.get("network", "")) or usual
        named = {**told, "network": network}
        return {"network": network, "subnetwork": places.subnetwork_of(named, project)}

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        body = Body("TargetReference", {"target": fields["target"]})
        return self._compute.write("set_target", at, body)


def _spread(told: Json) -> list[str]:
    """The ports of a passthrough rule that names them as a range, if they are a few."""
    first, _, last = str(told.get("portRange", "")).partition("-")
    if told.get("target") or not first.isdigit():
        return []
    numbers = range(int(first), int(last or first) + 1)
    return [str(each) for each in numbers] if len(numbers) <= _FEW else []
