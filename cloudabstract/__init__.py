"""cloudabstract: one portable spec for load balancers and volumes, on any target.

    from cloudabstract import Stack

    stack = Stack("shop", target="laptop")
    report = stack.apply("shop.yaml")
    print(report["LoadBalancer/web"].addresses)

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine import Change as Change
    from .engine import Consent as Consent
    from .engine import Event as Event
    from .engine import Plan as Plan
    from .engine import Report as Report
    from .errors import CapabilityError as CapabilityError
    from .errors import CloudAbstractError as CloudAbstractError
    from .errors import ConfigError as ConfigError
    from .errors import ConsentError as ConsentError
    from .errors import LeaseError as LeaseError
    from .errors import SpecError as SpecError
    from .errors import StaleError as StaleError
    from .model import *  # noqa: F403  the portable nouns, as listed in model.__all__
    from .stack import Stack as Stack

_MODEL = (
    "Address",
    "BackendPool",
    "ClaimRef",
    "ClaimResources",
    "ClientIPConfig",
    "Condition",
    "DataSource",
    "Encryption",
    "HealthCheck",
    "Instance",
    "LoadBalancer",
    "LoadBalancerSpec",
    "Member",
    "Metadata",
    "Performance",
    "Placement",
    "Port",
    "Requirement",
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
)
_HOMES = {
    **dict.fromkeys(_MODEL, "model"),
    **dict.fromkeys(("Change", "Consent", "Event", "Plan", "Report"), "engine"),
    **dict.fromkeys(
        (
            "CapabilityError",
            "CloudAbstractError",
            "ConfigError",
            "ConsentError",
            "LeaseError",
            "SpecError",
            "StaleError",
        ),
        "errors",
    ),
    "Stack": "stack",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  computed from the table above


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
