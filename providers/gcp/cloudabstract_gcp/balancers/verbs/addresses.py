"""`gcp.address`: reserved addresses, regional or global."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Health
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.marking import LateLabels

_USABLE = ("RESERVED", "IN_USE")


class AddressDriver(LateLabels):
    """`address` is the number once it is there; `cidr` is the same as firewalls want it."""

    kind = "gcp.address"
    collection = surface.ADDRESSES

    def body(self, fields: Mapping[str, Any]) -> Json:
        optional = ("purpose", "networkTier", "subnetwork")
        chosen = {name: fields[name] for name in optional if fields[name]}
        family = {"ipVersion": "IPV4"} if fields["scope"] == "global" else {}
        return {"addressType": fields["addressType"], **chosen, **family}

    def fields(self, told: Json) -> dict[str, Any]:
        external = told.get("addressType", "EXTERNAL") == "EXTERNAL"
        number = told.get("address", "")
        return {
            "scope": "region" if "region" in told else "global",
            "addressType": told.get("addressType", "EXTERNAL"),
            "purpose": "" if external else told.get("purpose", ""),
            "networkTier": told.get("networkTier", "PREMIUM") if external else "",
            "subnetwork": "" if external else self._subnetwork(told),
            "address": number or None,
            "cidr": f"{number}/32" if number else None,
        }

    def _subnetwork(self, told: Json) -> str:
        """Where an internal address is from; Google takes that of `default` where none is said."""
        project = self._compute.project
        usual = places.link(project, places.GLOBAL, "networks", "default")
        return places.subnetwork_of({"network": usual, **told}, project)

    def health(self, told: Json) -> tuple[Health, str]:
        state = told.get("status", "RESERVED")
        if state in _USABLE and told.get("address"):
            return Health.READY, ""
        return Health.PENDING, f"the address is {state}"
