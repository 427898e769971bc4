"""What becomes of each field of a manifest, from tables/dispositions.json.

An entry covers its field and all below it:

    as        honoured: the portable field that has the value
    how       honoured in part, or turned into something else; the converter tells what it leaves
    cluster   only a cluster has a use for it: any value but `default` gives a remark, with a code
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import tables
from .lookup import is_empty, matching
from .remarks import CLUSTER, DEGRADE, NOTE, Remark

COMMON = "every kind"


def of_kind(kind: str) -> Mapping[str, dict[str, Any]]:
    """The entries of a kind by field, those of the metadata first."""
    table = tables.load("dispositions")
    return {**table[COMMON], **table.get(kind, {})}


def covering(kind: str, field: str) -> dict[str, Any] | None:
    """The entry that says what becomes of `field`, such as `spec.ports[].nodePort`."""
    entries = of_kind(kind)
    while field:
        if field in entries:
            return entries[field]
        field = field[:-2] if field.endswith("[]") else field.rpartition(".")[0]
    return None


def cluster_only(kind: str, raw: Any) -> Iterator[Remark]:
    """A remark for every field that has no meaning here and does not have its default value."""
    for pattern, entry in of_kind(kind).items():
        if "cluster" not in entry:
            continue
        for path, value in matching(raw, pattern):
            if is_empty(value) or value in entry.get("default", ()):
                continue
            severity = DEGRADE if entry.get("degrades") else NOTE
            yield Remark(path, entry["cluster"], "", entry.get("code", CLUSTER), severity)
