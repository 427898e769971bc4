"""The kinds of native objects of the memory cloud: what they use, and what cannot change in place.

    address <- balancer <- listener -> pool <- members          disk <- attachment
                                                                disk <- snapshot <- disk

A disk may begin as a copy of a snapshot or of another disk, and a snapshot is taken of a disk. All
are independent of their origin afterwards: `source` matters at birth only.
"""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

ADDRESS = "memory.address"
BALANCER = "memory.balancer"
POOL = "memory.pool"
MEMBERS = "memory.members"
LISTENER = "memory.listener"
DISK = "memory.disk"
SNAPSHOT = "memory.snapshot"
ATTACHMENT = "memory.attachment"

KINDS = (
    Kind(
        ADDRESS,
        fixed=frozenset({"family", "routability"}),
        ending=Effect.ADDRESS,
        summary="a reserved IP address",
    ),
    Kind(
        BALANCER,
        uses=(ADDRESS,),
        fixed=frozenset(
            {"class", "routability", "address", "region", "zones", "network", "subnets"}
        ),
        name_limit=40,
        effects={"second_address": Effect.ADDRESS, "source_ranges": Effect.DRAINS},
        security=frozenset({"routability", "source_ranges"}),
        ending=Effect.ADDRESS,
        summary="where traffic comes in",
    ),
    Kind(
        POOL,
        fixed=frozenset({"protocol"}),
        effects={"health_check": Effect.IN_PLACE},
        ending=Effect.DRAINS,
        summary="backends that serve the same traffic, and how their health is checked",
    ),
    Kind(
        MEMBERS,
        uses=(POOL,),
        fixed=frozenset({"pool"}),
        identity=frozenset({"pool"}),
        effects={"members": Effect.DRAINS},
        ending=Effect.DRAINS,
        summary="the backends registered with a pool",
    ),
    Kind(
        LISTENER,
        uses=(BALANCER, POOL),
        fixed=frozenset({"balancer", "protocol", "port"}),
        effects={"pool": Effect.DRAINS, "routes": Effect.IN_PLACE},
        security=frozenset({"certificates"}),
        ending=Effect.DRAINS,
        summary="one port of a balancer, and the pools behind it",
    ),
    Kind(
        DISK,
        uses=("memory.snapshot", "memory.disk"),
        birth=frozenset({"source"}),
        fixed=frozenset(
            {"tier", "encrypted", "key", "replication", "access_modes", "mode", "fs_type", "zones"}
        ),
        precious=True,
        effects={"size": Effect.IN_PLACE},
        security=frozenset({"encrypted", "key"}),
        ending=Effect.DATA,
        summary="block storage in one zone",
    ),
    Kind(
        SNAPSHOT,
        uses=(DISK,),
        birth=frozenset({"source"}),
        precious=True,
        ending=Effect.DATA,
        summary="a copy of a disk at one moment",
    ),
    Kind(
        ATTACHMENT,
        uses=(DISK,),
        fixed=frozenset({"disk", "instance", "device", "read_only"}),
        exclusive=True,
        seat=frozenset({"disk"}),
        ending=Effect.DRAINS,
        summary="a disk at an instance",
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
