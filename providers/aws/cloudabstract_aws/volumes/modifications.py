"""When a volume can be modified again, as far as that can be known. Pure, but for one list.

EBS modifies a volume four times in 24 hours, and one at a time. It tells the latest modification
only, so the times of those that we made are kept in a tag of the volume: seconds since the epoch.
A modification that is under way says how it ends: its volume is told with the figures it will have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract_aws import errors, memos
from cloudabstract_aws.clients import Clients

from . import asking, limits, volume_words
from .limits import GIB

_UNDER_WAY = ("modifying", "optimizing")


@dataclass(frozen=True)
class Modification:
    """One that is under way. `settled`: the new figures are in force, and EBS optimises still."""

    volume: str
    started: float  # seconds since the epoch
    settled: bool
    figures: Mapping[str, Any]


def under_way(clients: Clients, region: str) -> dict[str, Modification]:
    """Every modification of the region that is not completed, by volume; one call."""
    states = [{"Name": "modification-state", "Values": list(_UNDER_WAY)}]
    operation, key = "describe_volumes_modifications", "VolumesModifications"
    try:
        raw = list(asking.read(clients, region, operation, key, Filters=states))
    except Exception as error:
        if not errors.is_unknown(error):  # an emulator that modifies at once
            raise
        return {}
    return {each["VolumeId"]: read(each) for each in raw if is_under_way(each)}


def is_under_way(raw: Mapping[str, Any]) -> bool:
    """Whether a modification, as EC2 shows it, is not completed."""
    return raw.get("ModificationState") in _UNDER_WAY


def read(raw: Mapping[str, Any]) -> Modification:
    """A modification as EC2 shows it."""
    kind = raw.get("TargetVolumeType", "")
    figures: dict[str, Any] = {}
    if kind and raw.get("TargetSize"):
        figures = {
            "size": raw["TargetSize"] * GIB,
            "type": kind,
            **volume_words.figures(kind, raw, "Target"),
        }
    started = raw["StartTime"].timestamp() if "StartTime" in raw else 0.0
    return Modification(raw["VolumeId"], started, raw["ModificationState"] == "optimizing", figures)


def not_before(made: Iterable[float], now: Modification | None) -> float:
    """Seconds since the epoch before which EBS surely, or very likely, refuses another one."""
    pace, times = limits.pace(), sorted(made)
    full = times[-pace.most] + pace.window if len(times) >= pace.most else 0.0
    return max(full, now.started + pace.usual) if now is not None else full


def remembered(known: Mapping[str, str]) -> list[float]:
    """When the volume with these tags was modified by us, as far as it matters."""
    words = memos.read_plain(volume_words.MODIFIED, known).split()
    return [float(each) for each in words if each.isdecimal()]


def noted(made: Iterable[float], started: float) -> dict[str, str]:
    """The tag that remembers one modification more."""
    times = sorted({int(started), *(int(each) for each in made)})[-limits.pace().most :]
    return memos.plain(volume_words.MODIFIED, " ".join(str(each) for each in times))
