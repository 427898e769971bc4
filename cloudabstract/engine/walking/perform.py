"""One step made into one call: refs filled in, the right verb, and the provider's answer checked.

Runs in worker threads; keeps no state of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.engine.finding import fields
from cloudabstract.engine.finding.observe import Observer
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.provider import (
    RELEASED,
    RESOURCE,
    ROLE,
    STACK,
    Driver,
    Found,
    Health,
    Marks,
    PartKey,
    Wanted,
)

from .calls import Answer, Calls, Subject
from .halt import Halt
from .pending import Seen
from .steps import Step

World = Mapping[PartKey, Found]


class Performer:
    """Performs steps through the choke point."""

    def __init__(
        self, stack: str, provider: str, drivers: Mapping[str, Driver], calls: Calls, eye: Observer
    ) -> None:
        self._stack = stack
        self._provider = provider
        self._drivers = drivers
        self._calls = calls
        self._eye = eye

    def perform(self, step: Step, world: World, look: bool) -> Answer:
        """Do `step`; with `look`, first see whether an earlier try had its effect."""
        if step.verb == "create":
            return self._create(step, world, look)
        if step.verb == "delete":
            return self._delete(step, world, look)
        found = step.found if step.named is None else world.get(step.named.key, step.found)
        if found is not None and look:
            found = self._fresh(found, world)
        if found is None:
            return Answer(failure=Failure(ErrorCode.NOT_FOUND, "the object is gone"))
        if step.verb == "mark":
            return self._mark(step, found)
        return self._update(step, found, world)

    @property
    def halt(self) -> Halt:
        """True once no further call may begin."""
        return self._calls.halt

    def look_at(self, pending: Iterable[Found], world: World) -> Seen:
        """The present state of objects, in one batch for each kind and place."""
        groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for each in pending:
            groups[(each.kind, each.place)].append(each)
        found: dict[tuple[str, str, str], Found] = {}
        unread = set()
        for (kind, place), members in groups.items():
            names, ids = [each.name for each in members], [each.id for each in members]
            seen = self._eye.spotted(kind, place, names, ids, self._used(kind, world))
            found |= {(each.kind, each.place, each.id): each for each in seen.found}
            if seen.unread:
                unread.add((kind, place))
        return Seen(found, frozenset(unread))

    def contradiction(self, step: Step, found: Found, world: World) -> Failure | None:
        """A field that the provider says is other than what it was asked to make it."""
        if step.named is None or step.verb not in ("create", "update"):
            return None
        wanted = self._fill(step.named, world)
        for name, delta in fields.differences(wanted, found.fields, step.named.left_alone).items():
            return Failure(
                ErrorCode.INVALID,
                f"provider {self._provider} was asked for {name} = {delta.after!r} on "
                f"{found.kind} {found.name or found.id} and returned {delta.before!r}",
                remedy="this is a bug of the provider; tell its author",
            )
        return None

    def _create(self, step: Step, world: World, look: bool) -> Answer:
        named = _named(step)
        kind = named.key.kind
        subject = _subject(step, named.place, named.name)
        if look:
            earlier = self._earlier(step, named, world)
            if earlier is not None:
                return earlier
        values = self._fill(named, world)
        missing = _unfilled(values)
        if missing:
            return Answer(failure=self._dangling(named, missing))
        return self._calls.make(
            "create",
            subject,
            lambda token: self._drivers[kind].create(
                Wanted(kind, named.name, named.place, values, named.labels, token)
            ),
        )

    def _earlier(self, step: Step, named: NamedPart, world: World) -> Answer | None:
        """What an earlier try has made, or why nobody can tell; None when it made nothing."""
        kind, gone = named.key.kind, step.change.id if step.change is not None else ""
        seen = self._eye.spotted(kind, named.place, [named.name], (), self._used(kind, world))
        for found in seen.found:
            ours = found.labels.get(STACK) == self._stack
            if found.name == named.name and ours and found.id != gone:
                return None if self._half_made(named, found, world) else Answer(found)
        if seen.unread:  # it may be there: making a second one is worse than waiting
            text = f"could not look for {named.name}: {seen.unread}"
            return Answer(failure=Failure(ErrorCode.UNKNOWN, text))
        return None

    def _half_made(self, named: NamedPart, found: Found, world: World) -> bool:
        """Whether a create of several calls ended between them: called again, it goes on."""
        values = self._fill(named, world)
        if found.health is not Health.READY or any(map(fields.has_unknown, values.values())):
            return False
        return bool(fields.differences(values, found.fields, named.left_alone | named.kind.fixed))

    def _fresh(self, found: Found, world: World) -> Found:
        """`found` as it is now; as it was, if it cannot be seen."""
        seen = self.look_at([found], world)
        return seen.found.get((found.kind, found.place, found.id), found)

    def _update(self, step: Step, found: Found, world: World) -> Answer:
        named = _named(step)
        values = self._fill(named, world)
        missing = _unfilled(values)
        if missing:
            return Answer(failure=self._dangling(named, missing))
        ignored = named.left_alone | named.kind.fixed
        deltas = fields.differences(values, found.fields, ignored)
        if not deltas:
            return Answer(found)
        changed = {name: values[name] for name in deltas}
        subject = _subject(step, found.place, found.name or named.name)
        return self._calls.make(
            "update", subject, lambda _: self._drivers[found.kind].update(found, changed)
        )

    def _mark(self, step: Step, found: Found) -> Answer:
        driver = self._drivers[found.kind]
        if not isinstance(driver, Marks):
            text = f"{found.kind} cannot change its owner's labels"
            return Answer(failure=Failure(ErrorCode.INVALID, text))
        labels = dict(step.named.labels) if step.named is not None else self._released(step, found)
        subject = _subject(step, found.place, found.name)
        return self._calls.make("mark", subject, lambda _: driver.mark(found, labels))

    def _delete(self, step: Step, world: World, look: bool) -> Answer:
        found = step.found
        if found is None:
            return Answer()
        name = step.change.old_name or step.change.name if step.change is not None else found.name
        subject = _subject(step, found.place, found.name or name)
        if look:
            seen = self.look_at([found], world)
            if not seen.found and not seen.unread:
                return self._calls.gone(subject)
        return self._calls.make(
            "delete", subject, lambda _: self._drivers[found.kind].delete(found)
        )

    def _used(self, kind: str, world: World) -> dict[str, tuple[Found, ...]]:
        """The found parents of a kind, for targets that list children by parent."""
        uses = self._eye.uses(kind)
        if not uses:
            return {}
        known = list(world.values())
        return {name: tuple(each for each in known if each.kind == name) for name in uses}

    def _released(self, step: Step, found: Found) -> dict[str, str]:
        """Owner's labels of an object that stays and is not ours any more."""
        if step.change is not None and step.change.disown:
            return {}
        kept = {key: value for key, value in found.labels.items() if key in (RESOURCE, ROLE)}
        return {RELEASED: self._stack, **kept}

    def _fill(self, named: NamedPart, world: World) -> dict[str, Any]:
        return {name: fields.fill(value, world.get) for name, value in named.part.want.items()}

    def _dangling(self, named: NamedPart, missing: str) -> Failure:
        return Failure(
            ErrorCode.INVALID,
            f"field {missing} of {named.key} refers to a value that does not exist",
            remedy=f"this is a bug of provider {self._provider}; tell its author",
        )


def _named(step: Step) -> NamedPart:
    if step.named is None:
        raise ValueError(f"step {step.number} has no part")
    return step.named


def _unfilled(values: Mapping[str, Any]) -> str:
    return next((name for name, value in values.items() if fields.has_unknown(value)), "")


def _subject(step: Step, place: str, name: str) -> Subject:
    change = step.change
    if change is None:
        raise ValueError(f"step {step.number} changes nothing")
    part = change.part
    return Subject(step.kind, place, name, str(part), str(part.resource), change.precious)
