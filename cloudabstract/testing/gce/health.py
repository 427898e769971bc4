"""What health checks say of backends.

A backend is unhealthy until its checks have had time to pass: interval times healthy threshold,
counted from when it joined. After that it is healthy, unless the world was told otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import references
from cloudabstract.testing.gce.records import Fields, Record

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Cloud


def of_group(cloud: Cloud, service: Record, group: Record) -> list[dict[str, Any]]:
    """The health of every member of `group`, as seen by `service`."""
    statuses = []
    for member in group.members:
        ip, port = _address(cloud, service, group, member)
        status: Fields = {"ipAddress": ip, "healthState": state(cloud, service, member, ip)}
        if "instance" in member:
            status["instance"] = member["instance"]
        if port:
            status["port"] = port
        statuses.append(status)
    return statuses


def of_endpoint(cloud: Cloud, group: Record, member: Fields) -> list[dict[str, Any]]:
    """The health of one endpoint, once for every backend service that has its group."""
    found = []
    for user in references.users(cloud, group.key):
        service = cloud.records.get(user)
        seen = state(cloud, service, member, str(member.get("ipAddress", "")))
        found.append({"backendService": {"backendService": user.link}, "healthState": seen})
    return found


def state(cloud: Cloud, service: Record, member: Fields, ip: str) -> str:
    """HEALTHY or UNHEALTHY."""
    name = str(member.get("instance", "")).rsplit("/", 1)[-1]
    for known_as in (f"{ip}:{member.get('port', '')}", ip, name):
        if known_as in cloud.health:
            return cloud.health[known_as]
    since = max(float(member["joined"]), service.created)
    return "HEALTHY" if cloud.time.now() >= since + _first_pass(cloud, service) else "UNHEALTHY"


def _first_pass(cloud: Cloud, service: Record) -> float:
    links = service.fields.get("healthChecks", [])
    if not links:
        return 0.0
    check = references.record_at(cloud, links[0]).fields
    return float(check["checkIntervalSec"] * check["healthyThreshold"])


def _address(cloud: Cloud, service: Record, group: Record, member: Fields) -> tuple[str, int]:
    if "ipAddress" in member:
        return member["ipAddress"], int(member.get("port") or 0)
    instance = references.record_at(cloud, member["instance"])
    ports = {p["name"]: int(p["port"]) for p in group.fields.get("namedPorts", ())}
    port = ports.get(service.fields.get("portName", ""), int(service.fields.get("port", 0)))
    return str(instance.fields["networkInterfaces"][0]["networkIP"]), port
