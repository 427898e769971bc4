"""An open local target: nothing to log in to; it counts calls, and looks at the machine."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping

from cloudabstract.clock import Clock, SystemClock
from cloudabstract.errors import Failure
from cloudabstract.model import Resource
from cloudabstract.provider import Driver, Facts, Finding, Host, Rate, Verb

from . import balancers, failures, volumes
from .checkup import checkup
from .counting import counted
from .places import PLACE
from .root import Root
from .settings import LocalSettings


class LocalSession:
    """Touches the root on first use. Shared by threads: drivers lock, and keep nothing."""

    def __init__(self, settings: LocalSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._root = Root(settings.root)
        self._calls: Counter[str] = Counter()
        self._counting = threading.Lock()
        clock = clock or SystemClock()
        self._drivers = {
            **balancers.drivers(self._root, settings, clock),
            **volumes.drivers(self._root, settings),
        }

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """None: the machine is as fast as it is."""
        return {}

    @property
    def calls(self) -> Mapping[str, int]:
        """Verbs so far, as `observe local.listener`."""
        with self._counting:
            return dict(self._calls)

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """One place, and the inventory as hosts."""
        hosts = tuple(
            Host(each.name, each.address, each.labels, each.name, each.zone, each.ports)
            for each in self._settings.inventory
        )
        return Facts((PLACE,), hosts, volumes.facts(self._root, self._settings))

    def drivers(self) -> Mapping[str, Driver]:
        """A driver for every kind, which counts its calls."""
        return {kind: counted(kind, each, self._count) for kind, each in self._drivers.items()}

    def classify(self, error: Exception) -> Failure:
        """What an error of these drivers means."""
        return failures.classify(error)

    def checkup(self) -> Iterable[Finding]:
        """What of this target works on this machine, and why the rest does not."""
        return checkup(self._root, self._settings)

    def close(self) -> None:
        """Nothing is open; Envoy serves on."""

    def _count(self, operation: str) -> None:
        with self._counting:
            self._calls[operation] += 1
