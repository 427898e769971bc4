"""Who attached a volume to an instance: told by a tag of the volume, for attachments have none.

The tag is set before the volume is attached and taken away after it is detached, so that an
attachment of ours is never without an owner, and one that somebody made by hand is never taken for
ours. One tag for each instance, readable by machines: cloudabstract.memo:attached.i-0123...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.provider import Found, Health
from cloudabstract_aws import memos, tags

from . import kinds

_HEALTH = {"attaching": Health.PENDING, "attached": Health.READY, "busy": Health.READY}


@dataclass(frozen=True)
class Deed:
    """What we wrote down of one attachment. `device`: the one asked for, "" for any."""

    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    device: str = ""


def written(instance: str, deed: Deed) -> dict[str, str]:
    """The tags that tell of it."""
    return memos.encoded(_word(instance), [deed.name, dict(deed.labels), deed.device])


def read(instance: str, known: Mapping[str, str]) -> Deed | None:
    """What the tags of a volume tell of its attachment to an instance; None when nothing."""
    value = memos.decoded(_word(instance), known)
    if not isinstance(value, list) or len(value) != 3:
        return None
    return Deed(*value)


def keys(instance: str, known: Mapping[str, str]) -> list[str]:
    """The keys of those tags."""
    return memos.keys(_word(instance), known)


def id_of(volume: str, instance: str) -> str:
    """The id of an attachment; AWS has none."""
    return f"{volume}:{instance}"


def ids(attachment: str) -> tuple[str, str]:
    """Volume and instance of an attachment, by its id."""
    volume, _, instance = attachment.partition(":")
    return volume, instance


def of_volumes(raw: Iterable[Mapping[str, Any]], place: str) -> Iterator[Found]:
    """Every attachment of these volumes; one that is coming off is as good as gone."""
    for volume in raw:
        known = tags.from_list(volume.get("Tags"))
        for each in volume.get("Attachments") or ():
            health = _HEALTH.get(each.get("State", ""))
            if health is not None:
                yield _found(each, known, health, place)


def _found(raw: Mapping[str, Any], known: Mapping[str, str], health: Health, place: str) -> Found:
    volume, instance, device = raw["VolumeId"], raw["InstanceId"], raw.get("Device", "")
    deed = read(instance, known) or Deed(device=device)
    asked = deed.device if deed.device in ("", device) else device
    return Found(
        kinds.ATTACHMENT,
        id_of(volume, instance),
        deed.name,
        place,
        {"volume": volume, "instance": instance, "device": asked, "attached_as": device},
        deed.labels,
        health,
        "" if health is Health.READY else str(raw["State"]),
        raw=known,
    )


def _word(instance: str) -> str:
    return f"attached.{instance}"
