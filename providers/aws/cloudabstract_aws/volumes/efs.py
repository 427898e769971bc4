"""EFS as the drivers call it: lists in pages of a hundred, tags, and what a token has made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Found
from cloudabstract_aws import errors, pages, tags
from cloudabstract_aws.clients import Clients

SERVICE = "efs"
_PAGE = 100


class Efs:
    """Shared by threads."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def read(self, region: str) -> Any:
        """The client for looking."""
        return self._clients.read(SERVICE, region)

    def write(self, region: str) -> Any:
        """The client for changing."""
        return self._clients.write(SERVICE, region)

    def listed(
        self, region: str, operation: str, key: str, **asked: Any
    ) -> Iterable[Mapping[str, Any]]:
        """The items of a list; nothing when what is asked about, or EFS itself, does not exist."""
        size = {"PageSize": _PAGE}
        try:
            found = pages.of(self.read(region), operation, key, PaginationConfig=size, **asked)
            return list(found)
        except Exception as error:
            if not (errors.is_missing(error) or errors.is_unknown(error)):
                raise
            return []

    def add(self, found: Found, known: Mapping[str, str]) -> None:
        """Set these tags."""
        self.write(found.place).tag_resource(ResourceId=found.id, Tags=tags.to_list(known))

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's: new tags first, so that it is never without an owner."""
        wanted, old = tags.owned(labels), tags.owned(found.labels)
        fresh = {key: value for key, value in wanted.items() if old.get(key) != value}
        if fresh:
            self.add(found, fresh)
        gone = sorted(old.keys() - wanted.keys())
        if gone:
            self.write(found.place).untag_resource(ResourceId=found.id, TagKeys=gone)
        return replace(found, labels=dict(labels))


def named(error: BaseException, key: str) -> str:
    """The id of what there is already, which EFS tells beside its error; "" when it does not."""
    response = getattr(error, "response", None)
    return str(response.get(key, "")) if isinstance(response, Mapping) else ""
