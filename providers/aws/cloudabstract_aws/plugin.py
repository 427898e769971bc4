"""What the entry point names: registers provider `aws`. Imports no SDK."""

from __future__ import annotations

from cloudabstract.provider import Offer
from cloudabstract.provider.hookspecs import hookimpl

from .provider import AwsProvider
from .settings import AwsSettings

_SUMMARY = "Load balancers on ELBv2 (NLB, ALB) and volumes on EBS and EFS"


@hookimpl
def cloudabstract_providers() -> tuple[Offer, ...]:
    """The one provider of this distribution."""
    return (Offer("aws", AwsSettings, AwsProvider, _SUMMARY),)
