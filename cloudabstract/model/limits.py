"""The limits and traits of model fields, each written once, as `Annotated` marks.

The model stays plain: these marks are read by others (shapes.py, traits.py). spec/ turns them into
checks and JSON Schema, `explain` and the reference print them, the engine asks what may change.
They are called as in annotated-types, whose marks are understood too: a provider's settings may use
either. They are our own because that package takes longer to import than all of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

__all__ = [
    "AccessMode",
    "Bytes",
    "Change",
    "DnsLabel",
    "DnsSubdomain",
    "Doc",
    "Duration",
    "Ge",
    "Gt",
    "Le",
    "ManagementPolicy",
    "MaxLen",
    "MinLen",
    "Pattern",
    "PerSecond",
    "PortNumber",
    "Protocol",
    "Quantity",
    "ReclaimPolicy",
    "Seconds",
    "VolumeMode",
    "doc",
]


class Change(Enum):
    """What changing a field of an existing resource means. Unmarked fields change in place."""

    IMMUTABLE = "immutable"  # refused with LB002 (balancers) or VO015 (volumes, claims, classes)
    REPLACE = "replace"  # the engine makes a new part beside the old one
    PRIMARY = "first item immutable"  # the first item as IMMUTABLE; further ones come and go
    GROW = "grow only"  # a smaller value is refused with VO001


@dataclass(frozen=True)
class Ge:
    """Mark: at least `ge`."""

    ge: float


@dataclass(frozen=True)
class Gt:
    """Mark: more than `gt`."""

    gt: float


@dataclass(frozen=True)
class Le:
    """Mark: at most `le`."""

    le: float


@dataclass(frozen=True)
class MinLen:
    """Mark: at least so many characters or items."""

    min_length: int


@dataclass(frozen=True)
class MaxLen:
    """Mark: at most so many characters or items."""

    max_length: int


@dataclass(frozen=True)
class Doc:
    """Mark: what the field is for, in a sentence."""

    documentation: str


doc = Doc  # reads better in the midst of a hint


@dataclass(frozen=True)
class Quantity:
    """Mark: an integer written as a Kubernetes quantity."""


@dataclass(frozen=True)
class Duration:
    """Mark: whole seconds, written as `10s`."""


@dataclass(frozen=True)
class Pattern:
    """Mark: text that must match `regex` as a whole; `says` is the rule in words."""

    regex: str
    says: str


DNS_LABEL = Pattern(
    r"[a-z0-9]([-a-z0-9]*[a-z0-9])?",
    "lower case letters, digits and '-', and must start and end with a letter or digit",
)
DNS_SUBDOMAIN = Pattern(
    r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
    "lower case letters, digits, '-' and '.', and must start and end with a letter or digit",
)

DnsLabel = Annotated[str, MinLen(1), MaxLen(63), DNS_LABEL]
DnsSubdomain = Annotated[str, MinLen(1), MaxLen(253), DNS_SUBDOMAIN]
PortNumber = Annotated[int, Ge(1), Le(65535)]
Bytes = Annotated[int, Quantity(), Gt(0)]
PerSecond = Annotated[int, Quantity(), Gt(0)]  # bytes per second
Seconds = Annotated[int, Duration(), Ge(0)]

Protocol = Literal["TCP", "UDP", "SCTP"]
AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
ReclaimPolicy = Literal["Delete", "Retain"]
VolumeMode = Literal["Filesystem", "Block"]
ManagementPolicy = Literal["*", "Observe", "Create", "Update", "Delete"]
