"""The harness of the memory provider: the one to read before writing another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cloudabstract.provider import Found, Health, Host, Wanted
from cloudabstract.testing.conformance import Alive, Harness

from .cloud import Cloud
from .plugin import OFFER
from .provider import MemoryProvider
from .rules import Rules
from .settings import MemorySettings
from .things import Thing


class MemoryHarness(Harness):
    """A world with pages of two objects and one machine."""

    offer = OFFER
    plugin = "cloudabstract.testing.memory.plugin"
    instance = "host-1"

    @classmethod
    def settings(cls) -> MemorySettings:
        """Kinds that claim to be listed late, so that the engine is tried with such ones."""
        return MemorySettings(lag=3)

    def __init__(self) -> None:
        super().__init__()
        self.cloud = Cloud(self.clock, Rules(page=self.page))
        self.cloud.add_hosts([Host("host-1", "10.0.0.9", zone="here-a")])

    def provider(self) -> MemoryProvider:
        """A provider on this world's cloud."""
        return MemoryProvider(self.settings(), self.cloud)

    def inspect(self) -> Iterable[Alive]:
        """Every object of the cloud."""
        now = self.clock.now()
        return [
            Alive(each.kind, each.id, each.name, each.place, each.owner, _health(each, now))
            for each in self.cloud.objects()
        ]

    def watch(self, look: Callable[[], object]) -> bool:
        """The cloud calls `look` after each change."""
        self.cloud.watchers.append(look)
        return True

    def slow(self) -> None:
        """Half a minute to be ready, and a minute to be gone."""
        self.cloud.rules.delay = 30.0
        self.cloud.rules.deletion = 60.0

    def plant(self, wanted: Wanted) -> Found:
        """A stranger's object, put there without any call."""
        fields = {"ip": "203.0.113.7", **wanted.fields}
        labels = {"team": "strangers"}
        thing = self.cloud.plant(wanted.kind, wanted.name, fields, wanted.place, labels)
        return Found(thing.kind, thing.id, thing.name, thing.place, thing.fields, {})


def _health(thing: Thing, now: float) -> Health:
    if thing.failure:
        return Health.FAILED
    leaving = thing.gone_at is not None
    return Health.PENDING if leaving or now < thing.ready_at else Health.READY
