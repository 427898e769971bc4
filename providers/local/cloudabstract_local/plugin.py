"""What the entry point names: registers provider `local`. Imports no SDK, and no Envoy."""

from __future__ import annotations

from cloudabstract.provider import Offer
from cloudabstract.provider.hookspecs import hookimpl

from .provider import LocalProvider
from .settings import LocalSettings

_SUMMARY = "Load balancers on Envoy and volumes in files, on this machine"


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (Offer("local", LocalSettings, LocalProvider, _SUMMARY),)
