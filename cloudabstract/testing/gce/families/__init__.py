"""The families of resources, by collection. A new one is a module here and a line below."""

from __future__ import annotations

from cloudabstract.testing.gce.families.addresses import ADDRESSES
from cloudabstract.testing.gce.families.backend_services import BACKEND_SERVICES
from cloudabstract.testing.gce.families.disks import DISKS
from cloudabstract.testing.gce.families.endpoint_groups import ENDPOINT_GROUPS
from cloudabstract.testing.gce.families.forwarding_rules import FORWARDING_RULES
from cloudabstract.testing.gce.families.health_checks import HEALTH_CHECKS
from cloudabstract.testing.gce.families.instance_groups import INSTANCE_GROUPS
from cloudabstract.testing.gce.families.instances import INSTANCES
from cloudabstract.testing.gce.families.networks import FIREWALLS, NETWORKS, SUBNETWORKS
from cloudabstract.testing.gce.families.snapshots import SNAPSHOTS
from cloudabstract.testing.gce.families.web import (
    CERTIFICATES,
    HTTP_PROXIES,
    HTTPS_PROXIES,
    URL_MAPS,
)
from cloudabstract.testing.gce.family import Family

FAMILIES: dict[str, Family] = {
    family.collection: family
    for family in (
        *(DISKS, SNAPSHOTS, INSTANCES, INSTANCE_GROUPS, ENDPOINT_GROUPS, ADDRESSES),
        *(NETWORKS, SUBNETWORKS, FIREWALLS, HEALTH_CHECKS, BACKEND_SERVICES),
        *(URL_MAPS, HTTP_PROXIES, HTTPS_PROXIES, CERTIFICATES, FORWARDING_RULES),
    )
}
