"""An open connection to a memory cloud: drivers, a survey, and what its errors mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.model import LoadBalancer, Resource
from cloudabstract.provider import Facts, Finding, Rate, Verb

from .calls import Calls
from .cloud import Cloud
from .driver import MemoryDriver, drivers
from .kinds import ADDRESS, KINDS
from .settings import MemorySettings
from .things import CloudError

_REMEDIES = {
    ErrorCode.DENIED: "change the cloud's rules: `denied`",
    ErrorCode.EXHAUSTED: "change the cloud's rules: `quotas`",
    ErrorCode.TAKEN: "rename or remove the object that has the name",
}


class MemorySession:
    """Session of the memory provider. Shared by threads."""

    def __init__(self, settings: MemorySettings, cloud: Cloud) -> None:
        self._settings = settings
        self._cloud = cloud
        self._calls = Calls(cloud)
        self._drivers = drivers(KINDS, cloud, self._calls)

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """None: this cloud is as fast as it can be."""
        return {}

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls made so far, by operation: `memory.disk:create`."""
        return dict(self._calls.made)

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """The places of the cloud, its machines, and the addresses that balancers name."""
        named = {
            ref
            for each in resources
            if isinstance(each, LoadBalancer)
            for ref in each.spec.address_refs
        }
        hosts = (*self._settings.hosts, *self._cloud.hosts)
        return Facts(self._cloud.places, hosts, {"addresses": sorted(self._standing(named))})

    def _standing(self, addresses: set[str]) -> Iterable[str]:
        """Those of `addresses` that are there."""
        known = self._cloud.objects(ADDRESS) if addresses else ()
        return (each.id for each in known if each.id in addresses and each.gone_at is None)

    def drivers(self) -> Mapping[str, MemoryDriver]:
        """A driver for every kind."""
        return self._drivers

    def classify(self, error: Exception) -> Failure:
        """A CloudError says its code; anything else may have had an effect."""
        if not isinstance(error, CloudError):
            return Failure(ErrorCode.UNKNOWN, f"{type(error).__name__}: {error}")
        return Failure(
            error.code,
            str(error),
            error.native,
            remedy=_REMEDIES.get(error.code, ""),
            retry_after=error.retry_after,
        )

    def checkup(self) -> Iterable[Finding]:
        """It is always there; the finding says how much stands in it."""
        count = len(self._cloud.objects())
        yield Finding("cloud", True, f"{count} objects in {', '.join(self._cloud.places)}")

    def close(self) -> None:
        """Nothing is held."""
