"""The memory provider: pure answers about resources, and a connection to its cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cloudabstract.model import (
    LoadBalancer,
    Resource,
    Status,
    Volume,
    VolumeAttachment,
    VolumeClass,
    VolumeSnapshot,
)
from cloudabstract.provider import (
    BUILT_IN_CLASSES,
    Facts,
    Found,
    Kind,
    Objection,
    Part,
    PartKey,
    Portable,
)

from . import balancers, check_balancer, check_volume, reading, status, volumes
from .cloud import Cloud
from .kinds import KINDS
from .session import MemorySession
from .settings import MemorySettings
from .worlds import opened


class MemoryProvider:
    """Provider of one target. Without `cloud` it is the one that the settings speak of."""

    name = "memory"
    features = (
        "InternalRouting",
        "IPv6",
        "MixedProtocol",
        "SessionAffinity",
        "SourceRanges",
        "UDP",
    )

    def __init__(self, settings: MemorySettings, cloud: Cloud | None = None) -> None:
        self._settings = settings
        self._cloud = cloud

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds; with read lag the engine is told to look for longer than it lasts."""
        lag = float(2**self._settings.lag) if self._settings.lag else 0.0
        return tuple(replace(kind, lag=lag) for kind in KINDS)

    @property
    def classes(self) -> tuple[VolumeClass, ...]:
        """Those that every target has."""
        return BUILT_IN_CLASSES

    def check(self, resource: Resource) -> Iterable[Objection]:
        """What this cloud cannot do."""
        if isinstance(resource, LoadBalancer):
            return tuple(check_balancer.check(resource, self._settings))
        if isinstance(resource, Volume):
            return tuple(check_volume.check(resource, self._settings))
        return ()

    def check_facts(self, resource: Resource, facts: Facts) -> Iterable[Objection]:
        """Addresses that this cloud does not have."""
        if isinstance(resource, LoadBalancer):
            return tuple(check_balancer.check_facts(resource, facts))
        return ()

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        """The parts of `resource`."""
        if isinstance(resource, LoadBalancer):
            return tuple(balancers.expand(resource, facts))
        if isinstance(resource, Volume):
            return (volumes.disk(resource, facts),)
        if isinstance(resource, VolumeSnapshot):
            return (volumes.snapshot(resource, facts),)
        if isinstance(resource, VolumeAttachment):
            return (volumes.attachment(resource, facts),)
        return ()

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """Found parts back to portable status."""
        features = self.features if isinstance(resource, LoadBalancer) else ()
        return status.status(resource, found, features)

    def portable(self, found: Iterable[Found], facts: Facts) -> Iterable[Portable]:
        """Balancers and disks read back as resources."""
        return tuple(reading.portable(found, facts))

    def connect(self) -> MemorySession:
        """Open a session. Never fails."""
        return MemorySession(self._settings, self._cloud or opened(self._settings))
