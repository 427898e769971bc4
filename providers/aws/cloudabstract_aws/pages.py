"""All pages of a list, with the words that each service has for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")


def of(client: Any, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """The items under `key` of all pages; `operation` as boto3 writes it: `describe_volumes`."""
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page.get(key) or ()


def chunks(items: Iterable[Item], size: int) -> Iterator[Sequence[Item]]:
    """`items` in pieces of at most `size`, for calls that take so many at once."""
    rest = list(items)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]
