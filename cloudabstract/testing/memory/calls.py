"""The calls of the memory cloud, as a driver sees them: insert, patch, relabel, drop and list.

This is the cloud's side of the seam; nothing here knows of parts, refs or the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudabstract.errors import ErrorCode

from . import laws
from .cloud import Cloud
from .state import State
from .things import CloudError, Thing, new_id


@dataclass(frozen=True)
class Request:
    """What to insert. `token` makes the insertion safe to repeat."""

    kind: str
    place: str
    name: str
    fields: Mapping[str, Any]
    labels: Mapping[str, str]
    token: str


@dataclass(frozen=True)
class Page:
    """Some objects of a listing, and where to go on; "" after the last page."""

    things: tuple[Thing, ...]
    cursor: str


class Calls:
    """One client's connection to a cloud; counts its calls by operation."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.made: Counter[str] = Counter()

    def insert(self, request: Request) -> Thing:
        """Make an object, or return the one that this token made. Raises CloudError."""
        self._begin(request.kind, "create")
        with self._cloud.turn() as state:
            earlier = self._earlier(state, request)
            if earlier is not None:
                return earlier
            self._check_room(state, request)
            thing = self._fresh(request)
            laws.check_new(state, thing)
            return state.put(replace(thing, fields=laws.worked_out(state, thing)))

    def read(self, which: str) -> Thing:
        """One object as it is now. Raises CloudError."""
        with self._cloud.turn() as state:
            return self._existing(state, which, "read")

    def patch(self, which: str, fields: Mapping[str, Any]) -> Thing:
        """Set just these fields; setting what is so already changes nothing. Raises CloudError."""
        with self._cloud.turn() as state:
            old = self._existing(state, which, "update")
            if all(old.fields.get(key) == value for key, value in fields.items()):
                return old
            now, rules = self._cloud.clock.now(), self._cloud.rules
            laws.check_change(old, fields, now)
            new = replace(
                old,
                fields={**old.fields, **fields},
                version=old.version + 1,
                ready_at=now + rules.delay,
                not_before=now + rules.cooldown.get(old.kind, 0.0),
            )
            laws.check_fields(state, new)
            return state.put(replace(new, fields=laws.worked_out(state, new)))

    def relabel(self, which: str, labels: Mapping[str, str]) -> Thing:
        """Make `labels` all the labels of an object. Raises CloudError."""
        with self._cloud.turn() as state:
            old = self._existing(state, which, "mark")
            if old.labels == labels:
                return old
            return state.put(replace(old, labels=dict(labels), version=old.version + 1))

    def drop(self, which: str) -> None:
        """Delete an object that nobody uses. Raises CloudError, NOT_FOUND when it is gone."""
        with self._cloud.turn() as state:
            old = self._existing(state, which, "delete")
            users = state.users(which)
            if users:
                raise CloudError(ErrorCode.CONFLICT, "InUse", f"{which} is used by {users[0].id}")
            if old.gone_at is not None:
                return
            gone_at = self._cloud.clock.now() + self._cloud.rules.deletion
            for each in (*laws.registrations(state, which), old):
                state.put(replace(each, gone_at=gone_at, version=each.version + 1))

    def list(self, kind: str, place: str, cursor: str = "") -> Page:
        """One page of all objects of a kind in a place. Raises CloudError."""
        self._begin(kind, "list")
        with self._cloud.turn() as state:
            known = state.at(kind, place)
            after = [each for each in known if each.id > cursor and not each.unseen]
            size = self._cloud.rules.page
            if len(after) > size:
                return Page(tuple(after[:size]), after[size - 1].id)
            for each in known:
                if each.unseen:
                    state.put(replace(each, unseen=each.unseen - 1))
            return Page(tuple(after), "")

    def _begin(self, kind: str, verb: str) -> None:
        self.made[f"{kind}:{verb}"] += 1
        if self._cloud.rules.denies(kind, verb):
            raise CloudError(ErrorCode.DENIED, "Denied", f"{verb} of {kind} is not permitted")

    def _existing(self, state: State, which: str, verb: str) -> Thing:
        kind = f"memory.{which.split('-', 1)[0]}"
        self._begin(kind, verb)
        if which not in state.things:
            raise CloudError(ErrorCode.NOT_FOUND, "NoSuchObject", f"{which} does not exist")
        return state.things[which]

    def _earlier(self, state: State, request: Request) -> Thing | None:
        """What this token has made already."""
        made = state.tokens.get(request.token)
        if made is None:
            return None
        thing = state.things.get(made)
        if thing is None or thing.gone_at is not None:
            raise CloudError(ErrorCode.SPENT, "SpentToken", f"the token made {made}, now gone")
        if (thing.kind, thing.place, thing.name) != (request.kind, request.place, request.name):
            raise CloudError(ErrorCode.INVALID, "TokenMismatch", f"the token made {made}")
        return thing

    def _check_room(self, state: State, request: Request) -> None:
        if request.place not in self._cloud.places:
            raise CloudError(ErrorCode.INVALID, "NoSuchPlace", f"there is no {request.place!r}")
        holder = state.named(request.kind, request.place, request.name)
        if holder is not None:
            code = ErrorCode.TAKEN if holder.gone_at is None else ErrorCode.CONFLICT
            raise CloudError(code, "NameInUse", f"{request.name!r} is the name of {holder.id}")
        quota = self._cloud.rules.quotas.get(request.kind)
        if quota is not None and state.count(request.kind) >= quota:
            raise CloudError(ErrorCode.EXHAUSTED, "Quota", f"there are {quota} already")

    def _fresh(self, request: Request) -> Thing:
        rules, now = self._cloud.rules, self._cloud.clock.now()
        return Thing(
            request.kind,
            new_id(request.kind, request.place, request.name, request.token),
            request.name,
            request.place,
            dict(request.fields),
            dict(request.labels),
            request.token,
            ready_at=now + rules.delay,
            unseen=rules.lag,
        )
