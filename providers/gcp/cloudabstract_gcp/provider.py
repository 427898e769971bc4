"""Provider `gcp`: one seam, behind it the balancers and the volumes.

Both packages offer the same names, and nothing else is asked of them:

    KINDS                                       the kinds of parts, in order of use
    check(resource, settings)                   -> objections; offline
    expand(resource, facts, settings)           -> parts; offline
    status(resource, found, settings)           -> Status; offline
    survey(resources, compute, settings)        -> JSON for Facts.extra["balancers" | "volumes"]
    drivers(compute, unfinished, settings)      -> {kind name: driver}
    portable(found, facts, settings)            -> what was found, in portable words; offline

and balancers FEATURES. To add a kind: declare it in KINDS, name its collection in surface.py if
that is new, and give it a driver; driver.py has one for whatever Google's objects have in common (a
name, a mark, insert, patch, delete, operations).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cloudabstract.errors import ConfigError
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
from .settings import GcpSettings
from .settings_checks import problems


class GcpProvider:
    """Pure answers; only `connect` leads to Google's client. Raises ConfigError."""

    def __init__(self, settings: GcpSettings) -> None:
        wrong = tuple(problems(settings))
        if wrong:
            raise ConfigError(wrong)
        self._settings = settings
        self._recall = balancers.Recall()

    @property
    def name(self) -> str:
        return "gcp"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (*balancers.KINDS, *volumes.KINDS)

    @property
    def classes(self) -> tuple[VolumeClass, ...]:
        return BUILT_IN_CLASSES

    @property
    def features(self) -> tuple[str, ...]:
        return balancers.FEATURES

    def check(self, resource: Resource) -> Iterable[Objection]:
        """What of `resource` Google cannot do."""
        if isinstance(resource, LoadBalancer):
            return balancers.check(resource, self._settings)
        return volumes.check(resource, self._settings)

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        """The parts of `resource`."""
        if isinstance(resource, LoadBalancer):
            parts = tuple(balancers.expand(resource, facts, self._settings))
            self._recall.learn(parts)
            return parts
        return volumes.expand(resource, facts, self._settings)

    def portable(self, found: Iterable[Found], facts: Facts) -> Iterator[Portable]:
        """What `found` amounts to: balancers, disks, snapshots and attachments."""
        known = tuple(found)
        yield from balancers.portable(known, facts, self._settings)
        yield from volumes.portable(known, facts, self._settings)

    def status(self, resource: Resource, found: Mapping[PartKey, Found]) -> Status:
        """What the found parts of `resource` amount to."""
        if isinstance(resource, LoadBalancer):
            return balancers.status(resource, found, self._settings)
        return volumes.status(resource, found, self._settings)

    def connect(self) -> Session:
        """A session, with google-auth's credentials from the first call on."""
        from .session import GcpSession

        return GcpSession(self._settings, recall=self._recall)
