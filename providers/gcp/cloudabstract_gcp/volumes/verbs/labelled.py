"""What disks and snapshots have in common: they take labels at birth, and other labels later.

So the owner's mark is in their labels, in the very call that makes them. A stack's objects are
listed by `labels.cloudabstract-stack`. To mark one anew is one call under the fingerprint of its
present labels; labels of other people stay. It waits on Google's side until it is so, for no field
would show that it is not yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.provider import STACK, Batch, Health, Wanted, Whose
from cloudabstract_gcp import ownership
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.labelling import relabelled
from cloudabstract_gcp.marking import Changing
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_AT_WORK = frozenset({"CREATING", "RESTORING", "UPLOADING"})
_BROKEN = frozenset({"FAILED", "UNAVAILABLE"})


class LabelledDriver(Changing):
    """The verbs for one kind of objects with labels and a status.

    What could not be made leaves no object behind, and must not count as data that was lost: so
    create waits until it is known, or two minutes.
    """

    waits = True

    def owned(self, body: Json, wanted: Wanted) -> Json:
        """`body` with the owner's labels besides its own."""
        labels = {**body.get("labels", {}), **ownership.to_labels(wanted.labels)}
        return {**body, "labels": labels}

    def marked(self, told: Json) -> tuple[dict[str, str], str]:
        """The owner's labels, exactly as they were given."""
        return ownership.from_labels(told.get("labels", {})), ""

    def query(self, batch: Batch) -> str:
        """The stack's objects, those of any stack, or everything."""
        if batch.whose is Whose.OURS and STACK in batch.labels:
            return ownership.owned_by(batch.labels[STACK])
        return "" if batch.whose is Whose.ANYBODY else ownership.LABELLED

    def leaving(self, told: Json) -> bool:
        """What is being deleted is as good as gone."""
        return bool(told.get("status") == "DELETING")

    def health(self, told: Json) -> tuple[Health, str]:
        """From the status that Google gives such objects."""
        status = str(told.get("status", "READY"))
        if status in _BROKEN:
            return Health.FAILED, f"it is {status}"
        return (Health.PENDING, f"it is {status}") if status in _AT_WORK else (Health.READY, "")

    def remark(
        self, at: Location, told: Json, labels: Mapping[str, str], place: str
    ) -> Operation | None:
        """Begin to set the owner's labels."""
        here = told.get("labels", {})
        wanted = {**ownership.others(here), **ownership.to_labels(labels)}
        return None if wanted == here else relabelled(self._compute, at, told, wanted)
