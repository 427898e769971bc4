"""What `doctor` says of balancers: networks found, permissions missing, quotas near their end."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.provider import Finding
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings


def examine(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """See the module's first line."""
    return iter(())
