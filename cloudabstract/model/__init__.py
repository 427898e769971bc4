"""The portable nouns: what a user can ask for, the same on every target. Standard library only.

Every resource is a frozen dataclass with `metadata` and `spec`. YAML and these objects are two
faces of one model: the limits are written once, as `Annotated` marks (limits.py), and spec/ reads
documents into these classes.
"""

from __future__ import annotations

from .claim import ClaimResources, VolumeClaim, VolumeClaimSpec
from .load_balancer import (
    BackendPool,
    ClientIPConfig,
    HealthCheck,
    Instance,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Placement,
    Port,
    Route,
    SessionAffinityConfig,
    Tls,
)
from .quantity import format_duration, format_quantity, parse_duration, parse_quantity
from .resource import API_VERSION, DEFAULT_NAMESPACE, Metadata, Resource, ResourceKey
from .selector import Requirement, Selector
from .snapshot import (
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
)
from .status import (
    Address,
    BackendStatus,
    Condition,
    ExternalResource,
    PortStatus,
    Status,
)
from .volume import (
    ClaimRef,
    DataSource,
    Encryption,
    Performance,
    PerformanceChange,
    Storage,
    Topology,
    Volume,
    VolumeSpec,
)
from .volume_class import (
    VolumeAttributesClass,
    VolumeAttributesClassSpec,
    VolumeClass,
    VolumeClassSpec,
)

KINDS: dict[str, type[Resource]] = {
    each.KIND: each
    for each in (
        LoadBalancer,
        Volume,
        VolumeClaim,
        VolumeClass,
        VolumeAttributesClass,
        VolumeSnapshot,
        VolumeAttachment,
    )
}

__all__ = [
    "API_VERSION",
    "DEFAULT_NAMESPACE",
    "KINDS",
    "Address",
    "BackendPool",
    "BackendStatus",
    "ClaimRef",
    "ClaimResources",
    "ClientIPConfig",
    "Condition",
    "DataSource",
    "Encryption",
    "ExternalResource",
    "HealthCheck",
    "Instance",
    "LoadBalancer",
    "LoadBalancerSpec",
    "Member",
    "Metadata",
    "Performance",
    "PerformanceChange",
    "Placement",
    "Port",
    "PortStatus",
    "Requirement",
    "Resource",
    "ResourceKey",
    "Route",
    "Selector",
    "SessionAffinityConfig",
    "Status",
    "Storage",
    "Tls",
    "Topology",
    "Volume",
    "VolumeAttachment",
    "VolumeAttachmentSpec",
    "VolumeAttributesClass",
    "VolumeAttributesClassSpec",
    "VolumeClaim",
    "VolumeClaimSpec",
    "VolumeClass",
    "VolumeClassSpec",
    "VolumeSnapshot",
    "VolumeSnapshotSpec",
    "VolumeSource",
    "VolumeSpec",
    "format_duration",
    "format_quantity",
    "parse_duration",
    "parse_quantity",
]
