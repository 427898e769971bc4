"""Owner's labels as tags, in the words that each service has for tags.

    cloudabstract:stack        one tag for each owner's label, in the call that makes the object
    cloudabstract:resource     a value over 256 characters goes on in cloudabstract:resource+1 ...
    Name                       the object's name, for people, and for objects that have no other
    cloudabstract.memo:...     what was set where only a call for each object shows it (memos.py)

Services allow letters, digits, spaces and `+ - = . _ : / @` in values; what else a label holds is
written as `=XX`, the bytes of its UTF-8 in hexadecimal, and `=` itself as `=3D`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import Batch, Wanted, Whose

OWNER = "cloudabstract:"
MEMO = "cloudabstract.memo:"
NAME = "Name"
_LONGEST = 256
_SPECIAL = re.compile(r"[^A-Za-z0-9 +\-._:/@]")
_ESCAPED = re.compile(r"(?:=[0-9A-F]{2})+")

Tags = Mapping[str, str]


def of(wanted: Wanted, extra: Tags) -> dict[str, str]:
    """Every tag of an object to be made; `extra` are those of the settings."""
    return {**extra, NAME: wanted.name, **owned(wanted.labels)}


def owned(labels: Mapping[str, str]) -> dict[str, str]:
    """Owner's labels as tags; long values go on in further tags."""
    tags: dict[str, str] = {}
    for key, value in labels.items():
        text = escaped(value)
        for index in range(max(1, -(-len(text) // _LONGEST))):
            chunk = text[index * _LONGEST : (index + 1) * _LONGEST]
            tags[f"{OWNER}{key}" + (f"+{index}" if index else "")] = chunk
    return tags


def labels(tags: Tags) -> dict[str, str]:
    """The owner's labels among `tags`; empty when the object is nobody's that we know."""
    heads = {key: value for key, value in tags.items() if key.startswith(OWNER) and "+" not in key}
    return {key.removeprefix(OWNER): unescaped(_whole(key, tags)) for key in heads}


def extra(tags: Tags, wanted: Tags) -> dict[str, str]:
    """Of the tags that the settings ask for, those that are there: the field `tags`."""
    return {key: tags[key] for key in sorted(wanted) if key in tags}


def from_list(raw: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """`[{"Key": k, "Value": v}]`, as all services answer, as a mapping."""
    return {each["Key"]: each.get("Value", "") for each in raw or ()}


def to_list(tags: Tags) -> list[dict[str, str]]:
    """A mapping as `[{"Key": k, "Value": v}]`, for Elastic Load Balancing, EFS and CreateTags."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def specifications(resource_type: str, tags: Tags) -> list[dict[str, Any]]:
    """`TagSpecifications` of a call of EC2 that makes one object of `resource_type`."""
    return [{"ResourceType": resource_type, "Tags": to_list(tags)}]


def filters(wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """EC2 `Filters` for objects with these owner's labels, by the first tag of each."""
    first = {key: value for key, value in owned(wanted).items() if "+" not in key}
    return [{"Name": f"tag:{key}", "Values": [value]} for key, value in sorted(first.items())]


def search(batch: Batch) -> list[dict[str, Any]] | None:
    """EC2 `Filters` for whose objects `batch` asks for; [] is everybody's, None is nobody's.

    Ask `batch.takes` of what comes back.
    """
    if batch.whose is Whose.ANYBODY:
        return []
    if batch.whose is Whose.ANY_STACK:
        return [{"Name": "tag-key", "Values": [f"{OWNER}*"]}]  # moto wants all of several
    return filters(batch.labels) or None


def escaped(text: str) -> str:
    """`text` in the characters that every service allows in the value of a tag."""
    return _SPECIAL.sub(_escape, text)


def unescaped(value: str) -> str:
    """The inverse of `escaped`."""
    return _ESCAPED.sub(_unescape, value)


def _whole(key: str, tags: Tags) -> str:
    text, index = tags[key], 1
    while f"{key}+{index}" in tags:
        text += tags[f"{key}+{index}"]
        index += 1
    return text


def _escape(found: re.Match[str]) -> str:
    return "".join(f"={byte:02X}" for byte in found.group().encode())


def _unescape(found: re.Match[str]) -> str:
    return bytes.fromhex(found.group().replace("=", "")).decode(errors="replace")
