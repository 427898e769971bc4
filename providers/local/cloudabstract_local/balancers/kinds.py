"""The kinds of parts that a balancer is made of here."""

from __future__ import annotations

from cloudabstract.provider import Effect, Kind

ADDRESS = Kind(
    "local.address",
    fixed=frozenset({"family", "routability", "wanted"}),
    ending=Effect.ADDRESS,
    security=frozenset({"routability"}),
    summary="An address from a pool, kept for a balancer as long as it lives",
)
POOL = Kind(
    "local.pool",
    security=frozenset({"upstream"}),
    summary="How the backends of one frontend are chosen, spoken to and checked",
)
ENDPOINTS = Kind(
    "local.endpoints",
    uses=(POOL.name,),
    fixed=frozenset({"pool"}),
    summary="The backends of a pool; a part of its own, so that scaling touches nothing else",
)
CERTIFICATE = Kind(
    "local.certificate",
    uses=(ADDRESS.name,),
    security=frozenset({"source", "certificate", "key", "valid"}),
    summary="A certificate for TLS: files of the user's, or one that is made here",
)
LISTENER = Kind(
    "local.listener",
    uses=(ADDRESS.name, POOL.name, ENDPOINTS.name, CERTIFICATE.name),
    fixed=frozenset({"address", "port", "protocol"}),
    effects={
        "mode": Effect.DRAINS,
        "pool": Effect.DRAINS,
        "certificates": Effect.DRAINS,
        "source_ranges": Effect.DRAINS,
        "sticky": Effect.DRAINS,
        "drain": Effect.DRAINS,
    },
    ending=Effect.DRAINS,
    security=frozenset({"address", "certificates", "source_ranges"}),
    summary="One port of a balancer, served by Envoy",
)
KINDS = (ADDRESS, POOL, ENDPOINTS, CERTIFICATE, LISTENER)
