"""What the entry point names: registers provider `gcp`. Imports no part of Google's client."""

from __future__ import annotations

from cloudabstract.provider import Offer
from cloudabstract.provider.hookspecs import hookimpl

from .provider import GcpProvider
from .settings import GcpSettings

OFFER = Offer(
    "gcp",
    GcpSettings,
    GcpProvider,
    "Load balancers and volumes on Google Cloud: Compute Engine",
)


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (OFFER,)
