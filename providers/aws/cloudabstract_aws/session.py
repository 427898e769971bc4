"""An open connection to AWS: survey, drivers, and what errors mean. Shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.errors import Failure
from cloudabstract.model import Resource
from cloudabstract.provider import Driver, Facts, Finding, Rate, Verb

from . import balancers, checkup, errors, inventory, pacing, places, volumes
from .clients import Clients
from .settings import AwsSettings
from .vpcs import Vpcs


class AwsSession:
    """Makes its first call when it is first asked something. Raises NoRegionError."""

    def __init__(self, settings: AwsSettings, clients: Clients | None = None) -> None:
        self._settings = settings
        self._clients = clients or Clients(settings)
        self._region = self._clients.region
        self._vpcs = Vpcs(self._clients)
        self._drivers = {
            **balancers.drivers(self._clients, settings, self._vpcs),
            **volumes.drivers(self._clients, settings, self._vpcs),
        }

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """AWS's published rates."""
        return pacing.rates()

    @property
    def calls(self) -> Mapping[str, int]:
        """Requests so far, as `ec2:DescribeVolumes`."""
        return self._clients.calls

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """Regions, networks, zones and instances, read now: only what these resources ask about."""
        wanted = tuple(resources)
        self._vpcs.forget()
        regions = places.regions(wanted, self._settings, self._region)
        try:
            return self._survey(wanted, regions)
        except Exception as error:
            unknown = [each for each in regions if not self._clients.knows(each)]
            if errors.code(error) or not unknown:  # it was answered, or the region is none's fault
                raise
            raise errors.nowhere(unknown, error) from error

    def _survey(self, wanted: tuple[Resource, ...], regions: tuple[str, ...]) -> Facts:
        extra = {
            "balancers": balancers.survey(wanted, self._vpcs, self._region),
            "volumes": volumes.survey(wanted, self._clients, self._vpcs),
        }
        return Facts(regions, inventory.hosts(wanted, self._clients, regions), extra)

    def drivers(self) -> Mapping[str, Driver]:
        """A driver for every kind."""
        return self._drivers

    def classify(self, error: Exception) -> Failure:
        """What an error of boto3 or of these drivers means."""
        return errors.classify(error)

    def checkup(self) -> Iterable[Finding]:
        """Identity, region, network, permissions and quotas."""
        return checkup.checkup(self._clients, self._settings)

    def close(self) -> None:
        """Close all connections."""
        self._clients.close()
