"""A bench for balancers: what an engine would do, without deciding anything.

A Bench has a root of its own and addresses that no other test has. `apply` brings the parts of
balancers about in order, `remove` takes them away in the opposite order.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Status,
)
from cloudabstract.provider import (
    RESOURCE,
    ROLE,
    STACK,
    Batch,
    Driver,
    Facts,
    Found,
    Part,
    PartKey,
    Ref,
    Severity,
    Wanted,
)
from cloudabstract_local.provider import LocalProvider
from cloudabstract_local.root import Root
from cloudabstract_local.settings import LocalSettings

from .backends import Backend


def balancer(name: str, ports: Iterable[Port], **spec: Any) -> LoadBalancer:
    """A LoadBalancer of that name; `spec` has the other fields."""
    return LoadBalancer(Metadata(name), LoadBalancerSpec(tuple(ports), **spec))


def members(*backends: Backend, weight: int = 1) -> tuple[Member, ...]:
    """Backends as members of a pool."""
    return tuple(Member(each.address, each.port, weight) for each in backends)


def pool(*backends: Backend, name: str = "web") -> BackendPool:
    """A pool of these backends."""
    return BackendPool(name, addresses=members(*backends))


class MakeBench(Protocol):
    """Protocol: makes another Bench in the same root, with some settings changed."""

    def __call__(self, stack: str = "shop", **changes: Any) -> Bench: ...


class Bench:
    """One root, one stack, and the provider's own drivers."""

    def __init__(self, settings: LocalSettings, stack: str = "shop") -> None:
        self.settings = settings
        self.stack = stack
        self.root = Root(settings.root)
        self.provider = LocalProvider(settings)
        self.session = self.provider.connect()
        self.drivers: Mapping[str, Driver] = self.session.drivers()
        self.facts: Facts = self.session.survey(())
        self._kinds = {kind.name: kind for kind in self.provider.kinds}

    def apply(self, *resources: LoadBalancer) -> None:
        """Make and change until everything is as wanted; what is not wanted any more goes last."""
        found: dict[PartKey, Found] = {}
        for resource in resources:
            rejected = [
                each for each in self.provider.check(resource) if each.severity is Severity.REJECT
            ]
            assert not rejected
            for part in self.provider.expand(resource, self.facts):
                found[part.key] = self._bring_about(part, found)
        self._prune(found)

    def changes(self, *resources: LoadBalancer) -> dict[str, dict[str, Any]]:
        """By part: the fields in which the world is not as wanted; {} where all is well."""
        found: dict[PartKey, Found] = {}
        told = {}
        for resource in resources:
            for part in self.provider.expand(resource, self.facts):
                standing = self.look(part.key.kind, self._name(part, found))
                if standing is None:
                    told[str(part.key)] = {"absent": True}
                    continue
                found[part.key] = standing
                different = self._different(part, standing, found)
                if different:
                    told[str(part.key)] = different
        return told

    def serve(self, *resources: LoadBalancer) -> str:
        """Apply, and the first address of the first of them."""
        self.apply(*resources)
        return self.status(resources[0]).addresses[0].ip

    def found(self, *resources: LoadBalancer) -> dict[PartKey, Found]:
        """What there is of their parts now; nothing is changed."""
        found: dict[PartKey, Found] = {}
        for resource in resources:
            for part in self.provider.expand(resource, self.facts):
                standing = self.look(part.key.kind, self._name(part, found))
                if standing is not None:
                    found[part.key] = standing
        return found

    def status(self, resource: LoadBalancer) -> Status:
        """The portable status, from what is found now."""
        return self.provider.status(resource, self.found(resource))

    def remove(self) -> None:
        """Delete everything of the stack."""
        self._prune({})

    def look(self, kind: str, name: str) -> Found | None:
        """The object of that kind and name."""
        batch = Batch(self.facts.place, {}, frozenset({name}))
        return next((each for each in self.drivers[kind].observe(batch) if each.name == name), None)

    def ours(self, kind: str) -> tuple[Found, ...]:
        """Everything of the stack of one kind."""
        return tuple(self.drivers[kind].observe(Batch(self.facts.place, {STACK: self.stack})))

    def files(self) -> list[str]:
        """Every file and folder below the root."""
        return sorted(str(each.relative_to(self.root.path)) for each in self.root.path.rglob("*"))

    def pids(self) -> list[int]:
        """The processes whose working folder is in the root."""
        return processes_in(self.root.path)

    def _bring_about(self, part: Part, found: Mapping[PartKey, Found]) -> Found:
        driver, name = self.drivers[part.key.kind], self._name(part, found)
        standing = self.look(part.key.kind, name)
        if standing is None:
            fields = {each: _filled(value, found) for each, value in part.want.items()}
            labels = {STACK: self.stack, RESOURCE: str(part.key.resource), ROLE: part.key.role}
            token = hashlib.sha256(name.encode()).hexdigest()
            return driver.create(Wanted(part.key.kind, name, part.place, fields, labels, token))
        different = self._different(part, standing, found)
        return driver.update(standing, different) if different else standing

    def _different(
        self, part: Part, standing: Found, found: Mapping[PartKey, Found]
    ) -> dict[str, Any]:
        wanted = {name: _filled(value, found) for name, value in part.want.items()}
        return {name: value for name, value in wanted.items() if standing.fields.get(name) != value}

    def _name(self, part: Part, found: Mapping[PartKey, Found]) -> str:
        """As the engine names parts: what cannot change is in the name."""
        fixed = []
        for field in sorted(self._kinds[part.key.kind].fixed):
            value = part.want.get(field)
            fixed.append(found[value.to].name if isinstance(value, Ref) else value)
        text = repr((self.stack, part.key, fixed))
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        return f"{self.stack}-{part.key.resource.name}-{part.key.role}-{digest}"[:63].lower()

    def _prune(self, kept: Mapping[PartKey, Found]) -> None:
        names = {(each.kind, each.name) for each in kept.values()}
        for kind in reversed(self.provider.kinds):
            if not kind.name.startswith(_BALANCER_KINDS):
                continue
            for each in self.ours(kind.name):
                if (each.kind, each.name) not in names:
                    self.drivers[kind.name].delete(each)

    def envoy(self) -> int:
        """The pid of the one Envoy that runs for this root."""
        (pid,) = self.pids()
        return pid


_BALANCER_KINDS = (
    "local.address",
    "local.pool",
    "local.endpoints",
    "local.certificate",
    "local.listener",
)


def _filled(value: Any, found: Mapping[PartKey, Found]) -> Any:
    if isinstance(value, Ref):
        target = found[value.to]
        return target.name if value.field == "name" else target.fields[value.field]
    if isinstance(value, Mapping):
        return {key: _filled(item, found) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, found) for item in value]
    return value


def processes_in(folder: Path) -> list[int]:
    """The living processes whose working folder is `folder` or below."""
    pids = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            state = (link.parent / "stat").read_text().rpartition(")")[2].split()[0]
            where = os.readlink(link)
        except OSError:
            continue
        if state not in "ZX" and Path(where).is_relative_to(folder):
            pids.append(int(link.parent.name))
    return pids
