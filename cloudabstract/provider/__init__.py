"""The seam: all that a provider's author imports.

A provider offers kinds of native objects, expands portable resources into parts of those kinds, and
has a driver of four verbs for each. It never decides when, in what order, how often or whether:
the engine does. The conformance suite in cloudabstract.testing is the definition of a correct one.

`hookimpl` marks a plugin's functions; it is imported on first use to keep start-up cheap.
"""

from __future__ import annotations

from typing import Any

from cloudabstract.errors import ErrorCode, Failure

from .backends import Backend, Host, backends, pool_of
from .capability import CODES, Objection, Severity
from .classes import BUILT_IN_CLASSES
from .discovery import Discovers, Portable
from .driver import (
    CLAIM,
    CLASS,
    INCARNATION,
    PROTECTED,
    RECLAIM,
    RELEASED,
    RESOURCE,
    ROLE,
    STACK,
    ZONES,
    Batch,
    Driver,
    Found,
    Health,
    Incomplete,
    Marks,
    Wanted,
    Whose,
)
from .knowing import ChecksFacts
from .part import Effect, Kind, Part, PartKey, Ref, refs
from .provider import Facts, Finding, Offer, Provider, Rate, Session, Verb
from .reporting import by_role, of_kind, ready

__all__ = [
    "BUILT_IN_CLASSES",
    "CLAIM",
    "CLASS",
    "CODES",
    "INCARNATION",
    "PROTECTED",
    "RECLAIM",
    "RELEASED",
    "RESOURCE",
    "ROLE",
    "STACK",
    "ZONES",
    "Backend",
    "Batch",
    "ChecksFacts",
    "Discovers",
    "Driver",
    "Effect",
    "ErrorCode",
    "Facts",
    "Failure",
    "Finding",
    "Found",
    "Health",
    "Host",
    "Incomplete",
    "Kind",
    "Marks",
    "Objection",
    "Offer",
    "Part",
    "PartKey",
    "Portable",
    "Provider",
    "Rate",
    "Ref",
    "Session",
    "Severity",
    "Verb",
    "Wanted",
    "Whose",
    "backends",
    "by_role",
    "hookimpl",
    "of_kind",
    "pool_of",
    "ready",
    "refs",
]


def __getattr__(name: str) -> Any:
    if name == "hookimpl":
        from .hookspecs import hookimpl

        return hookimpl
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
