"""What a provider is: pure answers about parts, and a session that can touch the target.

`Offer` is what a plugin registers. The engine opens it with typed settings and gets a `Provider`,
all of whose methods are pure and need no SDK. `connect` gives a `Session`: an open connection, the
only thing that needs credentials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from cloudabstract.errors import Failure
from cloudabstract.model import Resource, ResourceKey, Status, VolumeClass

from .backends import Host
from .capability import Objection
from .driver import Driver, Found
from .part import Kind, Part, PartKey

Verb = Literal["create", "update", "delete", "mark"]


@dataclass(frozen=True)
class Facts:
    """What must be known of the target before parts can be named; JSON values only in `extra`."""

    places: tuple[str, ...]  # every place of this target; the first is the default
    hosts: tuple[Host, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # the provider's own
    resources: Mapping[ResourceKey, Resource] = field(default_factory=dict)
    # ^ every resolved resource of this turn, so that a snapshot can see its volume; the engine's

    @property
    def place(self) -> str:
        """The default place."""
        return self.places[0]

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Resource, ...]]:
        """`resources` by kind, in the order of their keys; sorted once, however many ask."""
        found: dict[str, list[Resource]] = {}
        for key in sorted(self.resources):
            found.setdefault(key.kind, []).append(self.resources[key])
        return {kind: tuple(each) for kind, each in found.items()}


@dataclass(frozen=True)
class Rate:
    """A published limit: `burst` calls at once, refilled by `per_second`, shared by `bucket`."""

    bucket: str
    burst: float
    per_second: float


@dataclass(frozen=True)
class Finding:
    """One line of `doctor`."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


class Session(Protocol):
    """Protocol: an open connection to a target. Shared by threads."""

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """Published limits by kind and verb; the engine paces writes by them."""
        ...

    @property
    def calls(self) -> Mapping[str, int]:
        """API calls made so far, by operation."""
        ...

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """What `expand` will need for these resources: a few calls, of each turn anew.

        Claims have the class that they once got; it may be none that is in the spec today.
        """
        ...

    def drivers(self) -> Mapping[str, Driver]:
        """A driver for every kind of the provider."""
        ...

    def classify(self, error: Exception) -> Failure:
        """What an exception raised by a driver or by survey means."""
        ...

    def checkup(self) -> Iterable[Finding]:
        """Identity, permissions, quotas, tools: for `doctor`. Never raises."""
        ...

    def close(self) -> None:
        """Let go of everything; the session is not used afterwards."""
        ...


class Provider(Protocol):
    """Protocol: pure answers. Constructing one, and every method but `connect`, needs no SDK."""

    @property
    def name(self) -> str:
        """The name by which targets choose it."""
        ...

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind of part it may expand to or find."""
        ...

    @property
    def classes(self) -> tuple[VolumeClass, ...]:
        """Built-in classes: standard (the default), fast, cold and shared."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """What it supports beyond the minimum, in the words of KEP-6128."""
        ...

    def check(self, resource: Resource) -> Iterable[Objection]:
        """What of `resource` this target cannot honour, offline. Classes are already applied."""
        ...

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        """The parts of a Volume, VolumeSnapshot, VolumeAttachment or LoadBalancer.

        Same input, same parts. Claims are bound and classes applied before. The part that holds a
        volume's data has role "volume" and a field `size` in bytes; the part that holds a snapshot
        has role "snapshot", and once found a field `size`: the bytes a restore needs. Raises
        CapabilityError when nothing that the survey found fits; its problems become objections.
        """
        ...

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """Found parts back to portable status.

        The engine adds phases, the native objects and what it knows itself of conditions.
        """
        ...

    def connect(self) -> Session:
        """Open a session. Raises whatever the SDK raises for missing credentials."""
        ...


@dataclass(frozen=True)
class Offer:
    """A provider as a plugin registers it."""

    name: str
    settings: type  # a frozen dataclass with defaults; decoded from the target's configuration
    open: Callable[[Any], Provider]  # takes an instance of `settings`
    summary: str = ""
