"""`gcp.health_check`: regional for regional balancers, global for global ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.marking import MarkingDriver

_SETTINGS = {"TCP": "tcpHealthCheck", "HTTP": "httpHealthCheck", "HTTPS": "httpsHealthCheck"}
_TIMES = ("checkIntervalSec", "timeoutSec", "healthyThreshold", "unhealthyThreshold")


class HealthCheckDriver(MarkingDriver):
    """Port 0 means the port of the endpoint itself."""

    kind = "gcp.health_check"
    collection = surface.HEALTH_CHECKS

    def body(self, fields: Mapping[str, Any]) -> Json:
        serving = {"portSpecification": "USE_SERVING_PORT"}
        fixed = {"portSpecification": "USE_FIXED_PORT", "port": fields["port"]}
        settings: Json = dict(fixed if fields["port"] else serving)
        if fields["requestPath"]:
            settings["requestPath"] = fields["requestPath"]
        times = {name: fields[name] for name in _TIMES}
        return {"type": fields["type"], **times, _SETTINGS[fields["type"]]: settings}

    def fields(self, told: Json) -> dict[str, Any]:
        kind = told.get("type", "")
        settings = told.get(_SETTINGS.get(kind, ""), {})
        serving = settings.get("portSpecification") == "USE_SERVING_PORT"
        return {
            "scope": "region" if "region" in told else "global",
            "type": kind,
            "port": 0 if serving else settings.get("port", 0),
            "requestPath": "" if kind == "TCP" else settings.get("requestPath", "/"),
            **{name: told.get(name) for name in _TIMES},
        }
