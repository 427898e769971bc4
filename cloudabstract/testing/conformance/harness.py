"""What a provider's author tells the suite: how to get an empty world, and how to look into it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from cloudabstract.clock import Clock
from cloudabstract.model import Resource
from cloudabstract.provider import Found, Health, Offer, Provider, Wanted
from cloudabstract.testing.clock import FakeClock

CAPABILITIES = ("balancer", "application", "volume", "claim", "snapshot", "attachment")


@dataclass(frozen=True)
class Alive:
    """One object that exists in the world, whoever made it, as the world itself tells.

    `labels` are the owner's, without any prefix; empty when it has none. `health` is None where
    the world does not tell.
    """

    kind: str
    id: str
    name: str
    place: str
    labels: Mapping[str, str] = field(default_factory=dict)
    health: Health | None = None


@dataclass(frozen=True)
class Sample:
    """Resources of one capability, and what they are changed to in the course of a life.

    Each is the whole spec of a stack. Empty: that chapter of a life is not told for this sample.
    """

    resources: tuple[Resource, ...]
    changed: tuple[Resource, ...] = ()  # some fields differ that change in place
    grown: tuple[Resource, ...] = ()  # more storage
    replaced: tuple[Resource, ...] = ()  # some field differs that cannot change in place


class Harness(ABC):
    """One fresh, empty world. A new one is made for each test, and for each crash point.

    Class attributes describe the provider, methods reach into the world. Override `samples` when
    the portable ones do not fit, e.g. because the smallest volume is larger than theirs.
    """

    offer: ClassVar[Offer]  # as the plugin registers it
    plugin: ClassVar[str]  # the module of the plugin, e.g. "cloudabstract_acme.plugin"
    sdk: ClassVar[tuple[str, ...]] = ()  # top-level modules that the plugin must not import
    lacks: ClassVar[Mapping[str, str]] = {}  # test or capability -> why it cannot be
    page: ClassVar[int] = 2  # objects on one page of a listing in this world
    instance: ClassVar[str] = ""  # a machine to attach volumes to; "" when there is none
    settling: ClassVar[float] = 120.0  # seconds of the clock until any deletion is through

    def __init__(self) -> None:
        self.clock: Clock = FakeClock()

    @classmethod
    def settings(cls) -> Any:
        """Settings that need no world, for the pure tests."""
        return cls.offer.settings()

    @classmethod
    def samples(cls) -> Mapping[str, Sample]:
        """What to try, by capability: a subset of CAPABILITIES."""
        from .samples import portable

        return portable(cls.instance)

    @abstractmethod
    def provider(self) -> Provider:
        """The provider, configured for this world; each call is like a new process."""

    @abstractmethod
    def inspect(self) -> Iterable[Alive]:
        """Everything that exists in this world and can be a part, strangers' objects too.

        Must not go through the provider's drivers: it is what they are judged by.
        """

    def watch(self, look: Callable[[], object]) -> bool:
        """Call `look` after each of the world's own calls from now on; False when it cannot be.

        One verb of a driver may take several calls, and the process may die between them.
        """
        return False

    def slow(self) -> None:  # noqa: B027 - most worlds are as fast as they are
        """Make creations and deletions take time from now on, if this world can."""

    def plant(self, wanted: Wanted) -> Found:
        """Put a stranger's object into the world: like `wanted`, without any owner's label."""
        driver = self.provider().connect().drivers()[wanted.kind]
        return driver.create(Wanted(**{**vars(wanted), "labels": {}, "token": "5" * 64}))

    def close(self) -> None:  # noqa: B027 - not every world holds anything
        """Let go of the world."""
