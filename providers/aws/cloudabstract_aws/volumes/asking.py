"""Finding what a batch asks for in EC2's lists, in as few calls as there are pages.

First the list by owner's labels. Names and ids that it does not show are looked for by filter, two
hundred a call: a filter, unlike a list of ids, does not mind what is gone. So an ordinary turn, in
which everything stands as it did, costs the pages of one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.provider import RESOURCE, ROLE, STACK, Batch, Found, Wanted, Whose
from cloudabstract_aws import pages, tags
from cloudabstract_aws.clients import Clients

Filters = list[dict[str, Any]]
_VALUES = 200  # of one filter


def meant(batch: Batch, listed: Callable[[Filters], Iterable[Found]], id_: str) -> list[Found]:
    """Everything that `batch` asks for; `listed` reads with filters, `id_` is the filter of ids."""
    found: dict[str, Found] = {}
    for search in searches(batch):
        found |= {each.id: each for each in listed(search)}
    known = {each.name for each in found.values()}
    for filter_, values in (
        (f"tag:{tags.NAME}", batch.names - known),
        (id_, batch.ids - found.keys()),
    ):
        for chunk in chunks(values):
            found |= {each.id: each for each in listed([{"Name": filter_, "Values": chunk}])}
    return [each for each in found.values() if is_asked(each, batch)]


def searches(batch: Batch) -> list[Filters]:
    """Filters for whose objects `batch` asks for; a list for each mark of any stack's.

    Not all emulators take several values of `tag-key` as alternatives.
    """
    search = tags.search(batch)
    if search is None:
        return []
    if batch.whose is not Whose.ANY_STACK:
        return [search]
    return [[{**each, "Values": [value]}] for each in search for value in each["Values"]]


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """`values` in as few filters as they fit into."""
    return (list(each) for each in pages.chunks(sorted(values), _VALUES))


def read(
    clients: Clients, region: str, operation: str, key: str, **asked: Any
) -> Iterable[Mapping[str, Any]]:
    """The pages of a list of EC2."""
    size = {"PageSize": _PAGES[operation]}
    ec2 = clients.read("ec2", region)
    return pages.of(ec2, operation, key, PaginationConfig=size, **asked)


def is_for(labels: Mapping[str, str], wanted: Wanted) -> bool:
    """Whether an object with these labels was made for what is wanted now."""
    return all(labels.get(key) == wanted.labels.get(key) for key in (STACK, RESOURCE, ROLE))


def is_asked(found: Found, batch: Batch) -> bool:
    """Whether `batch` asks for `found`."""
    return found.name in batch.names or found.id in batch.ids or batch.takes(found.labels)


_PAGES = {  # EC2 gives no more than 500 volumes; of snapshots it says nothing
    "describe_volumes": 500,
    "describe_volumes_modifications": 500,
    "describe_snapshots": 1000,
}
