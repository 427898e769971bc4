"""Registers provider `memory`, for users' own tests: `targets: {test: {provider: memory}}`."""

from __future__ import annotations

from collections.abc import Iterable

from cloudabstract.provider import Offer, hookimpl

from .provider import MemoryProvider
from .settings import MemorySettings

OFFER = Offer(
    "memory", MemorySettings, MemoryProvider, "a cloud in memory or in a JSON file, for tests"
)


@hookimpl
def cloudabstract_providers() -> Iterable[Offer]:
    """The one offer of this plugin."""
    return (OFFER,)
