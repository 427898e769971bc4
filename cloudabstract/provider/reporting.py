"""What status says in the same way on every target: for a provider's `status`.

Phases and native objects are the engine's to tell; a provider tells what its objects mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.model import Condition, Resource

from .driver import Found, Health
from .part import PartKey


def by_role(resource: Resource, found: Mapping[PartKey, Found]) -> dict[str, Found]:
    """Those of `found` that are parts of `resource`, by their role."""
    return {key.role: each for key, each in found.items() if key.resource == resource.key}


def of_kind(kind: str, found: Mapping[PartKey, Found]) -> list[tuple[PartKey, Found]]:
    """Those of `found` that are of the kind with this name, in order."""
    return [(key, each) for key, each in sorted(found.items()) if key.kind == kind]


def ready(body: Found | None) -> Condition:
    """Condition `Ready` of a resource that is one object, which may not be there yet."""
    if body is None:
        return Condition("Ready", "False", "Provisioning", "it does not exist yet")
    if body.health is Health.FAILED:
        return Condition("Ready", "False", "Failed", body.reason)
    if body.health is Health.PENDING:
        return Condition("Ready", "False", "Provisioning", body.reason)
    return Condition("Ready", "True", "Ready")
