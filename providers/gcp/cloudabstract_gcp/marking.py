"""Objects change hands: the owner's mark of one that exists is set anew, or taken off.

Three ways, as the API allows:

    MarkingDriver   the mark stands in the description, which a patch can change
    LateLabels      the description is for ever, and labels come later (addresses, forwarding
                    rules): labels say it from then on, and go before the description
    NotingDriver    neither can change (endpoint groups, target proxies): the description of an
                    object that they are used with has a note, which goes before the mark

Everything else of an object stays, other people's words and labels too. All of it waits on Google's
side, for no field would show that it is not so yet.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Whose

from . import ownership
from .calls import Json
from .descriptions import Description, mark_of, owner_of
from .driver import ObjectDriver
from .errors import Refusal
from .labelling import relabelled
from .operations import Operation
from .surface import Location

_NOBODYS = "nobodys"  # key of the label that overrules a mark which cannot be taken away


class Changing(ObjectDriver):
    """A driver with the verb `mark`; how it is written down is the subclass's."""

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels. Raises CallFailed, or Refusal when it is another."""
        at = Location.of(self.collection, found.fields["link"])
        with self._unfinished.alone(found.fields["link"]):
            told = self.same(found, at)
            operation = self.remark(at, told, labels, found.place)
            if operation is not None:
                self._unfinished.finish(operation)
                told = self._compute.get(at)
        return self._found(told, found.place, None, labels)

    @abstractmethod
    def remark(
        self, at: Location, told: Json, labels: Mapping[str, str], place: str
    ) -> Operation | None:
        """Begin to write the mark; None where it is written already."""


class MarkingDriver(Changing):
    """The mark stands in the description."""

    def remark(
        self, at: Location, told: Json, labels: Mapping[str, str], place: str
    ) -> Operation | None:
        before = str(told.get("description", ""))
        text = Description.read(before).marked(labels, place).text()
        return None if text == before else self.patch(at, told, {"description": text})


class NotingDriver(ObjectDriver):
    """A note, under the link of the object; a subclass knows where, and reads it."""

    @abstractmethod
    def noting(self, told: Json) -> Iterable[Location]:
        """The objects in whose descriptions the owner of the object `told` is noted."""

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels. Raises CallFailed, or Refusal where none can be."""
        link, mark = found.fields["link"], mark_of(labels, found.place)
        told = self.same(found, Location.of(self.collection, link))
        born = Description.read(str(told.get("description", ""))).mark or {}
        where = list(self.noting(told))
        if not where and mark != born:
            text = f"{found.name} is not in use, and only where it is used its owner can be noted"
            raise Refusal(ErrorCode.INVALID, text, "delete it, or use it")
        for at in where:
            self.note(at, link, None if mark == born else mark)
        return replace(found, labels=dict(labels))

    def note(self, at: Location, link: str, note: Mapping[str, str] | None) -> None:
        """Write a note into the description of the object at `at`, and wait until it is so."""
        with self._unfinished.alone(at.link(self._compute.project)):
            told = self._compute.get(at)
            before = str(told.get("description", ""))
            text = Description.read(before).noted(link, note).text()
            if text != before:
                self._unfinished.finish(self.patch(at, told, {"description": text}))


class LateLabels(Changing):
    """Labels, once there are any of ours; until then what the description said at birth."""

    def marked(self, told: Json) -> tuple[dict[str, str], str]:
        labels = ownership.from_labels(told.get("labels", {}))
        if not labels:
            return super().marked(told)
        return ({}, "") if _NOBODYS in labels else owner_of(labels)

    def query(self, batch: Batch) -> str:
        if batch.whose is Whose.ANYBODY:
            return ""
        return f"({ownership.MARKED}) OR {ownership.LABELLED}"

    def remark(
        self, at: Location, told: Json, labels: Mapping[str, str], place: str
    ) -> Operation | None:
        born, _ = super().marked(told)
        mark = mark_of(labels, place) or ({_NOBODYS: "true"} if born else {})
        here = told.get("labels", {})
        wanted = {**ownership.others(here), **ownership.to_labels(mark)}
        return None if wanted == here else relabelled(self._compute, at, told, wanted)
