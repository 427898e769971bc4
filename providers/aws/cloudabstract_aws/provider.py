"""Provider `aws`: one seam, behind it the balancers and the volumes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from .settings import AwsSettings
from .settings_checks import problems


class AwsProvider:
    """Pure answers; only `connect` needs boto3 and credentials. Raises ConfigError."""

    def __init__(self, settings: AwsSettings) -> None:
        wrong = tuple(problems(settings))
        if wrong:
            raise ConfigError(wrong)
        self._settings = settings

    @property
    def name(self) -> str:
        return "aws"

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
        """What of `resource` AWS cannot do."""
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
        """What stands on AWS, as balancers and volumes."""
        known = tuple(found)
        yield from balancers.portable(known, facts, self._settings)
        yield from volumes.portable(known, facts, self._settings)

    def connect(self) -> Session:
        """A session with boto3's credentials. Raises what boto3 raises when it finds no region."""
        from .session import AwsSession

        return AwsSession(self._settings)
