"""Volumes as they are asked of a target: made for a claim, or with their class applied."""

from __future__ import annotations

from dataclasses import replace

from cloudabstract.model import (
    ClaimRef,
    Encryption,
    Metadata,
    Performance,
    Storage,
    Topology,
    Volume,
    VolumeClaim,
    VolumeSpec,
)

from .classes import Classes
from .naming import claim_volume_name


def made_for(claim: VolumeClaim, classes: Classes, zone: str) -> Volume:
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
        topology=_where(of_class.allowed_topologies, zone),
        performance=classes.performance_for(claim, classes.by_name[classes.name_for(claim)]),
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


def with_class(volume: Volume, classes: Classes, claim: VolumeClaim | None) -> Volume:
    """`volume` with what its class says where it says nothing, grown to what its claim asks."""
    of_class = classes.by_name.get(volume.spec.volume_class_name)
    performance = volume.spec.performance or (
        of_class.spec.performance if of_class else Performance()
    )
    encryption = volume.spec.encryption or (of_class.spec.encryption if of_class else Encryption())
    overrides = volume.spec.provider_overrides or (
        of_class.spec.provider_overrides if of_class else {}
    )
    size = volume.spec.capacity.storage
    reserved = volume.spec.claim_ref
    if claim is not None:
        size = max(size, claim.spec.resources.requests.storage)
        reserved = ClaimRef(claim.metadata.name, claim.metadata.namespace)
    spec = replace(
        volume.spec,
        performance=performance,
        encryption=encryption,
        provider_overrides=overrides,
        capacity=Storage(size),
        claim_ref=reserved,
    )
    return replace(volume, spec=spec)


def _where(allowed: tuple[Topology, ...], zone: str) -> Topology:
    """The consumer's zone, if known and allowed; else the first topology that the class allows."""
    first = allowed[0] if allowed else Topology()
    if zone and (not first.zones or any(zone in each.zones for each in allowed)):
        return Topology(first.region, (zone,))
    return first
