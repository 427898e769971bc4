"""What can be read but not made: projects, regions, zones and disk types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, listing, simulated
from cloudabstract.testing.gce.catalogue import DiskType
from cloudabstract.testing.gce.family import Verb
from cloudabstract.testing.gce.scopes import ROOT, Key, Scope, scope_link

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_LONG_AGO = simulated.stamp(0)


def project(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The project with its quotas."""
    return {
        "kind": "compute#project",
        "id": str(1 + cloud.projects.index(call.project)),
        "name": call.project,
        "selfLink": f"{ROOT}projects/{call.project}",
        "creationTimestamp": _LONG_AGO,
        "defaultNetworkTier": "PREMIUM",
        "xpnProjectStatus": "UNSPECIFIED_XPN_PROJECT_STATUS",
        "quotas": cloud.quotas.table(call.project, ""),
    }


def region(cloud: Cloud, name: str, project_id: str) -> dict[str, Any]:
    """A region with its zones and quotas."""
    zones = [Scope("zone", zone) for zone in cloud.catalogue.zones(name)]
    return {
        **_place("compute#region", project_id, Scope("region", name)),
        "zones": [scope_link(project_id, zone) for zone in zones],
        "quotas": cloud.quotas.table(project_id, name),
    }


def zone(cloud: Cloud, name: str, project_id: str) -> dict[str, Any]:
    """A zone and the region it lies in."""
    scope = Scope("zone", name)
    return {
        **_place("compute#zone", project_id, scope),
        "region": scope_link(project_id, Scope("region", scope.region)),
    }


def _place(kind: str, project_id: str, scope: Scope) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(1000 + sum(scope.place.encode())),
        "name": scope.place,
        "description": scope.place,
        "status": "UP",
        "selfLink": scope_link(project_id, scope),
        "creationTimestamp": _LONG_AGO,
    }


def disk_type(key: Key, kind: DiskType) -> dict[str, Any]:
    """A disk type as one place offers it."""
    return {
        "kind": "compute#diskType",
        "id": str(30_000 + sum(kind.name.encode())),
        "name": kind.name,
        "description": kind.name,
        "validDiskSize": kind.sizes,
        "defaultDiskSizeGb": str(kind.default_size),
        "selfLink": key.link,
        "creationTimestamp": _LONG_AGO,
        key.scope.level: scope_link(key.project, key.scope),
    }


def _get_region(cloud: Cloud, call: Call) -> dict[str, Any]:
    return region(cloud, call.params["region"], call.project)


def _get_zone(cloud: Cloud, call: Call) -> dict[str, Any]:
    return zone(cloud, call.params["zone"], call.project)


def _list_regions(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = [("", region(cloud, name, call.project)) for name in cloud.catalogue.regions]
    return listing.page_of(cloud, call, found, call.method.response)


def _list_zones(cloud: Cloud, call: Call) -> dict[str, Any]:
    names = [scope.place for scope in cloud.catalogue.scopes("zone")]
    found = [("", zone(cloud, name, call.project)) for name in names]
    return listing.page_of(cloud, call, found, call.method.response)


def _get_disk_type(cloud: Cloud, call: Call) -> dict[str, Any]:
    kind = cloud.catalogue.disk_type(call.key)
    if kind is None:
        raise errors.not_found(call.key.path)
    return disk_type(call.key, kind)


def disk_types(cloud: Cloud, project_id: str, scope: Scope) -> list[dict[str, Any]]:
    """All disk types of one scope."""
    kinds = cloud.catalogue.disk_types(scope)
    return [disk_type(Key(project_id, scope, "diskTypes", kind.name), kind) for kind in kinds]


def _list_disk_types(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = [("", item) for item in disk_types(cloud, call.project, call.scope)]
    return listing.page_of(cloud, call, found, call.method.response)


VERBS: Mapping[str, Verb] = {
    "compute.projects.get": project,
    "compute.regions.get": _get_region,
    "compute.regions.list": _list_regions,
    "compute.zones.get": _get_zone,
    "compute.zones.list": _list_zones,
    "compute.diskTypes.get": _get_disk_type,
    "compute.diskTypes.list": _list_disk_types,
}
