"""What the entry point names: registers provider `aws`. Imports no SDK."""

from __future__ import annotations

from cloudabstract.provider import Offer, Provider
from cloudabstract.provider.hookspecs import hookimpl

from .settings import AwsSettings

_SUMMARY = "Load balancers on ELBv2 (NLB, ALB) and volumes on EBS and EFS"


def _open(settings: AwsSettings) -> Provider:
    from .provider import AwsProvider  # only where it is the target

    return AwsProvider(settings)


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (Offer("aws", AwsSettings, _open, _SUMMARY),)
