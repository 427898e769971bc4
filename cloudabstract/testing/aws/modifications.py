"""ModifyVolume: grow only, one at a time, four in 24 hours, and no effect before it is due.

A modification is `modifying`, then `optimizing` (from then on the new figures count), then
`completed`. DescribeVolumesModifications shows the latest one of each volume.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudabstract import clock as clocks
from cloudabstract.testing.aws import volume_limits, volumes
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused, bad_mix, invalid
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.volume_limits import Shape
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

WINDOW_SECONDS = 24 * 3600
MOST_IN_WINDOW = 4
_CHANGEABLE = ("Size", "VolumeType", "Iops", "Throughput", "MultiAttachEnabled")
_PROGRESS = {"modifying": 0, "optimizing": 50, "completed": 100}


@dataclass
class Modification:
    """One change of a volume, from one shape to another."""

    volume_id: str
    original: Shape
    target: Shape
    started: float
    state: str = "modifying"
    ended: float | None = None

    def shown(self) -> dict[str, Any]:
        """As DescribeVolumesModifications has it."""
        shown: dict[str, Any] = {
            "VolumeId": self.volume_id,
            "ModificationState": self.state,
            "Progress": _PROGRESS[self.state],
            "StartTime": datetime.fromtimestamp(self.started, UTC),
        }
        for side, shape in (("Original", self.original), ("Target", self.target)):
            shown[f"{side}Size"] = shape.size
            shown[f"{side}VolumeType"] = shape.type
            shown[f"{side}Iops"] = volume_limits.settled_iops(shape)
            shown[f"{side}Throughput"] = volume_limits.settled_throughput(shape)
            shown[f"{side}MultiAttachEnabled"] = shape.multi_attach
        if self.ended is not None:
            shown["EndTime"] = datetime.fromtimestamp(self.ended, UTC)
        return {name: value for name, value in shown.items() if value is not None}


class Modifications:
    """The modifications of every volume, oldest first."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock
        self._made: dict[str, list[Modification]] = defaultdict(list)

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "ec2.ModifyVolume": self._modify,
            "ec2.DescribeVolumesModifications": self._describe,
        }

    def _modify(self, call: Call, proceed: Proceed) -> Any:
        volume = call.backend.get_volume(call.params["VolumeId"])
        volumes.require_settled(volume)
        original = _shape(volume)
        target = _target(original, call.params)
        volume_limits.check(target)
        self._check_pace(volume.id)
        made = Modification(volume.id, original, target, self._clock.now())
        self._made[volume.id].append(made)
        shown = made.shown()
        take_effect = functools.partial(self._optimize, volume, made)
        self._clock.later(self._settings.volume_modifying_seconds, take_effect)
        return {"VolumeModification": shown}

    def _check_pace(self, volume_id: str) -> None:
        made = self._made[volume_id]
        if made and made[-1].state != "completed":
            state = made[-1].state.upper()
            message = f"The volume {volume_id} cannot be modified in modification state {state}"
            raise Refused("IncorrectModificationState", message)
        recent = [m for m in made if m.started > self._clock.now() - WINDOW_SECONDS]
        if len(recent) >= MOST_IN_WINDOW:
            when = clocks.iso(recent[0].started + WINDOW_SECONDS)
            message = f"Maximum modification rate reached; {volume_id} can be modified at {when}"
            raise Refused("VolumeModificationRateExceeded", message)

    def _optimize(self, volume: Any, made: Modification) -> None:
        made.state = "optimizing"
        volume.size, volume.volume_type = made.target.size, made.target.type
        volume.multi_attach_enabled = made.target.multi_attach or None
        volumes.settle(volume, made.target)
        complete = functools.partial(self._complete, made)
        self._clock.later(self._settings.volume_optimizing_seconds, complete)

    def _complete(self, made: Modification) -> None:
        made.state, made.ended = "completed", self._clock.now()

    def _describe(self, call: Call, proceed: Proceed) -> Any:
        ids = call.params.get("VolumeIds") or ()
        for id_ in ids:
            call.backend.get_volume(id_)
            if not self._made.get(id_):
                message = f"Modification for volume '{id_}' does not exist."
                raise Refused("InvalidVolumeModification.NotFound", message)
        present = [id_ for id_ in call.backend.volumes if self._made.get(id_)]
        latest = [self._made[id_][-1].shown() for id_ in present if not ids or id_ in ids]
        wanted = call.params.get("Filters") or ()
        return {"VolumesModifications": [m for m in latest if all(_fits(m, f) for f in wanted)]}


def _shape(volume: Any) -> Shape:
    return Shape(
        type=volume.volume_type,
        size=volume.size,
        iops=volume.iops,
        throughput=volume.throughput,
        multi_attach=bool(volume.multi_attach_enabled),
    )


def _target(original: Shape, params: Mapping[str, Any]) -> Shape:
    """What the volume shall become. Figures are kept within a type, and default across types."""
    if all(params.get(name) is None for name in _CHANGEABLE):
        raise bad_mix(f"ModifyVolume needs at least one of {', '.join(_CHANGEABLE)}")
    size = params.get("Size") or original.size or 0
    if size < (original.size or 0):
        raise invalid(f"New size cannot be smaller than existing size, {original.size} GiB")
    type_ = params.get("VolumeType") or original.type
    kept = original if type_ == original.type else Shape(type_, size, iops=volume_limits.GP3_IOPS)
    provisioned = type_ in volume_limits.TYPES and volume_limits.TYPES[type_].iops is not None
    multi_attach = params.get("MultiAttachEnabled")
    return Shape(
        type=type_,
        size=size,
        iops=params.get("Iops") or (kept.iops if provisioned else None),
        throughput=params.get("Throughput") or kept.throughput,
        multi_attach=original.multi_attach if multi_attach is None else bool(multi_attach),
    )


def _fits(shown: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    name = "".join(word[:1].upper() + word[1:] for word in wanted["Name"].split("-"))
    value = shown.get(name)
    return (str(value).lower() if isinstance(value, bool) else str(value)) in wanted["Values"]
