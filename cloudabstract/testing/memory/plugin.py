"""Registers provider `memory`, for users' own tests: `targets: {test: {provider: memory}}`."""

from __future__ import annotations

from collections.abc import Iterable

from cloudabstract.provider import Offer, Provider, hookimpl

from .settings import MemorySettings


def _open(settings: MemorySettings) -> Provider:
    from .provider import MemoryProvider

    return MemoryProvider(settings)


OFFER = Offer("memory", MemorySettings, _open, "A cloud in memory or in a file, for tests")


@hookimpl
def cloudabstract_providers() -> Iterable[Offer]:
    """The one offer of this plugin."""
    return (OFFER,)
