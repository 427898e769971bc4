"""One strict AWS: the rules put together, moto patched, and what a test holds in its hand.

The order of the rules matters. Outermost are those about the form of a request (ids, filters,
tags), then pages and lag, which cut the lists that others make, then tokens, which answer a
repeated request before anybody checks it again, and innermost the rules of each object.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from cloudabstract.testing.aws import (
    attributes,
    faults,
    filters,
    groups,
    identifiers,
    listeners,
    paging,
    patches,
    tagging,
    tags,
    target_groups,
    volume_health,
)
from cloudabstract.testing.aws.access_points import AccessPoints
from cloudabstract.testing.aws.attach import Attachments
from cloudabstract.testing.aws.balancers import Balancers
from cloudabstract.testing.aws.calls import CallLog
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.efs import FileSystems
from cloudabstract.testing.aws.gate import Gate
from cloudabstract.testing.aws.interfaces import Interfaces
from cloudabstract.testing.aws.lag import Lag
from cloudabstract.testing.aws.modifications import Modifications
from cloudabstract.testing.aws.placing import Placing
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.snapshots import Snapshots
from cloudabstract.testing.aws.targets import Targets
from cloudabstract.testing.aws.tokens import Tokens
from cloudabstract.testing.aws.volumes import Volumes
from cloudabstract.testing.aws.wire import Rule

_KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
_only_one = threading.Lock()


class StrictAws:
    """A running strict AWS. Not made by hand: see `strict_aws` and the fixture `aws`."""

    def __init__(self, settings: Settings) -> None:
        lock = threading.RLock()
        self.settings = settings
        self.clock = SimulatedClock(settings.start, lock)
        self.targets = Targets(self.clock)  # `targets.fail("10.0.0.5")` breaks its health checks
        self._gate = Gate(self.clock, lock, settings.seconds_per_read)
        self._volumes = Volumes(settings, self.clock)
        self._snapshots = Snapshots(settings, self.clock)
        self._attachments = Attachments(settings, self.clock)
        self._interfaces = Interfaces(settings, self.clock)
        self._balancers = Balancers(settings, self.clock, self._interfaces)
        self._gate.rules = self._rules()

    @property
    def region(self) -> str:
        """The region that clients get unless they name one."""
        return self.settings.region

    @property
    def faults(self) -> faults.Faults:
        """What shall go wrong."""
        return self._gate.faults

    @property
    def calls(self) -> CallLog:
        """What has been called."""
        return self._gate.calls

    def client(self, service: str, region: str = "", **options: Any) -> Any:
        """A boto3 client of this AWS; `options` are those of `boto3.client`."""
        import boto3

        make: Any = boto3.client  # its overloads, where stubs are installed, want a literal name
        return make(service, region_name=region or self.region, **(_KEYS | options))

    def _rules(self) -> Sequence[Mapping[str, Rule]]:
        settings, clock = self.settings, self.clock
        return [
            identifiers.rules(),
            filters.rules(),
            tags.rules(),
            paging.rules(settings.page_size),
            Lag(settings.read_lag).rules(),
            Tokens().rules(),
            self._volumes.rules(),
            Modifications(settings, clock).rules(),
            volume_health.rules(),
            self._snapshots.rules(),
            self._attachments.rules(),
            groups.rules(),
            self.targets.rules(),
            self._balancers.rules(),
            Placing(self._interfaces).rules(),
            listeners.rules(),
            target_groups.rules(),
            attributes.rules(),
            FileSystems(settings, clock).rules(),
            AccessPoints(settings, clock).rules(),
        ]

    def patches(self) -> list[AbstractContextManager[Any]]:
        """Everything of moto and botocore that this AWS replaces while it runs."""
        return [
            *patches.moto(self._gate),
            *patches.botocore(self.clock),
            *self._volumes.patches(),
            *self._snapshots.patches(),
            *self._attachments.patches(),
            *self._balancers.patches(),
            *tagging.patches(),
        ]


@contextmanager
def patched(settings: Settings) -> Iterator[StrictAws]:
    """A strict AWS whose rules are in force, whoever brings it its requests."""
    if not _only_one.acquire(blocking=False):
        raise RuntimeError("a strict AWS is running in this process already; leave it first")
    try:
        aws = StrictAws(settings)
        with ExitStack() as stack:
            for one in aws.patches():
                stack.enter_context(one)
            yield aws
    finally:
        _only_one.release()


@contextmanager
def running(settings: Settings) -> Iterator[StrictAws]:
    """A strict AWS that gets the requests of every boto3 client of this process."""
    from moto import mock_aws

    with patches.environment(settings.region), mock_aws(), patched(settings) as aws:
        yield aws
