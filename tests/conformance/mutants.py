"""Wrong providers: the memory provider with one fault each, as authors make them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.model import LoadBalancer, Resource
from cloudabstract.provider import Batch, Facts, Found, Health, Objection, Part, Wanted
from cloudabstract.testing.memory import MemoryProvider, MemorySettings
from cloudabstract.testing.memory.conformance import MemoryHarness
from cloudabstract.testing.memory.session import MemorySession

_fresh = itertools.count()


class Correct:
    """A driver that does what the memory driver does; mutants override one verb."""

    def __init__(self, inner: Any, harness: MutantHarness) -> None:
        self.inner = inner
        self.harness = harness
        self.cloud = harness.cloud

    def observe(self, batch: Batch) -> Iterable[Found]:
        return self.inner.observe(batch)

    def create(self, wanted: Wanted) -> Found:
        return self.inner.create(wanted)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        return self.inner.update(found, fields)

    def delete(self, found: Found) -> None:
        self.inner.delete(found)

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        return self.inner.mark(found, labels)


class MutantSession(MemorySession):
    """A session with mutant drivers."""

    def __init__(self, harness: MutantHarness) -> None:
        super().__init__(harness.settings(), harness.cloud)
        inner = super().drivers()
        self._mutants = {kind: harness.driver(each, harness) for kind, each in inner.items()}

    def drivers(self) -> Any:
        return self._mutants


class MutantProvider(MemoryProvider):
    """The memory provider with a mutant session."""

    harness: MutantHarness

    def connect(self) -> MemorySession:
        return self.harness.session(self.harness)


class MutantHarness(MemoryHarness):
    """A world in which one thing is wrong."""

    driver: ClassVar[type[Correct]] = Correct
    session: ClassVar[type[MutantSession]] = MutantSession
    made: ClassVar[type[MutantProvider]] = MutantProvider

    def provider(self) -> MemoryProvider:
        provider = self.made(self.settings(), self.cloud)
        provider.harness = self
        return provider


# Drivers that create wrongly.


class IgnoresTokens(Correct):
    """Every call makes an object, as clouds do that have neither tokens nor unique names."""

    def create(self, wanted: Wanted) -> Found:
        number = next(_fresh)
        made = self.inner.create(
            replace(wanted, name=f"{wanted.name[:20]}-{number}", token=f"{number:064x}")
        )
        return replace(made, name=wanted.name)


class RandomToken(Correct):
    """Safe to repeat within a process, as with an SDK's own tokens; not in the next one."""

    def __init__(self, inner: Any, harness: MutantHarness) -> None:
        super().__init__(inner, harness)
        self._names: dict[str, str] = {}

    def create(self, wanted: Wanted) -> Found:
        name = self._names.setdefault(wanted.name, f"{wanted.name[:20]}-{next(_fresh)}")
        token = f"{name:0>64}"
        return replace(self.inner.create(replace(wanted, name=name, token=token)), name=wanted.name)


class ForgetsLabels(Correct):
    """Objects are made without an owner."""

    def create(self, wanted: Wanted) -> Found:
        return self.inner.create(replace(wanted, labels={}))


class LabelsLater(Correct):
    """Two calls where one is needed: a crash between them leaves an orphan for ever."""

    def create(self, wanted: Wanted) -> Found:
        made = self.inner.create(replace(wanted, labels={}))
        return self.inner.mark(made, wanted.labels)


class CutsLabels(Correct):
    """Label values are cut to what the cloud takes."""

    def create(self, wanted: Wanted) -> Found:
        cut = {key: value[:63] for key, value in wanted.labels.items()}
        return self.inner.create(replace(wanted, labels=cut))


class CutsNames(Correct):
    """Names are cut to less than the declared limit."""

    def create(self, wanted: Wanted) -> Found:
        return self.inner.create(replace(wanted, name=wanted.name[:30]))


class AlwaysReady(Correct):
    """Says READY because the call succeeded."""

    def create(self, wanted: Wanted) -> Found:
        return replace(self.inner.create(wanted), health=Health.READY)


class TakesStrangers(Correct):
    """Whatever has the name is taken for what an earlier attempt made."""

    def create(self, wanted: Wanted) -> Found:
        batch = Batch(wanted.place, {"stack": "nobody"}, frozenset({wanted.name}))
        for each in self.inner.observe(batch):
            return self.inner.mark(each, wanted.labels)
        return self.inner.create(wanted)


class RaisesOnRetry(Correct):
    """The second attempt at a name is an error to it."""

    def create(self, wanted: Wanted) -> Found:
        if any(each.name == wanted.name for each in self.cloud.objects(wanted.kind)):
            raise ValueError(f"{wanted.name} exists")
        return self.inner.create(wanted)


class LeavesByProducts(Correct):
    """Something else comes into being with each object, and does not go with it."""

    def create(self, wanted: Wanted) -> Found:
        made = self.inner.create(wanted)
        labels = {f"cloudabstract:{key}": value for key, value in wanted.labels.items()}
        fields = {"family": "IPv4", "routability": "External", "ip": "203.0.113.9"}
        self.cloud.plant("memory.address", f"extra-{made.id}", fields, labels=labels)
        return made


