"""Volumes as they are asked of a target: made for a claim, or with their class applied."""

from __future__ import annotations

from dataclasses import replace

from cloudabstract.model import (
    ClaimRef,
    Encryption,
    Metadata,
    Performance,
    ResourceKey,
    Storage,
    Topology,
    Volume,
    VolumeClaim,
    VolumeSpec,
)

from .classes import Classes
from .naming import claim_volume_name


def made_for(claim: VolumeClaim, classes: Classes, topology: Topology) -> Volume:
    """The Volume that is made for `claim`, which its class (it must exist) describes fully."""
    of_class = classes.by_name[classes.name_for(claim)].spec
    namespace, name = claim.metadata.namespace, claim.metadata.name
    spec = VolumeSpec(
        capacity=claim.spec.resources.requests,
        access_modes=claim.spec.access_modes,
        volume_class_name=classes.name_for(claim),
        reclaim_policy=of_class.reclaim_policy,
        volume_mode=claim.spec.volume_mode,
        fs_type=of_class.fs_type,
        mount_options=of_class.mount_options,
        topology=topology,
        performance=classes.switched(claim, of_class.performance),
        encryption=of_class.encryption,
        replication=of_class.replication,
        claim_ref=ClaimRef(name, namespace),
        data_source=claim.spec.data_source,
        provider_overrides=of_class.provider_overrides,
        deletion_protection=claim.spec.deletion_protection,
        management_policies=claim.spec.management_policies,
    )
    metadata = Metadata(claim_volume_name(namespace, name), "", claim.metadata.labels)
    return Volume(metadata, spec)


def with_class(volume: Volume, classes: Classes) -> Volume:
    """`volume` with what its class says where it says nothing."""
    of_class = classes.by_name.get(volume.spec.volume_class_name)
    spec = volume.spec
    performance = spec.performance or (of_class.spec.performance if of_class else Performance())
    encryption = spec.encryption or (of_class.spec.encryption if of_class else Encryption())
    overrides = spec.provider_overrides or (of_class.spec.provider_overrides if of_class else {})
    return replace(
        volume,
        spec=replace(
            spec, performance=performance, encryption=encryption, provider_overrides=overrides
        ),
    )


def held_by(volume: Volume, claim: VolumeClaim, classes: Classes) -> Volume:
    """`volume` as the claim that is bound to it wants it: its size, its speed, its protection."""
    spec = volume.spec
    size = max(spec.capacity.storage, claim.spec.resources.requests.storage)
    return replace(
        volume,
        spec=replace(
            spec,
            capacity=Storage(size),
            claim_ref=ClaimRef(claim.metadata.name, claim.metadata.namespace),
            performance=classes.switched(claim, spec.performance or Performance()),
            deletion_protection=spec.deletion_protection or claim.spec.deletion_protection,
        ),
    )


def released_by(volume: Volume, claim: ResourceKey, size: int) -> Volume:
    """`volume` when its claim is gone: Released, as large as that claim had made it."""
    spec = volume.spec
    return replace(
        volume,
        spec=replace(
            spec,
            capacity=Storage(max(spec.capacity.storage, size)),
            claim_ref=spec.claim_ref or ClaimRef(claim.name, claim.namespace),
        ),
    )


def where(allowed: tuple[Topology, ...], zone: str) -> Topology:
    """The consumer's zone, if known and allowed; else the first topology that the class allows."""
    first = allowed[0] if allowed else Topology()
    if zone and (not first.zones or any(zone in each.zones for each in allowed)):
        return Topology(first.region, (zone,))
    return first
