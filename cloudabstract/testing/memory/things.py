"""What the memory cloud keeps: objects, and the error its calls raise."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.errors import ErrorCode

from .kinds import BY_NAME

OWNER = "cloudabstract:"  # before every owner's label, so that others' labels are told apart
_WORDS = "|".join(kind.split(".")[1] for kind in BY_NAME)
_ID = re.compile(rf"(?:{_WORDS})-[0-9a-f]{{12}}")


class CloudError(Exception):
    """What a call of the memory cloud raises; `native` is the cloud's own word for it."""

    def __init__(
        self, code: ErrorCode, native: str, message: str, retry_after: float = 0.0
    ) -> None:
        self.code = code
        self.native = native
        self.retry_after = retry_after  # seconds
        super().__init__(message)


@dataclass(frozen=True)
class Thing:
    """One object of the cloud. Times are seconds since the epoch."""

    kind: str
    id: str
    name: str
    place: str
    fields: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    version: int = 1
    ready_at: float = 0.0
    failure: str = ""  # why it will never be ready
    gone_at: float | None = None  # set while it is being deleted
    not_before: float = 0.0  # no update before
    unseen: int = 0  # listings that do not show it yet

    @property
    def owner(self) -> dict[str, str]:
        """The owner's labels, without those that others have put there."""
        return {
            key.removeprefix(OWNER): value
            for key, value in self.labels.items()
            if key.startswith(OWNER)
        }

    @property
    def uses(self) -> frozenset[str]:
        """Ids of the objects that cannot be deleted while this one stands."""
        kind = BY_NAME[self.kind]
        independent = kind.birth | kind.identity
        held = {key: value for key, value in self.fields.items() if key not in independent}
        return frozenset(ids_in(held))


def ids_in(value: Any) -> Iterator[str]:
    """Every id of an object that is mentioned anywhere in a JSON value."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from ids_in(item)


def digest(*words: str) -> int:
    """A number made of `words` alone, so that ids do not depend on the order of calls."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8])


def new_id(kind: str, *words: str) -> str:
    """An id such as `disk-0f32c1a94b7e`."""
    return f"{kind.split('.')[1]}-{digest(kind, *words):016x}"[:-4]
