"""What was decided when a claim was bound, and stays: its class, where its volume stands, its size.

Claims leave things open: the default class, the zone of the first consumer. The answer is given
once. It is remembered as a note, and written on the volume as owner's labels, so that neither a new
default, nor a consumer that leaves, nor a lost store moves data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.model import ResourceKey, Topology, Volume
from cloudabstract.provider import CLASS, ZONES, Found

_PREFIX = "claim:"


@dataclass(frozen=True)
class Decided:
    """The answers for one claim; None where nothing is known of them."""

    class_name: str | None = None
    topology: Topology | None = None
    size: int = 0  # bytes of the volume, as far as the claim asked for them


def of_volume(volume: Volume, class_name: str) -> Decided:
    """What binding a claim to `volume` decides."""
    spec = volume.spec
    return Decided(class_name, spec.topology, spec.capacity.storage)


def of_found(found: Found) -> Decided:
    """The same, read from the labels of a volume whose store was lost."""
    zones = tuple(each for each in found.labels.get(ZONES, "").split(",") if each)
    made = CLASS in found.labels
    size = found.fields.get("size")
    return Decided(
        found.labels.get(CLASS),
        Topology(None, zones) if made else None,
        size if isinstance(size, int) else 0,
    )


def labels(volume: Volume) -> dict[str, str]:
    """The owner's labels of a volume that was made for a claim."""
    written = {CLASS: volume.spec.volume_class_name}
    if volume.spec.topology.zones:
        written[ZONES] = ",".join(volume.spec.topology.zones)
    return written


def write(claims: Mapping[str, Decided]) -> dict[str, str]:
    """Notes for memory, from answers by the text of the claim's key."""
    return {f"{_PREFIX}{claim}": _text(each) for claim, each in claims.items()}


def read(notes: Mapping[str, str], claims: Iterable[ResourceKey | str]) -> dict[str, Decided]:
    """The answers for `claims`, by the text of their keys; what is not known is left out."""
    known = {str(claim): notes.get(f"{_PREFIX}{claim}") for claim in claims}
    return {claim: _decided(text) for claim, text in known.items() if text is not None}


def _text(each: Decided) -> str:
    where = each.topology
    place = None if where is None else [where.region, list(where.zones)]
    return json.dumps([each.class_name, place, each.size])


def _decided(text: str) -> Decided:
    class_name, place, size = json.loads(text)
    topology = None if place is None else Topology(place[0], tuple(place[1]))
    return Decided(class_name, topology, size)
