"""What the entry point names: registers provider `gcp`. Imports no part of Google's client."""

from __future__ import annotations

from cloudabstract.provider import Offer, Provider
from cloudabstract.provider.hookspecs import hookimpl

from .settings import GcpSettings


def _open(settings: GcpSettings) -> Provider:
    from .provider import GcpProvider  # only where it is the target

    return GcpProvider(settings)


OFFER = Offer(
    "gcp",
    GcpSettings,
    _open,
    "Load balancers and volumes on Google Cloud: Compute Engine",
)


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (OFFER,)
