"""What the entry point names: registers provider `local`. Imports no SDK, and no Envoy."""

from __future__ import annotations

from cloudabstract.provider import Offer, Provider
from cloudabstract.provider.hookspecs import hookimpl

from .settings import LocalSettings

_SUMMARY = "Load balancers on Envoy and volumes in files, on this machine"


def _open(settings: LocalSettings) -> Provider:
    from .provider import LocalProvider  # only where it is the target

    return LocalProvider(settings)


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (Offer("local", LocalSettings, _open, _SUMMARY),)
