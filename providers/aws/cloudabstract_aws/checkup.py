"""For `doctor`: identity, region, network, permissions and quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cloudabstract.provider import Finding

from . import balancers, errors, volumes
from .clients import Clients
from .settings import AwsSettings


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """One finding for each thing that can be wrong with a target. Never raises."""
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "identity": lambda: _identity(clients),
        "balancers": lambda: balancers.checkup(clients, settings),
        "volumes": lambda: volumes.checkup(clients, settings),
    }
    for name, look in looks.items():
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - a doctor reports, whatever it is
            failure = errors.classify(error)
            yield Finding(name, False, str(replace(failure, remedy="")), failure.remedy)


def _identity(clients: Clients) -> Iterator[Finding]:
    region = clients.region
    who = clients.read("sts", region).get_caller_identity()
    yield Finding("identity", True, f"{who['Arn']} of account {who['Account']}")
    yield Finding("region", True, region)
