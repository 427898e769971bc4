"""Which of a collection's objects a batch asks for, in as few pages as Google needs to tell.

Objects are listed by their mark, and sorted out here. Names and ids that no such object has are
asked for, many in one list: they are about to be made, are gone, or belong to strangers. So a plan
without changes costs the pages of marked objects and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cloudabstract.provider import Batch, Whose

from .calls import Compute, Json, Listing
from .places import Scope
from .surface import Collection

_AT_ONCE = 40  # names or ids in one filter, which must fit into a URL

Marked = Callable[[Json], tuple[dict[str, str], str]]  # an object's owner's labels and place


@dataclass(frozen=True)
class Wish:
    """What is looked for: a batch, and how objects of its kind are marked and listed."""

    collection: Collection
    batch: Batch
    marked: Marked
    query: str  # Google's filter for marked objects


def look(compute: Compute, wish: Wish) -> Listing:
    """The objects of the batch, and which places of its region did not answer."""
    batch = wish.batch
    found: dict[str, tuple[Scope, Json]] = {}
    silent: set[str] = set()

    def take(listing: Listing) -> None:
        silent.update(each for each in listing.silent if _concerns(each, batch.place))
        found.update(
            (told["selfLink"], (scope, told))
            for scope, told in listing.items
            if _asked_for(wish, scope, told)
        )

    if batch.labels or batch.whose is not Whose.OURS or not (batch.names or batch.ids):
        take(compute.everywhere(wish.collection, wish.query))
    for field, wanted in (("name", batch.names), ("id", batch.ids)):
        seen = {str(told[field]) for _, told in found.values()}
        for query in _by(field, wanted - seen):
            take(compute.everywhere(wish.collection, query))
    return Listing(tuple(found.values()), tuple(sorted(silent)))


def _asked_for(wish: Wish, scope: Scope, told: Json) -> bool:
    batch = wish.batch
    if scope.level not in wish.collection.clients:
        return False  # another kind, listed together with this one
    labels, marked_place = wish.marked(told)
    named = told["name"] in batch.names
    known = named or str(told.get("id", "")) in batch.ids
    anywhere = known or batch.whose is Whose.ANYBODY  # a stranger's global object is in no region
    place = scope.region or marked_place or (batch.place if anywhere else "")
    if place != batch.place:
        return False
    return known or batch.takes(labels)


def _concerns(place: str, region: str) -> bool:
    """Whether what a silent place may hold belongs to `region`: its zones, itself, the project."""
    name = place.rpartition("/")[2]
    return name == "global" or name == region or name.startswith(f"{region}-")


def _by(field: str, values: Iterable[str]) -> Iterator[str]:
    """Filters that select these names or ids, a few in each."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        chosen = ordered[start : start + _AT_ONCE]
        yield " OR ".join(f'({field} = "{each}")' for each in chosen)
