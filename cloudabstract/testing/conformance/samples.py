"""Portable samples: small resources that every target should be able to make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cloudabstract.model import (
    BackendPool,
    ClaimResources,
    DataSource,
    HealthCheck,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Resource,
    Route,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
    VolumeSpec,
)

from .harness import Sample

GIB = 2**30


def pool(name: str, *last: int) -> BackendPool:
    """A pool of backends at 10.0.0.x."""
    return BackendPool(name, addresses=tuple(Member(f"10.0.0.{each}") for each in last))


def balancer(name: str = "web") -> LoadBalancer:
    """Two ports over one pool of two backends; ports and target ports are equal (LB004)."""
    ports = (Port(80, name="http"), Port(443, name="https"))
    return LoadBalancer(Metadata(name), LoadBalancerSpec(ports, backends=(pool("web", 5, 6),)))


def application(name: str = "site") -> LoadBalancer:
    """Class l7: one HTTP port, two pools, one route."""
    spec = LoadBalancerSpec(
        (Port(80, name="http", backend="web"),),
        load_balancer_class="l7",
        backends=(pool("web", 5, 6), pool("api", 7)),
        routes=(Route("api", host="shop.example.com", path="/api"),),
        health_check=HealthCheck(path="/healthz"),
    )
    return LoadBalancer(Metadata(name), spec)


def volume(name: str = "archive", size: int = GIB) -> Volume:
    """A volume whose data may be deleted with it."""
    spec = VolumeSpec(Storage(size), ("ReadWriteOnce",), reclaim_policy="Delete")
    return Volume(Metadata(name, ""), spec)


def claim(name: str = "files", size: int = GIB) -> VolumeClaim:
    """A claim of the default class."""
    return VolumeClaim(
        Metadata(name), VolumeClaimSpec(("ReadWriteOnce",), ClaimResources(Storage(size)))
    )


def snapshot(of: str, name: str = "before") -> VolumeSnapshot:
    """A snapshot of a volume."""
    return VolumeSnapshot(Metadata(name), VolumeSnapshotSpec(VolumeSource(volume=of)))


def restored(source: str, name: str = "restored") -> Volume:
    """A volume that begins as a copy of a snapshot."""
    made = volume(name)
    return replace(made, spec=replace(made.spec, data_source=DataSource("VolumeSnapshot", source)))


def attachment(of: str, instance: str, name: str = "mount") -> VolumeAttachment:
    """A volume at an instance."""
    return VolumeAttachment(Metadata(name), VolumeAttachmentSpec(VolumeSource(volume=of), instance))


def changed_balancer(made: LoadBalancer) -> LoadBalancer:
    """One more backend, and a health check that is made less often."""
    pools = (pool("web", 5, 6, 8), *made.spec.backends[1:])
    check = replace(made.spec.health_check, interval=20)
    return replace(made, spec=replace(made.spec, backends=pools, health_check=check))


def replaced_balancer(made: LoadBalancer) -> LoadBalancer:
    """Reached from inside only: no target can change that in place."""
    return replace(made, spec=replace(made.spec, routability="Internal"))


def renamed(resources: Iterable[Resource], ending: str) -> tuple[Resource, ...]:
    """Copies under other names, which refer to each other as the originals do."""
    copies = []
    for each in resources:
        spec = each.spec
        if isinstance(each, (VolumeSnapshot, VolumeAttachment)):
            source = spec.source
            volume = source.volume and f"{source.volume}{ending}"
            claimed = source.claim and f"{source.claim}{ending}"
            spec = replace(spec, source=VolumeSource(claimed, volume))
        elif isinstance(each, (Volume, VolumeClaim)) and spec.data_source is not None:
            origin = replace(spec.data_source, name=f"{spec.data_source.name}{ending}")
            spec = replace(spec, data_source=origin)
        metadata = replace(each.metadata, name=f"{each.metadata.name}{ending}")
        copies.append(replace(each, metadata=metadata, spec=spec))
    return tuple(copies)


def portable(instance: str) -> dict[str, Sample]:
    """A sample for each capability; attachments only where there is a machine."""
    archive = volume()
    kept: tuple[Resource, ...] = (archive, snapshot("archive"), restored("before"))
    samples = {
        "balancer": Sample(
            (balancer(),), (changed_balancer(balancer()),), (), (replaced_balancer(balancer()),)
        ),
        "application": Sample((application(),), (changed_balancer(application()),)),
        "volume": Sample((archive,), grown=(volume(size=2 * GIB),)),
        "claim": Sample((claim(),), grown=(claim(size=2 * GIB),)),
        "snapshot": Sample(kept),
    }
    if instance:
        samples["attachment"] = Sample((archive, attachment("archive", instance)))
    return samples