class RevivesTheDead(Correct):
    """A token that is used up gives back the object it once made."""

    _made: ClassVar[dict[str, Found]] = {}

    def create(self, wanted: Wanted) -> Found:
        if wanted.token not in self._made:
            self._made[wanted.token] = self.inner.create(wanted)
        return self._made[wanted.token]


# Drivers that observe wrongly.


class FirstPageOnly(Correct):
    """There are more pages."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        return list(self.inner.observe(batch))[: self.cloud.rules.page]


class RepeatsPageBorders(Correct):
    """The last object of a page is the first of the next."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        found = list(self.inner.observe(batch))
        return [*found[:2], *found[1:]]


class TellsEverything(Correct):
    """Whatever there is."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        kind = self.inner._kind.name
        names = frozenset(each.name for each in self.cloud.objects(kind))
        ids = frozenset(each.id for each in self.cloud.objects(kind))
        return self.inner.observe(replace(batch, names=names, ids=ids))


class ClaimsEverything(Correct):
    """Everything found is told with the labels that were asked for."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        return [replace(each, labels=batch.labels) for each in self.inner.observe(batch)]


class EveryPlace(Correct):
    """One listing for the whole account."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        for place in self.cloud.places:
            yield from self.inner.observe(replace(batch, place=place))


class NotFoundIsAnError(Correct):
    """A name that does not exist fails the whole listing."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        found = list(self.inner.observe(batch))
        if not batch.names <= {each.name for each in found}:
            raise LookupError("no such name")
        return found


class OnlyByLabels(Correct):
    """Strangers that have our names are not seen."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        return self.inner.observe(replace(batch, names=frozenset(), ids=frozenset()))


# Drivers that change and delete wrongly.


class UpdatesTooMuch(Correct):
    """What is not given is set to nothing."""

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        empty = {"": "", "list": [], "int": 0}
        known = {
            key: empty[""] if isinstance(value, str) else empty["list"]
            for key, value in found.fields.items()
            if isinstance(value, (str, list)) and value and key in ("routes", "zones", "note")
        }
        extra = {"draining_seconds": 0} if "draining_seconds" in found.fields else {}
        return self.inner.update(found, {**known, **extra, **fields})


class EchoesUpdates(Correct):
    """Answers what it was asked to do, and does nothing."""

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        return replace(found, fields={**found.fields, **fields})


class UpdatesByReplacing(Correct):
    """Deletes and makes anew, where the cloud would have changed it."""

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        self.cloud.remove(found.id)
        wanted = {**found.fields, **fields}
        made = Wanted(found.kind, found.name, found.place, wanted, found.labels, f"{next(_fresh)}")
        return self.inner.create(made)


class UpdatesDropLabels(Correct):
    """The cloud's update replaces the whole object, labels too."""

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        updated = self.inner.update(found, fields)
        self.cloud.relabel(found.id, {})
        return updated


class FrozenVersion(Correct):
    """The version is that of the creation for ever."""

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        return replace(self.inner.update(found, fields), version="1")

    def observe(self, batch: Batch) -> Iterable[Found]:
        return [replace(each, version="1") for each in self.inner.observe(batch)]


class MarksMerge(Correct):
    """Labels are added, never taken away."""

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        return self.inner.mark(found, {**found.labels, **labels})


class DeletesNeighbours(Correct):
    """Deletes whatever there is of the kind, whoever owns it."""

    def delete(self, found: Found) -> None:
        for each in self.cloud.objects(found.kind):
            self.cloud.remove(each)


class DeleteRaisesWhenGone(Correct):
    """Absence is an error to it."""

    def delete(self, found: Found) -> None:
        if all(each.id != found.id for each in self.cloud.objects(found.kind)):
            raise LookupError(found.id)
        self.inner.delete(found)


class PretendsToDelete(Correct):
    """Takes the labels off instead."""

    def delete(self, found: Found) -> None:
        if any(each.id == found.id for each in self.cloud.objects(found.kind)):
            self.cloud.relabel(found.id, {})


# Sessions and providers that are wrong.


class EverythingIsAConflict(MutantSession):
    """Retries what can never succeed, and what has happened already."""

    def classify(self, error: Exception) -> Failure:
        return replace(super().classify(error), code=ErrorCode.CONFLICT)


class NeverExpandsTwiceAlike(MutantProvider):
    """A counter in a field."""

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        for part in super().expand(resource, facts):
            yield replace(part, want={**part.want, "note": str(next(_fresh))})


class IgnoresAField(MutantProvider):
    """`sourceRanges` changes nothing."""

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        if isinstance(resource, LoadBalancer):
            resource = replace(resource, spec=replace(resource.spec, source_ranges=None))
        return super().expand(resource, facts)


class InventsCodes(MutantProvider):
    """A code that is in no list."""

    def check(self, resource: Resource) -> Iterable[Objection]:
        yield Objection("XX999", "spec", "no", "")


class UndeclaredUse(MutantProvider):
    """A listener points at its pool, and the kind does not say so."""

    @property
    def kinds(self) -> Any:
        return tuple(
            replace(kind, uses=()) if kind.name == "memory.members" else kind
            for kind in MemoryProvider(MemorySettings()).kinds
        )
