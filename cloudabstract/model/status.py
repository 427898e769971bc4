"""What a resource is like now, in portable words, with the condition types of Kubernetes.

Times are RFC 3339 text in UTC. A provider fills what it knows from found parts; the engine adds
Accepted, Degraded reasons from its checks, and whatever spans resources (a claim's binding).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from .limits import Quantity

Truth = Literal["True", "False", "Unknown"]
Phase = Literal["Pending", "Available", "Bound", "Released", "Failed", "Lost"]


@dataclass(frozen=True)
class Condition:
    """One statement about a resource, e.g. Programmed=False because Provisioning."""

    type: str
    status: Truth
    reason: str
    message: str = ""
    last_transition_time: str = ""
    observed_generation: int = 0


@dataclass(frozen=True)
class PortStatus:
    """How one frontend fares; `error` is CamelCase, empty when all is well."""

    port: int
    protocol: str
    error: str = ""


@dataclass(frozen=True)
class Address:
    """Where a balancer answers: `ip` or `hostname`, never both; `ip_mode` only with `ip`."""

    ip: str = ""
    hostname: str = ""
    ip_mode: Literal["", "VIP", "Proxy"] = ""
    ports: tuple[PortStatus, ...] = ()

    def __str__(self) -> str:
        return self.ip or self.hostname


@dataclass(frozen=True)
class BackendStatus:
    """The health of one backend as the balancer sees it."""

    pool: str
    address: str
    port: int
    health: Literal["Healthy", "Unhealthy", "Unknown"]


@dataclass(frozen=True)
class ExternalResource:
    """One native object behind a resource."""

    kind: str
    id: str
    place: str
    role: str


@dataclass(frozen=True)
class Status:
    """The status of any kind; fields that a kind does not have stay empty and are not printed."""

    conditions: tuple[Condition, ...] = ()
    addresses: tuple[Address, ...] = ()
    backends: tuple[BackendStatus, ...] = ()
    supported_features: tuple[str, ...] = ()
    phase: Phase | Literal[""] = ""
    reason: str = ""
    message: str = ""
    capacity: Annotated[int, Quantity()] = 0  # bytes
    access_modes: tuple[str, ...] = ()
    volume_name: str = ""
    path: str = ""  # where a local volume is mounted
    device: str = ""  # the block device of an attached volume
    ready_to_use: bool | None = None  # snapshots
    restore_size: Annotated[int, Quantity()] = 0  # bytes; snapshots
    observed_generation: int = 0
    external_resources: tuple[ExternalResource, ...] = ()

    def condition(self, kind: str) -> Condition | None:
        """The condition of that type, if there is one."""
        return next((each for each in self.conditions if each.type == kind), None)

    def with_condition(self, condition: Condition) -> Status:
        """A copy in which `condition` replaces the one of its type."""
        others = tuple(each for each in self.conditions if each.type != condition.type)
        return replace(self, conditions=(*others, condition))
