"""Objections that need facts: what a target could do in general, and cannot do as it is now.

`Provider.check` is asked offline and knows the resource alone. Whether an address that a balancer
names exists, only a survey tells. A provider with this extra power says so in the plan, where it
costs nothing, instead of in the middle of an apply.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from cloudabstract.model import Resource

from .capability import Objection
from .provider import Facts


@runtime_checkable
class ChecksFacts(Protocol):
    """Protocol: the extra power of providers that object to what is not there."""

    def check_facts(self, resource: Resource, facts: Facts) -> Iterable[Objection]:
        """What of `resource` cannot be honoured with what the survey found. Pure."""
        ...
