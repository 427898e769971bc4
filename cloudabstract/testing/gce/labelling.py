"""Labels: how they may look, and the verb that sets them under the fingerprint of the old ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, guards, rendering
from cloudabstract.testing.gce.operations import Change

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def set_labels(cloud: Cloud, call: Call) -> Change:
    """Replace all labels, if the fingerprint is that of the present ones."""
    record = guards.changeable(cloud, call)
    if call.body.get("labelFingerprint") != rendering.label_fingerprint(record):
        raise errors.stale_labels()
    labels = check(call.body.get("labels", {}))

    def finish() -> None:
        record.fields["labels"] = labels
        cloud.records.touch()

    return Change(record, finish)


def check(labels: dict[str, str]) -> dict[str, str]:
    """`labels`, if their keys and values are well formed. Raises ApiError 400."""
    if len(labels) > 64:
        raise errors.invalid("labels", len(labels), "At most 64 labels are allowed.")
    for key, value in labels.items():
        if not _well_formed(key) or not re.match(r"[^\W\d_]", key):
            raise errors.invalid("labels", key, "Label key violates format constraints.")
        if value and not _well_formed(value):
            raise errors.invalid("labels", value, "Label value violates format constraints.")
    return dict(labels)


def _well_formed(text: str) -> bool:
    return bool(re.fullmatch(r"[\w-]{1,63}", text)) and text == text.lower()
