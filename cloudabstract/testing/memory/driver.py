"""The four verbs, and mark, over the calls of the memory cloud. One class serves every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import (
    RESOURCE,
    ROLE,
    STACK,
    Batch,
    Found,
    Health,
    Kind,
    Wanted,
)

from .calls import Calls, Request
from .cloud import Cloud
from .kinds import MEMBERS, POOL
from .things import OWNER, CloudError, Thing


class MemoryDriver:
    """Driver of a kind whose objects have a name and labels of their own."""

    def __init__(self, kind: Kind, cloud: Cloud, calls: Calls) -> None:
        self._kind = kind
        self._cloud = cloud
        self._calls = calls

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Every page of the place, less what nobody asked for."""
        return [self._found(each) for each in self._listed(batch.place) if _asked(each, batch)]

    def create(self, wanted: Wanted) -> Found:
        """Insert it. A name that is taken by our own object means that it was made before."""
        try:
            return self._found(self._calls.insert(self._request(wanted)))
        except CloudError as error:
            if error.code is not ErrorCode.TAKEN:
                raise
            earlier = self._ours(wanted)
            if earlier is None:
                raise
            return self._found(earlier)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Patch just `fields`."""
        return self._found(self._calls.patch(found.id, fields))

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Replace the owner's labels; those of others stay."""
        known = self._calls.read(found.id).labels
        others = {key: value for key, value in known.items() if not key.startswith(OWNER)}
        return self._found(self._calls.relabel(found.id, {**others, **_native(labels)}))

    def delete(self, found: Found) -> None:
        """Drop it; that it is gone already is success."""
        try:
            self._calls.drop(found.id)
        except CloudError as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise

    def _request(self, wanted: Wanted) -> Request:
        return Request(
            wanted.kind,
            wanted.place,
            wanted.name,
            wanted.fields,
            _native(wanted.labels),
            wanted.token,
        )

    def _listed(self, place: str) -> Iterator[Thing]:
        cursor = ""
        while True:
            page = self._calls.list(self._kind.name, place, cursor)
            yield from page.things
            cursor = page.cursor
            if not cursor:
                return

    def _ours(self, wanted: Wanted) -> Thing | None:
        """The object of the wanted name, if it has our labels."""
        for each in self._listed(wanted.place):
            if each.name == wanted.name:
                owner = each.owner
                ours = (owner.get(key) == wanted.labels.get(key) for key in (STACK, RESOURCE, ROLE))
                return each if owner and all(ours) else None
        return None

    def _found(self, thing: Thing) -> Found:
        now = self._cloud.clock.now()
        health, reason = Health.READY, ""
        if thing.failure:
            health, reason = Health.FAILED, thing.failure
        elif thing.gone_at is not None:
            health, reason = Health.PENDING, "deleting"
        elif now < thing.ready_at:
            health, reason = Health.PENDING, "creating" if thing.version == 1 else "updating"
        return Found(
            thing.kind,
            thing.id,
            thing.name,
            thing.place,
            thing.fields,
            thing.owner,
            health,
            reason,
            str(thing.version),
            thing.not_before,
            thing,
        )


class MembersDriver(MemoryDriver):
    """Driver of registrations: they have neither name nor labels, and are found by their pool.

    Whoever owns the pool owns what is registered with it, so they are told with its labels.
    """

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The registrations of the pools that were found, and those asked for by id."""
        pools = {each.id: each for each in batch.used.get(POOL, ())}
        return [
            self._of_pool(each, pools.get(each.fields["pool"]))
            for each in self._listed(batch.place)
            if each.fields["pool"] in pools or each.id in batch.ids
        ]

    def _request(self, wanted: Wanted) -> Request:
        return Request(wanted.kind, wanted.place, "", wanted.fields, {}, wanted.token)

    def create(self, wanted: Wanted) -> Found:
        """Register; a pool that has a registration has what an earlier attempt made."""
        try:
            return super().create(wanted)
        except CloudError as error:
            if error.native != "Occupied":
                raise
            pool = wanted.fields["pool"]
            made = [each for each in self._listed(wanted.place) if each.fields["pool"] == pool]
            if not made or made[0].gone_at is not None:
                raise
            return self.update(self._found(made[0]), {"members": wanted.fields["members"]})

    def _of_pool(self, thing: Thing, pool: Found | None) -> Found:
        found = self._found(thing)
        return replace(found, labels=pool.labels) if pool is not None else found

    def _found(self, thing: Thing) -> Found:
        addresses = {each["address"] for each in thing.fields["members"]}
        sick = sorted(self._cloud.sick & addresses)
        return replace(super()._found(thing), fields={**thing.fields, "sick": sick})


def drivers(kinds: Iterable[Kind], cloud: Cloud, calls: Calls) -> dict[str, MemoryDriver]:
    """A driver for each of `kinds`."""
    return {
        kind.name: (MembersDriver if kind.name == MEMBERS else MemoryDriver)(kind, cloud, calls)
        for kind in kinds
    }


def _asked(thing: Thing, batch: Batch) -> bool:
    return batch.takes(thing.owner) or thing.name in batch.names or thing.id in batch.ids


def _native(labels: Mapping[str, str]) -> dict[str, str]:
    return {f"{OWNER}{key}": value for key, value in labels.items()}
