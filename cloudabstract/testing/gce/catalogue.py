"""What a project finds and cannot change: regions, zones, disk types, ranges of subnetworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cloudabstract.testing.gce.scopes import GLOBAL, Key, Scope

REGIONS: Mapping[str, Sequence[str]] = {
    "us-central1": ("a", "b", "c", "f"),
    "us-east1": ("b", "c", "d"),
    "europe-west1": ("b", "c", "d"),
    "asia-northeast1": ("a", "b", "c"),
    "asia-northeast3": ("a", "b", "c"),
}


@dataclass(frozen=True)
class DiskType:
    """A kind of disk: sizes in GB, and whether IOPS and throughput may be asked for."""

    name: str
    sizes: str
    default_size: int
    regional: bool = False
    iops: bool = False
    throughput: bool = False
    ssd: bool = True


DISK_TYPES = (
    DiskType("pd-standard", "10GB-65536GB", 500, regional=True, ssd=False),
    DiskType("pd-balanced", "10GB-65536GB", 100, regional=True),
    DiskType("pd-ssd", "10GB-65536GB", 100, regional=True),
    DiskType("pd-extreme", "500GB-65536GB", 1000, iops=True),
    DiskType("hyperdisk-balanced", "4GB-65536GB", 100, iops=True, throughput=True),
    DiskType("hyperdisk-throughput", "2048GB-32768GB", 2048, throughput=True),
    DiskType("hyperdisk-extreme", "64GB-65536GB", 1000, iops=True),
    DiskType(
        "hyperdisk-balanced-high-availability",
        "4GB-65536GB",
        100,
        regional=True,
        iops=True,
        throughput=True,
    ),
)


@dataclass(frozen=True)
class Catalogue:
    """The places that exist: region -> letters of its zones."""

    regions: Mapping[str, Sequence[str]] = field(default_factory=lambda: REGIONS)

    def zones(self, region: str) -> list[str]:
        return [f"{region}-{letter}" for letter in self.regions.get(region, ())]

    def has(self, scope: Scope) -> bool:
        if scope.level == "region":
            return scope.place in self.regions
        return scope.level == "global" or scope.place in self.zones(scope.region)

    def scopes(self, level: str) -> list[Scope]:
        """All scopes of a level, in order."""
        if level == "global":
            return [GLOBAL]
        if level == "region":
            return [Scope("region", region) for region in sorted(self.regions)]
        return [Scope("zone", z) for region in sorted(self.regions) for z in self.zones(region)]

    def disk_types(self, scope: Scope) -> list[DiskType]:
        return [kind for kind in DISK_TYPES if kind.regional or scope.level == "zone"]

    def disk_type(self, key: Key) -> DiskType | None:
        """The disk type of that key, or None when the place does not offer it."""
        if not self.has(key.scope):
            return None
        return next((t for t in self.disk_types(key.scope) if t.name == key.name), None)

    def subnet_range(self, region: str) -> str:
        """The range of the default subnetwork of a region, from 10.128.0.0/9 as Google's are."""
        return f"10.{128 + 2 * list(self.regions).index(region)}.0.0/20"
