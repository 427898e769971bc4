"""Names, labels and tokens: chosen before the first call, so that every call can be repeated.

A native name is `stack-resource-role-hash`. The readable front is cut to fit; the hash covers what
cannot change in place: owner, kind, role, place, the fixed fields, and through refs in them the
names of what they point at. Change a fixed field and the name changes, so that a new object is made
beside the old one: replacement plans itself, and the old object is known by its name until it is
gone. The incarnation counts objects of that name which were released with their data.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Kind, Part, PartKey, Ref

_HASH = 10  # base32 characters: 50 bits, unique enough within an account
_OTHER = re.compile(r"[^a-z0-9]+")


def native_name(
    stack: str, part: Part, kind: Kind, names: Mapping[PartKey, str], incarnation: int
) -> str:
    """The name of `part`. `names` has those of all parts it points at in fixed fields."""
    fixed = {field: _plain(part.want.get(field), names) for field in sorted(kind.fixed)}
    key = part.key
    identity = [stack, str(key.resource), key.kind, key.role, part.place, fixed, incarnation]
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    tail = base64.b32encode(digest).decode().lower()[:_HASH]
    front = _OTHER.sub("-", f"{stack}-{key.resource.name}-{key.role}".lower()).strip("-")
    if not front[:1].isalpha():
        front = f"c{front}"
    return f"{front[: kind.name_limit - _HASH - 1].rstrip('-')}-{tail}"


def token(stack: str, kind: str, name: str, births: int) -> str:
    """The idempotency token of one life of one object: the same on every attempt to make it."""
    text = "\0".join((stack, kind, name, str(births)))
    return hashlib.sha256(text.encode()).hexdigest()


def claim_volume_name(namespace: str, claim: str) -> str:
    """The name of the Volume that is made for a claim: readable, and one for each claim."""
    digest = hashlib.sha256(f"{namespace}/{claim}".encode()).digest()
    tail = base64.b32encode(digest).decode().lower()[:6]
    return f"{claim[:240].rstrip('.-')}-{tail}"


def _plain(value: Any, names: Mapping[PartKey, str]) -> Any:
    """`value` with every Ref replaced by the name it stands for, ready for hashing."""
    if isinstance(value, Ref):
        return {"$ref": [names[value.to], value.field]}
    if isinstance(value, Mapping):
        return {key: _plain(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, names) for item in value]
    return value
