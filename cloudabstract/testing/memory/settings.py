"""The settings of a target of provider `memory`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from cloudabstract.model.limits import Ge, MinLen, doc
from cloudabstract.model.resource import Tuples
from cloudabstract.provider import Host


@dataclass(frozen=True)
class MemorySettings(Tuples):
    """Which memory cloud, and how it behaves."""

    world: Annotated[
        str, doc("Targets of one process that name the same world share one cloud.")
    ] = "default"
    path: Annotated[
        str | None, doc("Keep the cloud in this file instead, shared by processes.")
    ] = None
    region: Annotated[str, MinLen(1), doc("The name of the cloud's one region.")] = "here"
    zones: Annotated[tuple[str, ...], MinLen(1), doc("Its zones; the first is the default.")] = (
        "here-a",
        "here-b",
    )
    networks: Annotated[tuple[str, ...], doc("Networks that balancers can be placed in.")] = (
        "default",
    )
    certificates: Annotated[
        tuple[str, ...], doc("Names that `tls.certificateRefs` may use; others are LB015.")
    ] = ()
    hosts: Annotated[tuple[Host, ...], doc("Machines that pools select by label or name.")] = ()
    delay: Annotated[float, Ge(0), doc("Seconds until a new or changed object is ready.")] = 0.0
    deletion: Annotated[float, Ge(0), doc("Seconds until a deleted object is gone.")] = 0.0
    lag: Annotated[int, Ge(0), doc("Listings that do not show a new object yet.")] = 0
    page: Annotated[int, Ge(1), doc("Objects on one page of a listing.")] = 500
    quotas: Annotated[Mapping[str, int], doc("How many objects of a kind may exist.")] = field(
        default_factory=dict
    )
    denied: Annotated[
        tuple[str, ...], doc("Forbidden calls: `memory.disk`, `delete` or `memory.disk:delete`.")
    ] = ()
