"""Reading a target back: what stands there, said in portable words.

`Provider.expand` makes parts of a resource; `portable` is its inverse. It is an extra power: a
provider that has it lets `discover` print what nobody here made, and `adopt` put owner's labels on
it. The engine lists the objects, through the drivers, with `Batch.whose` ANYBODY; `portable` is
pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from cloudabstract.model import Resource

from .driver import Found
from .provider import Facts


@dataclass(frozen=True)
class Portable:
    """Some objects of the target, read back as one resource."""

    resource: Resource  # named after the object in front; the engine makes names unique
    parts: Mapping[tuple[str, str], Found] = field(default_factory=dict)
    # ^ by (kind, role) of the part that `expand` would make of the resource. Such an object becomes
    #   that part when it is adopted; parts without one will be made by the next apply
    unsaid: tuple[str, ...] = ()  # what no portable field can say, in a few words each


@runtime_checkable
class Discovers(Protocol):
    """Protocol: the extra power of providers that can read their target back."""

    def portable(self, found: Iterable[Found], facts: Facts) -> Iterable[Portable]:
        """What `found` amounts to. Expanding a result gives parts that its objects already are.

        `found` is everything that stands in every place. An object that belongs to no portable
        resource is left out, and so is one of a shape that `expand` would never make, if it could
        not be adopted without a change that ends it.
        """
        ...
