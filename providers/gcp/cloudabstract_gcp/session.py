"""An open connection to one project: survey, drivers, and what errors mean. Shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.errors import Failure
from cloudabstract.model import Resource
from cloudabstract.provider import Driver, Facts, Finding, Rate, Verb

from . import balancers, checkup, errors, inventory, volumes
from .calls import Compute
from .clients import Clients
from .operations import Unfinished
from .settings import GcpSettings


class GcpSession:
    """Imports Google's client, and makes its first call, when it is first asked something."""

    def __init__(
        self,
        settings: GcpSettings,
        clients: Clients | None = None,
        recall: balancers.Recall | None = None,
    ) -> None:
        self._settings = settings
        self._compute = Compute(settings.project, clients or Clients(settings))
        self._unfinished = Unfinished(self._compute)
        self._drivers = {
            **balancers.drivers(self._compute, self._unfinished, recall or balancers.Recall()),
            **volumes.drivers(self._compute, self._unfinished, settings),
        }

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """None: Google's quotas are by minute and project, and it says when they are used up."""
        return {}

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls so far, as `compute.disks.insert`."""
        return self._compute.calls

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """Regions, zones, instances and work under way: only what these resources ask about."""
        wanted = tuple(resources)
        self._unfinished.learn(inventory.under_way(self._compute))
        regions = inventory.regions(wanted, self._settings)
        extra = {
            "zones": inventory.zones(self._compute, self._settings, regions),
            "balancers": balancers.survey(wanted, self._compute, self._settings),
            "volumes": volumes.survey(wanted, self._compute, self._settings),
        }
        return Facts(regions, inventory.hosts(wanted, self._compute, regions), extra)

    def drivers(self) -> Mapping[str, Driver]:
        """A driver for every kind."""
        return self._drivers

    def classify(self, error: Exception) -> Failure:
        """What an error of Google's client or of these drivers means."""
        return errors.classify(error)

    def checkup(self) -> Iterable[Finding]:
        """Identity, project, region, network and quotas."""
        return checkup.checkup(self._compute, self._settings)

    def close(self) -> None:
        """Close all connections."""
        self._compute.close()
