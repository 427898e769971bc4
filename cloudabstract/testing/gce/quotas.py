"""Quotas: how much of each metric there may be in a project, or in one of its regions.

Nothing is limited until `limit` is called. Disks count their gigabytes, everything else counts 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.records import Record, Records
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.family import Family

GENEROUS = 1_000_000.0
_GLOBAL = {
    *("BACKEND_SERVICES", "FIREWALLS", "FORWARDING_RULES", "HEALTH_CHECKS", "NETWORKS"),
    *("SNAPSHOTS", "SSL_CERTIFICATES", "SUBNETWORKS", "TARGET_HTTPS_PROXIES"),
    *("TARGET_HTTP_PROXIES", "URL_MAPS"),
}


@dataclass(frozen=True)
class Need:
    """So much of one metric, in one place."""

    metric: str
    amount: float
    project: str
    region: str  # "" for the whole project


class Quotas:
    """The limits, and what is used of them."""

    def __init__(self, records: Records, families: dict[str, Family]) -> None:
        self._records, self._families = records, families
        self._limits: dict[tuple[str, str], float] = {}

    def limit(self, metric: str, amount: float, region: str = "") -> None:
        """Allow `amount` of `metric`, in every region or in one."""
        self._limits[metric, region] = amount

    def limit_of(self, metric: str, region: str) -> float:
        return self._limits.get((metric, region), self._limits.get((metric, ""), GENEROUS))

    def used(self, metric: str, project: str, region: str) -> float:
        return sum(
            need.amount
            for need in map(self._need_of, self._records)
            if need and (need.metric, need.project, need.region) == (metric, project, region)
        )

    def check(self, need: Need | None) -> None:
        """Raises ApiError 403 when `need` does not fit any more."""
        if need is None:
            return
        limit = self.limit_of(need.metric, need.region)
        if self.used(need.metric, need.project, need.region) + need.amount > limit:
            raise errors.quota_exceeded(need.metric, limit, need.region)

    def need(self, family: Family, key: Key, fields: dict[str, Any]) -> Need | None:
        """What a resource takes of its quota, or None when it is not counted."""
        metric, amount = family.quota(key, fields)
        if not metric:
            return None
        return Need(metric, amount, key.project, "" if metric in _GLOBAL else key.scope.region)

    def table(self, project: str, region: str) -> list[dict[str, Any]]:
        """The quotas of a project or a region, as its resource lists them."""
        return [
            {
                "metric": metric,
                "limit": self.limit_of(metric, region),
                "usage": self.used(metric, project, region),
            }
            for metric in sorted(_GLOBAL if not region else _REGIONAL)
        ]

    def _need_of(self, record: Record) -> Need | None:
        if record.seeded:
            return None
        return self.need(self._families[record.key.collection], record.key, record.fields)


_REGIONAL = {
    *("DISKS_TOTAL_GB", "SSD_TOTAL_GB", "STATIC_ADDRESSES", "INSTANCES", "INSTANCE_GROUPS"),
    "NETWORK_ENDPOINT_GROUPS",
}
