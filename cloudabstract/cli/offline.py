"""What a target would object to, without asking it: for `validate -t`.

The spec is resolved as for a plan, but nothing is expanded into parts, for that takes facts about
the target. What depends on such facts is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cloudabstract.model import LoadBalancer, Resource, VolumeClass

if TYPE_CHECKING:
    from cloudabstract.provider import Facts, Kind, Objection, Part, Provider
    from cloudabstract.spec import Spec

_NO_BACKENDS = "LB018"


class _Offline:
    """A provider that can be asked for objections and for nothing else."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.name = provider.name
        self.kinds: tuple[Kind, ...] = provider.kinds
        self.classes: tuple[VolumeClass, ...] = provider.classes
        self.features = provider.features
        self.status, self.connect = provider.status, provider.connect

    def check(self, resource: Resource) -> Iterable[Objection]:
        """The provider's own objections."""
        return self._provider.check(resource)

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        """No parts."""
        return ()


def objections(spec: Spec, provider: Provider) -> Iterator[Objection]:
    """Every objection of `provider` to `spec`, and what resolving it finds."""
    from cloudabstract.engine.wanting.resolve import resolve
    from cloudabstract.provider import Facts
    from cloudabstract.store import Memory

    facts = Facts(places=("offline",))
    desired = resolve("offline", spec.resources, _Offline(provider), facts, Memory())
    uncertain = {str(each.key) for each in spec if _needs_hosts(each)}
    for each in desired.objections:
        if each.code != _NO_BACKENDS or each.resource not in uncertain:
            yield each


def _needs_hosts(resource: Resource) -> bool:
    """Whether only the target knows the backends."""
    if not isinstance(resource, LoadBalancer):
        return False
    return any(pool.selector or pool.instances for pool in resource.spec.backends)
