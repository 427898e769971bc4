"""Images and folders read back as Volumes: the inverse of expand. Pure.

What stands in `imports` of the root is a stranger's; so is what was released. An image becomes a
volume of its size and filesystem, a folder one that many may write to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cloudabstract.model import Metadata, Performance, Storage, Volume, VolumeSpec
from cloudabstract.provider import Facts, Found, Portable
from cloudabstract_local.settings import LocalSettings

from . import kinds, limits, placing
from .expand import expand

_OTHER = re.compile(r"[^a-z0-9]+")
_CONNECTIONS = {kinds.MOUNT: "mount", kinds.LOOP: "device"}  # kind -> role


def portable(found: Iterable[Found], facts: Facts, settings: LocalSettings) -> Iterator[Portable]:
    """Every image and every folder, with the mount or device that leads to it.

    One that nothing leads to is told to get such a thing, where this machine can make it.
    """
    known = sorted(found, key=lambda it: (it.kind, it.id))
    links: dict[tuple[str, str], list[Found]] = {}
    for each in known:
        source = each.fields.get("source") if each.kind in _CONNECTIONS else None
        if isinstance(source, dict):
            links.setdefault((source["kind"], source["id"]), []).append(each)
    for each in known:
        if each.kind in (kinds.IMAGE, kinds.DIRECTORY):
            made = _volume(each, links.get((each.kind, each.id), [])[:1], settings)
            yield replace(made, unsaid=(*made.unsaid, *_to_come(made, facts, settings)))


def _volume(body: Found, links: list[Found], settings: LocalSettings) -> Portable:
    is_image = body.kind == kinds.IMAGE
    spec = _image(body, settings) if is_image else _folder(body)
    if any(each.fields.get("read_only") for each in links):
        spec["access_modes"] = ("ReadOnlyMany",)
    options = tuple(option for each in links for option in each.fields.get("options", ()))
    volume = Volume(Metadata(name_of(body)), VolumeSpec(mount_options=options, **spec))
    parts = {(body.kind, "volume"): body}
    parts |= {(each.kind, _CONNECTIONS[each.kind]): each for each in links}
    unsaid = () if is_image else ("its size is what is in it now; a folder has no limit",)
    return Portable(volume, parts, unsaid)


def _to_come(made: Portable, facts: Facts, settings: LocalSettings) -> Iterator[str]:
    """What the next apply will make."""
    for part in expand(made.resource, facts, settings):
        if (part.key.kind, part.key.role) not in made.parts:
            yield f"the next apply makes a {part.key.kind}: {part.key.role}"


def _image(body: Found, settings: LocalSettings) -> dict[str, Any]:
    form = body.fields["format"]
    size = limits.of(form).rounded(body.fields["size"])
    spec: dict[str, Any] = {"capacity": Storage(size), "access_modes": ("ReadWriteOnce",)}
    spec |= {"volume_mode": "Block"} if form == "raw" else {"fs_type": form}
    if settings.medium != "image":
        spec["provider_overrides"] = {placing.NAME: {"medium": "image"}}
    return spec


def _folder(body: Found) -> dict[str, Any]:
    return {
        "capacity": Storage(body.fields.get("size") or 2**20),
        "access_modes": ("ReadWriteMany",),
        "performance": Performance(tier="shared"),
    }


def name_of(body: Found) -> str:
    """A name for the volume: that of the file or folder."""
    plain = body.id.rpartition("/")[2].removesuffix(".img")
    return _OTHER.sub("-", plain.lower()).strip("-")[:50].strip("-") or "volume"
