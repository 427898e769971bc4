"""Where in the network a balancer stands: links of its network and subnetwork."""

from __future__ import annotations

from cloudabstract.model import LoadBalancerSpec
from cloudabstract_gcp import places
from cloudabstract_gcp.settings import GcpSettings


def place_of(spec: LoadBalancerSpec, settings: GcpSettings) -> str:
    """The region of a balancer."""
    return spec.placement.region or settings.region


def network_of(spec: LoadBalancerSpec, settings: GcpSettings) -> str:
    """The relative link of the network that it and its backends are in."""
    name = spec.placement.network or settings.network
    if "/" in name:
        return name
    return places.link(settings.project, places.GLOBAL, "networks", name)


def subnetwork_of(spec: LoadBalancerSpec, settings: GcpSettings) -> str:
    """The relative link of its subnetwork; by default the one that is named like the network."""
    named = spec.placement.subnets[0] if spec.placement.subnets else None
    if named is None and spec.placement.network is None:
        named = settings.subnetwork
    name = named or places.name_of(spec.placement.network or settings.network)
    if "/" in name:
        return name
    scope = places.region(place_of(spec, settings))
    return places.link(settings.project, scope, "subnetworks", name)


def certificate_of(ref: str, spec: LoadBalancerSpec, settings: GcpSettings) -> str:
    """The relative link of the certificate that a port names, in the scope of its proxy."""
    name = places.relative(settings.certificates.get(ref, ref))
    if "/" in name:
        return name
    internal = spec.routability == "Internal"
    scope = places.region(place_of(spec, settings)) if internal else places.GLOBAL
    return places.link(settings.project, scope, "sslCertificates", name)
