"""Every field of a spec once with an unusual value: each is honoured, degraded or rejected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cloudabstract.model import (
    ClientIPConfig,
    Encryption,
    HealthCheck,
    LoadBalancer,
    Member,
    Metadata,
    Performance,
    Placement,
    Port,
    Resource,
    Route,
    SessionAffinityConfig,
    Storage,
    Tls,
    Topology,
    Volume,
    VolumeSpec,
)

from . import samples


@dataclass(frozen=True)
class Oddity:
    """A resource like `usual`, but for one field."""

    field: str  # "LoadBalancer spec.routability"
    usual: Resource
    resource: Resource


_SPEC: tuple[tuple[str, dict[str, Any]], ...] = (
    ("loadBalancerClass", {"load_balancer_class": "quantum"}),
    ("routability", {"routability": "Internal"}),
    ("routes", {"routes": (Route("web", path="/x"),)}),
    ("sourceRanges", {"source_ranges": ("203.0.113.0/24",)}),
    ("sessionAffinity", {"session_affinity": "ClientIP"}),
    ("externalTrafficPolicy", {"external_traffic_policy": "Local"}),
    ("ipFamilyPolicy", {"ip_family_policy": "RequireDualStack"}),
    ("ipFamilies", {"ip_families": ("IPv6",)}),
    ("addressRefs", {"address_refs": ("reserved-1", "reserved-2", "reserved-3")}),
    ("trafficDistribution", {"traffic_distribution": "PreferClose"}),
    ("connectionDraining", {"connection_draining": 77}),
    ("placement.region", {"placement": Placement(region="nowhere-1")}),
    ("placement.zones", {"placement": Placement(zones=("nowhere-1a",))}),
    ("placement.network", {"placement": Placement(network="elsewhere")}),
    ("placement.subnets", {"placement": Placement(subnets=("elsewhere-1", "elsewhere-2"))}),
)
_PORT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("port", {"port": 8081}),
    ("protocol", {"protocol": "UDP"}),
    ("protocol SCTP", {"protocol": "SCTP"}),
    ("targetPort", {"target_port": 8080}),
    ("appProtocol", {"app_protocol": "kubernetes.io/h2c"}),
    ("tls", {"tls": Tls(("unknown",))}),
)
_CHECK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("protocol", {"protocol": "HTTP", "path": "/"}),
    ("path", {"path": "/healthz"}),
    ("port", {"port": 9000}),
    ("interval", {"interval": 30}),
    ("timeout", {"timeout": 7}),
    ("healthyThreshold", {"healthy_threshold": 5}),
    ("unhealthyThreshold", {"unhealthy_threshold": 6}),
)
_VOLUME: tuple[tuple[str, dict[str, Any]], ...] = (
    ("capacity", {"capacity": Storage(3 * samples.GIB)}),
    ("accessModes ReadOnlyMany", {"access_modes": ("ReadOnlyMany",)}),
    ("accessModes ReadWriteMany", {"access_modes": ("ReadWriteMany",)}),
    ("volumeMode", {"volume_mode": "Block"}),
    ("fsType", {"fs_type": "xfs"}),
    ("mountOptions", {"mount_options": ("noatime",)}),
    ("mountOptions unknown", {"mount_options": ("no-such-option",)}),
    ("topology.region", {"topology": Topology("nowhere-1")}),
    ("topology.zones", {"topology": Topology(zones=("nowhere-1a",))}),
    ("performance.tier", {"performance": Performance("cold")}),
    ("performance.iops", {"performance": Performance("fast", iops=4000)}),
    ("performance.throughput", {"performance": Performance("fast", throughput=250 * 2**20)}),
    ("encryption", {"encryption": Encryption(enabled=True)}),
    ("encryption.key", {"encryption": Encryption(enabled=True, key="key-1")}),
    ("replication", {"replication": "regional"}),
    ("externalRef", {"external_ref": "existing-1"}),
)


def oddities(provider: str) -> Iterator[Oddity]:
    """All of them, for the provider of that name. What is the engine's own is left out:
    claimRef, reclaimPolicy, volumeClassName, deletionProtection, managementPolicies.
    """
    yield from _balancers()
    yield from _volumes(provider)


def _balancers() -> Iterator[Oddity]:
    usual = LoadBalancer(
        Metadata("web"),
        replace(samples.balancer().spec, ports=(Port(80),), session_affinity="None"),
    )

    def odd(field: str, like: LoadBalancer = usual, **change: Any) -> Oddity:
        made = replace(usual, spec=replace(like.spec, **change))
        return Oddity(f"LoadBalancer spec.{field}", like, made)

    for field, change in _SPEC:
        yield odd(field, **change)
    for field, change in _PORT:
        yield odd(f"ports.{field}", ports=(replace(Port(80), **change),))
    for field, change in _CHECK:
        yield odd(f"healthCheck.{field}", health_check=replace(HealthCheck(), **change))
    sticky = replace(usual, spec=replace(usual.spec, session_affinity="ClientIP"))
    config = SessionAffinityConfig(ClientIPConfig(60))
    yield odd("sessionAffinityConfig.clientIP", sticky, session_affinity_config=config)
    pool = samples.pool("web", 5, 6)
    weighted = replace(pool, addresses=(Member("10.0.0.5", weight=3), Member("10.0.0.6")))
    yield odd("backends.addresses", backends=(samples.pool("web", 5),))
    yield odd("backends.addresses.weight", backends=(weighted,))


def _volumes(provider: str) -> Iterator[Oddity]:
    spec = replace(
        samples.volume().spec, performance=Performance(), encryption=Encryption(enabled=False)
    )
    usual = Volume(Metadata("archive", ""), spec)

    def odd(field: str, like: VolumeSpec, **change: Any) -> Oddity:
        made = Volume(usual.metadata, replace(like, **change))
        return Oddity(f"Volume spec.{field}", Volume(usual.metadata, like), made)

    plain = {"performance.iops": "fast", "performance.throughput": "fast"}
    for field, change in _VOLUME:
        like = spec
        if field in plain:
            like = replace(spec, performance=Performance("fast"))
        if field == "encryption.key":
            like = replace(spec, encryption=Encryption(enabled=True))
        yield odd(field, like, **change)
    unknown = {provider: {"no-such-setting": 1}}
    yield odd("providerOverrides unknown", spec, provider_overrides=unknown)
