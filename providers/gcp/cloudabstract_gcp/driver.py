"""The four verbs for whatever Google's named objects have in common.

A driver of one kind says four things: its collection, in which scope an object is made, how fields
become Google's JSON, and how they are read from it. Everything else is here:

    observe   one aggregated list of all marked objects, and one of wanted names nobody marked
    create    insert with mark and requestId; a taken name is looked at, and is ours or TAKEN
    update    read, compare, then one patch; an update of the whole where a list becomes empty,
              for Google's client cannot say "empty" in a patch
    delete    read, compare the id, delete, and wait on Google's side

Objects whose work is under way are PENDING; what is being deleted counts as absent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import STACK, Batch, Found, Health, Incomplete, Wanted, Whose

from . import finding, ownership, places, selection
from .calls import Compute, Json
from .errors import CallFailed, Refusal, Taken
from .operations import Operation, Unfinished, leaving
from .places import Scope
from .surface import Collection, Location


class ObjectDriver(ABC):
    """Subclass it for one kind; override what stands under "of the kind" below."""

    kind: str
    collection: Collection
    waits = False  # whether create waits on Google's side, to tell at once if it fails

    def __init__(self, compute: Compute, unfinished: Unfinished) -> None:
        self._compute = compute
        self._unfinished = unfinished

    # of the kind

    def scope(self, wanted: Wanted) -> Scope:
        """Where `wanted` is made: in its region, unless its field `scope` says `global`."""
        everywhere = wanted.fields.get("scope") == "global"
        return places.GLOBAL if everywhere else places.region(wanted.place)

    @abstractmethod
    def body(self, fields: Mapping[str, Any]) -> Json:
        """Google's JSON for all fields that are wanted."""

    @abstractmethod
    def fields(self, told: Json) -> dict[str, Any]:
        """The fields of an object, read from Google's JSON; `link` is added to them."""

    def health(self, told: Json) -> tuple[Health, str]:
        """Whether an object can be used, and why not, as far as it tells by itself."""
        return Health.READY, ""

    def version(self, told: Json) -> str:
        """What changes with every change of the object."""
        return str(told.get("fingerprint", ""))

    def owned(self, body: Json, wanted: Wanted) -> Json:
        """`body` with the owner's mark in it, for an insert."""
        return {**body, "description": ownership.describe(wanted.labels, wanted.place)}

    def marked(self, told: Json) -> tuple[dict[str, str], str]:
        """(owner's labels, place) of an object; the place is "" where no mark names it."""
        return ownership.described(str(told.get("description", "")))

    def asked(self, batch: Batch) -> tuple[Batch, selection.Marked]:
        """What to look for, and how its owner is told, where the objects do not say it all."""
        return batch, self.marked

    def query(self, batch: Batch) -> str:
        """Google's filter for what may belong to `batch`, names and ids apart; "" for no filter."""
        return "" if batch.whose is Whose.ANYBODY else ownership.MARKED

    def leaving(self, told: Json) -> bool:
        """Whether an object says of itself that it is being deleted."""
        return False

    def insert(self, at: Location, body: Json, token: str) -> Operation:
        """Begin to make an object."""
        return self._compute.write("insert", at, body, token)

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """Make the object have `fields` (all that are wanted, some of them new)."""
        return self.patch(at, told, self.body(fields))

    def patch(self, at: Location, told: Json, body: Json) -> Operation:
        """Send what shall be different, or the whole where a list becomes empty."""
        seen = {"fingerprint": told["fingerprint"]} if "fingerprint" in told else {}
        if any(value == [] and told.get(name) for name, value in body.items()):
            return self._compute.write("update", at, {**told, **body, **seen})
        return self._compute.write("patch", at, {**body, **seen})

    # the verbs

    def observe(self, batch: Batch) -> Iterable[Found]:
        """All of ours in a region, and what has one of the names or ids."""
        batch, marked = self.asked(batch)
        named = self._unfinished.named(self.collection.name, batch.names)
        work = dict(self._unfinished.refreshed(named))
        if not batch.labels and batch.whose is Whose.OURS:  # only a look at what is being made
            busy = {places.name_of(link) for link, each in work.items() if not each.done}
            if batch.names and batch.names <= busy:
                return ()
            batch = replace(batch, names=batch.names - busy)
        wish = selection.Wish(self.collection, batch, marked, self.query(batch))
        seen = selection.look(self._compute, wish)
        there = {places.relative(told["selfLink"]): told for _, told in seen.items}
        work |= self._unfinished.refreshed(there.keys() - set(named))
        found = [
            self._found(told, batch.place, work.get(link), marked(told)[0])
            for link, told in there.items()
            if not (leaving(work.get(link)) or self.leaving(told))
        ]
        found += [
            finding.stillborn(self.kind, batch.place, each)
            for link, each in work.items()
            if each.trouble and each.type == "insert" and link not in there
            if each.target_id in batch.ids
        ]
        if seen.silent:
            raise Incomplete(found, f"no answer from {', '.join(seen.silent)}")
        return found

    def create(self, wanted: Wanted) -> Found:
        """Make it, or find what an earlier attempt made. Raises Taken, CallFailed, Refusal."""
        at = Location(self.collection, self.scope(wanted))
        named = replace(at, name=wanted.name)
        body = {**self.owned(self.body(wanted.fields), wanted), "name": wanted.name}
        link = named.link(self._compute.project)
        try:
            operation = self.insert(at, body, f"{wanted.token} {link}")
        except CallFailed as failed:
            if failed.exists:
                return self._standing(wanted, named)
            raise
        if operation.done and operation.failure is not None:
            text = f"this request has failed before: {operation.failure}"
            raise Refusal(ErrorCode.SPENT, text) from operation.failure
        if self.waits:
            operation = self._unfinished.awaited(operation)
        if self._unfinished.begun(operation).done or not operation.target_id:
            return self._made(wanted, named)
        return finding.begun(wanted, link, operation)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Set `fields`, on the object as it is now. Raises CallFailed."""
        at = Location.of(self.collection, found.fields["link"])
        told = self.same(found, at)
        now = self.fields(told)
        if all(now.get(name) == value for name, value in fields.items()):
            return self._found(told, found.place, self._unfinished.of(found.fields["link"]))
        wanted = {**now, **fields}
        operation = self._unfinished.begun(self.change(at, told, wanted))
        if operation.done:
            return self._found(self._compute.get(at), found.place, None)
        changed = {**found.fields, **fields}
        return replace(found, fields=changed, health=Health.PENDING, reason=operation.says)

    def delete(self, found: Found) -> None:
        """Remove the object with this id; another one of its name stays. Raises CallFailed."""
        link = found.fields["link"]
        at = Location.of(self.collection, link)
        work = self._unfinished.of(link)
        try:
            if work is None or not leaving(work):
                if str(self._compute.get(at).get("id", found.id)) != found.id:
                    return
                work = self._compute.write("delete", at)
            self._unfinished.finish(work)
        except CallFailed as failed:
            if not failed.missing:
                raise

    # the rest

    def same(self, found: Found, at: Location) -> Json:
        """`found` as it is now. Raises CallFailed, or Refusal when it is another by now."""
        told = self._compute.get(at)
        if str(told.get("id", found.id)) != found.id:
            raise Refusal(ErrorCode.NOT_FOUND, f"{found.name} is another object by now")
        return told

    def _found(
        self,
        told: Json,
        place: str,
        work: Operation | None,
        labels: Mapping[str, str] | None = None,
    ) -> Found:
        owner = self.marked(told)[0] if labels is None else dict(labels)
        health, reason = self.health(told)
        if work is not None and work.trouble:
            health, reason = Health.FAILED, work.trouble
        elif work is not None:
            health, reason = Health.PENDING, work.says
        return Found(
            self.kind,
            str(told["id"]),
            str(told["name"]),
            place,
            {**self.fields(told), "link": places.relative(told["selfLink"])},
            owner,
            health,
            reason,
            self.version(told),
            raw=told,
        )

    def _standing(self, wanted: Wanted, at: Location) -> Found:
        """The object that has the name already: ours, or a stranger's."""
        try:
            told = self._compute.get(at)
        except CallFailed as failed:
            if failed.missing:  # its name is taken, and it is not visible yet, or just going
                raise Refusal(ErrorCode.NOT_YET, f"{at.name} exists and cannot be seen") from failed
            raise
        labels, _ = self.marked(told)
        link = at.link(self._compute.project)
        if labels.get(STACK) != wanted.labels.get(STACK):
            raise Taken(self.kind, link)
        work = self._unfinished.refreshed([link]).get(link)
        if leaving(work) or self.leaving(told):
            raise Refusal(ErrorCode.CONFLICT, f"{at.name} is just being deleted")
        return self._found(told, wanted.place, work)

    def _made(self, wanted: Wanted, at: Location) -> Found:
        """What an insert made that has ended already; a repeated insert may have made it long ago.

        Raises SPENT when it is gone since: Google answers with the old operation, whatever became
        of the object.
        """
        try:
            told = self._compute.get(at)
            link = at.link(self._compute.project)
            return self._found(told, wanted.place, self._unfinished.of(link))
        except CallFailed as failed:
            if failed.missing:
                text = f"{at.name} was made by this request before, and is gone"
                raise Refusal(ErrorCode.SPENT, text) from failed
            raise
