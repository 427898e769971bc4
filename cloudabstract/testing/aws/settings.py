"""How long things take, how many there may be, and how stale a read is: the layer's settings.

Durations are simulated seconds. Their defaults are of the order seen on AWS; no promise is made
there, so nothing should depend on the figures, only on the fact that they are not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

MOTO_TESTED = ">=5.2.5,<5.3"  # the releases whose gaps docs/strict-moto.md describes
_DURATION = "seconds"


@dataclass(frozen=True)
class Settings:
    """One strict AWS: durations in seconds of `aws.clock`, quotas, and consistency of reads."""

    region: str = "us-east-1"
    start: float = 1_767_225_600.0  # the clock's first reading: 2026-01-01T00:00:00Z

    volume_creating_seconds: float = 3.0
    volume_deleting_seconds: float = 5.0
    volume_attaching_seconds: float = 2.0
    volume_detaching_seconds: float = 2.0
    volume_modifying_seconds: float = 30.0  # then the new size counts, and it is optimizing
    volume_optimizing_seconds: float = 600.0
    snapshot_pending_seconds: float = 30.0
    balancer_provisioning_seconds: float = 90.0
    interfaces_linger_seconds: float = (
        20.0  # a deleted balancer's network interfaces stay this long
    )
    file_system_creating_seconds: float = 5.0
    file_system_updating_seconds: float = 5.0
    file_system_deleting_seconds: float = 5.0
    mount_target_creating_seconds: float = 60.0
    mount_target_deleting_seconds: float = 20.0
    access_point_creating_seconds: float = 2.0
    access_point_deleting_seconds: float = 2.0

    balancers_per_type: int = 50  # Elastic Load Balancing's quota per region and type
    read_lag: int = 0  # a new object is missing from so many of the following reads of its kind
    seconds_per_read: float = 0.0  # each Describe, Get or List moves the clock by so much
    page_size: int | None = None  # pages are cut to this, whatever was asked for

    def instant(self) -> Settings:
        """These settings with every duration zero: nothing is ever on its way."""
        zero = {field.name: 0.0 for field in fields(self) if field.name.endswith(_DURATION)}
        return replace(self, **zero)  # type: ignore[arg-type]
