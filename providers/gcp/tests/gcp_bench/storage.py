"""What the tests of provider gcp know of volumes: samples for the suite, and the world's disks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import Metadata, Performance, Resource, Storage, Volume, VolumeSpec
from cloudabstract.provider import Health
from cloudabstract.testing import gce
from cloudabstract.testing.conformance import Alive, Sample
from cloudabstract.testing.conformance.samples import attachment, claim
from cloudabstract_gcp import ownership, places

GIB = 2**30
_WORK = {"CREATING": Health.PENDING, "RESTORING": Health.PENDING, "FAILED": Health.FAILED}


def volume(name: str = "archive", size: int = 1, **spec: Any) -> Volume:
    """A volume of so many GiB whose data may be deleted with it."""
    usual: dict[str, Any] = {
        "capacity": Storage(size * GIB),
        "access_modes": ("ReadWriteOnce",),
        "reclaim_policy": "Delete",
    }
    return Volume(Metadata(name, ""), VolumeSpec(**{**usual, **spec}))


def samples(instance: str) -> dict[str, Sample]:
    """Volumes of every kind, and one that is attached."""
    return {
        "volume": Sample(_disks(1, 4000), grown=_disks(2, 5000)),
        "claim": Sample(_claimed(1), grown=_claimed(2)),
        "attachment": Sample((volume(), attachment("archive", instance))),
    }


def _disks(size: int, iops: int) -> tuple[Volume, ...]:
    fast = Performance("fast", iops=iops)
    return (
        volume(size=size),
        volume("swift", size=size + 10, performance=fast, mount_options=("noatime",) * (size - 1)),
    )


def _claimed(size: int) -> tuple[Resource, ...]:
    """With a disk in two zones beside it; what snapshots hang on is not beside others."""
    return (claim(size=size * GIB), volume("pair", size=size + 10, replication="regional"))


def alive(emulator: gce.Emulator) -> Iterator[Alive]:
    """Every disk, snapshot and attachment, as the world itself shows it."""
    for disk in emulator.world.all("disks"):
        kind = "gcp.disk" if "zone" in disk.fields else "gcp.region_disk"
        yield _alive(kind, disk, places.scope_of(disk.link).region)
    for copy in emulator.world.all("snapshots"):
        yield _alive("gcp.snapshot", copy, places.scope_of(copy.fields["sourceDisk"]).region)
    for instance in emulator.world.all("instances"):
        for entry in instance.fields.get("disks", ()):
            links = (places.relative(each) for each in (instance.link, entry["source"]))
            region = places.scope_of(instance.link).region
            yield Alive("gcp.attachment", "#".join(links), "", region)


def _alive(kind: str, told: gce.Resource, region: str) -> Alive:
    labels = ownership.from_labels(told.labels)
    health = _WORK.get(told.fields["status"], Health.READY)
    return Alive(kind, told.id, told.name, region, labels, health)
