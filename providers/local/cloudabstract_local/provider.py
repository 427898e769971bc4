"""Provider `local`: balancers on Envoy and volumes in files, behind one seam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.errors import ConfigError, Problem
from cloudabstract.model import LoadBalancer, Resource, Status, VolumeClass
from cloudabstract.provider import (
    BUILT_IN_CLASSES,
    Facts,
    Found,
    Kind,
    Objection,
    Part,
    PartKey,
    Portable,
    Session,
)

from . import balancers, volumes
from .balancers import pools
from .settings import LocalSettings


class LocalProvider:
    """Pure answers; only `connect` touches the machine. Raises ConfigError for bad settings."""

    def __init__(self, settings: LocalSettings) -> None:
        problems = tuple(_problems(settings))
        if problems:
            raise ConfigError(problems)
        self._settings = settings

    @property
    def name(self) -> str:
        return "local"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (*balancers.KINDS, *volumes.KINDS)

    @property
    def classes(self) -> tuple[VolumeClass, ...]:
        return BUILT_IN_CLASSES

    @property
    def features(self) -> tuple[str, ...]:
        return balancers.features(self._settings)

    def check(self, resource: Resource) -> Iterable[Objection]:
        """What of `resource` cannot be done here."""
        if isinstance(resource, LoadBalancer):
            return balancers.check(resource, self._settings)
        return volumes.check(resource, self._settings)

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        """The parts of `resource`."""
        if isinstance(resource, LoadBalancer):
            return balancers.expand(resource, facts, self._settings)
        return volumes.expand(resource, facts, self._settings)

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """What the found parts of `resource` amount to."""
        if isinstance(resource, LoadBalancer):
            return balancers.status(resource, found, self._settings)
        return volumes.status(resource, found, self._settings)

    def portable(self, found: Iterable[Found], facts: Facts) -> Iterable[Portable]:
        """What stands in the root, and in its folder `imports`, as resources."""
        known = tuple(found)
        yield from balancers.portable(known)
        yield from volumes.portable(known, facts, self._settings)

    def connect(self) -> Session:
        """A session on the root of the settings; it needs no credentials."""
        from .session import LocalSession

        return LocalSession(self._settings)


def _problems(settings: LocalSettings) -> Iterable[Problem]:
    for routability, texts in settings.pools.items():
        for index, text in enumerate(texts):
            try:
                pools.parse((text,))
            except ValueError as error:
                yield Problem(str(error), field=f"pools.{routability}[{index}]")
