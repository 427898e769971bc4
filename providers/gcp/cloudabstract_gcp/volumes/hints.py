"""What an instance is to make of a disk's blocks: labels of the disk that say so.

Google hands instances bare blocks. `volume-fs-type` and `volume-mount-options` tell whoever formats
and mounts them what the spec asked for; they are written as the owner's labels are (ownership.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract_gcp import ownership

_PREFIX = "volume-"
_FORM, _OPTIONS = "fs-type", "mount-options"


def to_labels(form: str, options: Iterable[str]) -> dict[str, str]:
    """The labels that say it; none for bare blocks."""
    text = ",".join(options)
    told = {key: value for key, value in ((_FORM, form), (_OPTIONS, text)) if value}
    return ownership.to_labels(told, _PREFIX)


def from_labels(found: Mapping[str, str]) -> dict[str, Any]:
    """`format` and `mount_options`, as these labels say them."""
    told = ownership.from_labels(found, _PREFIX)
    text = told.get(_OPTIONS, "")
    return {"format": told.get(_FORM, ""), "mount_options": text.split(",") if text else []}


def others(found: Mapping[str, str]) -> dict[str, str]:
    """The labels that say something else."""
    return ownership.others(found, _PREFIX)
