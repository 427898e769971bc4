"""Whose an attachment is: labels of its disk that say so.

An attachment has no labels of its own, and people attach our disks by other means too, who are not
to find them detached. So each attachment that is made here has its note among the disk's labels:

    attached-DIGEST-resource: the VolumeAttachment      attached-DIGEST-role: its part's role

DIGEST stands for the instance, whose link is too long for a label's key. The note is written before
the disk is attached, and taken away after it is detached: a note without an attachment does no
harm, and goes when the disk is attached next.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping

from cloudabstract.provider import RESOURCE, STACK
from cloudabstract_gcp import ownership

_PREFIX = "attached-"
_LENGTH = 10  # letters of a digest: 50 bits


def read(instance: str, found: Mapping[str, str]) -> dict[str, str]:
    """The owner's labels of a disk's attachment to `instance`; none when it is not noted."""
    told = ownership.from_labels(found, _key(instance))
    stack = ownership.from_labels(found).get(STACK, "")
    return {STACK: stack, **told} if stack and RESOURCE in told else {}


def written(
    found: Mapping[str, str], users: Iterable[str], instance: str, labels: Mapping[str, str]
) -> dict[str, str]:
    """All labels of a disk, with a note for `instance`; notes of others than `users` are gone."""
    told = {key: value for key, value in labels.items() if key != STACK}
    return {**removed(found, users, instance), **ownership.to_labels(told, _key(instance))}


def removed(found: Mapping[str, str], users: Iterable[str], instance: str) -> dict[str, str]:
    """All labels of a disk, without the note for `instance`."""
    return _kept(found, set(users) - {instance})


def _kept(found: Mapping[str, str], users: set[str]) -> dict[str, str]:
    keys = tuple(_key(each) for each in users)
    return {
        key: value
        for key, value in found.items()
        if not key.startswith(_PREFIX) or key.startswith(keys)
    }


def _key(instance: str) -> str:
    digest = base64.b32encode(hashlib.sha256(instance.encode()).digest()).decode().lower()
    return f"{_PREFIX}{digest[:_LENGTH]}-"
