"""Which of a collection's objects a batch asks for, in as few pages as Google needs to tell.

Objects are listed by their mark, whatever stack they belong to, and sorted out here. Names that no
marked object has are asked for by name, many in one list: they are about to be made, or belong to
strangers. So a plan without changes costs the pages of marked objects and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cloudabstract.provider import Batch

from .calls import Compute, Json, Listing
from .places import Scope
from .surface import Collection

_AT_ONCE = 40  # names in one filter, which must fit into a URL

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

    if batch.labels or not batch.names:
        take(compute.everywhere(wish.collection, wish.query))
    seen = {told["name"] for _, told in found.values()}
    for query in _by_name(batch.names - seen):
        take(compute.everywhere(wish.collection, query))
    return Listing(tuple(found.values()), tuple(sorted(silent)))


def _asked_for(wish: Wish, scope: Scope, told: Json) -> bool:
    batch = wish.batch
    labels, marked_place = wish.marked(told)
    named = told["name"] in batch.names
    place = scope.region or marked_place or (batch.place if named else "")
    if place != batch.place:
        return False
    if named or str(told.get("id", "")) in batch.ids:
        return True
    wanted = batch.labels.items()
    return bool(wanted) and wanted <= labels.items()


def _concerns(place: str, region: str) -> bool:
    """Whether what a silent place may hold belongs to `region`: its zones, itself, the project."""
    name = place.rpartition("/")[2]
    return name == "global" or name == region or name.startswith(f"{region}-")


def _by_name(names: Iterable[str]) -> Iterator[str]:
    """Filters that select these names, a few in each."""
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        chosen = ordered[start : start + _AT_ONCE]
        yield " OR ".join(f'(name = "{each}")' for each in chosen)
