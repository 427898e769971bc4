"""What carries the marks of stacks that nobody here knows, and what was released: found, and ended.

Nothing is ended that was not named. The calls go through the choke point, under the lease of the
stack in whose name they are made, with users before what they use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cloudabstract.engine.engine import Engine
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.finding.observe import Observed
from cloudabstract.engine.planning.change import Action, Change, Plan
from cloudabstract.engine.planning.consent import Consent
from cloudabstract.engine.walking.events import Event, Report
from cloudabstract.errors import CloudAbstractError, ConsentError
from cloudabstract.model import ResourceKey
from cloudabstract.provider import RELEASED, RESOURCE, ROLE, STACK, Effect, Found, PartKey, Whose


@dataclass(frozen=True)
class Stray:
    """An object with our marks that no stack of this store owns."""

    found: Found
    stack: str  # that made it, or released it
    released: bool
    precious: bool  # holds data

    @property
    def address(self) -> str:
        """How it is named to be deleted: `aws.volume/vol-1`."""
        return f"{self.found.kind}/{self.found.id}"

    @property
    def resource(self) -> str:
        """The resource that it belonged to."""
        return self.found.labels.get(RESOURCE, "")

    def as_json(self) -> dict[str, Any]:
        """The documented form."""
        return {
            "address": self.address,
            "kind": self.found.kind,
            "id": self.found.id,
            "name": self.found.name,
            "place": self.found.place,
            "stack": self.stack,
            "resource": self.resource,
            "released": self.released,
            "holdsData": self.precious,
        }


@dataclass(frozen=True)
class Garbage:
    """What was found; `unread` says where nobody could look."""

    strays: tuple[Stray, ...]
    unread: tuple[str, ...] = ()


def look(engine: Engine) -> Garbage:
    """Every stray in every place of the target. Raises CallError."""
    places = engine.turn.facts(()).places
    observed = engine.turn.observer.sweep(Whose.ANY_STACK, places)
    unread = tuple(
        f"{kind} in {place}: {reason}" for (kind, place), reason in observed.unread.items()
    )
    return Garbage(tuple(_strays(engine, observed.found)), unread)


def _strays(engine: Engine, found: Iterable[Found]) -> Iterator[Stray]:
    known = {engine.stack, *engine.store.stacks()}
    kinds = {kind.name: kind for kind in engine.provider.kinds}
    for each in sorted(found, key=lambda it: (it.kind, it.place, it.name, it.id)):
        kind, owner = kinds[each.kind], each.labels.get(STACK, "")
        released = each.labels.get(RELEASED, "")
        if kind.identity or (owner and owner in known) or not (owner or released):
            continue
        yield Stray(each, owner or released, not owner, kind.precious)


def collect(
    engine: Engine,
    addresses: Iterable[str],
    consent: Consent,
    report: Callable[[Event], None],
) -> Report:
    """Delete the strays of these addresses, and nothing else.

    Raises CloudAbstractError for an address that is no stray's, ConsentError, LeaseError.
    """
    wanted = tuple(dict.fromkeys(addresses))
    with engine.lease() as held:
        known = {each.address: each for each in look(engine).strays}
        missing = [each for each in wanted if each not in known]
        if missing:
            raise CloudAbstractError(
                f"{', '.join(missing)} is not among what may be deleted; nothing was deleted\n"
                "hint: `gc` lists it"
            )
        chosen = [known[each] for each in wanted]
        _require(chosen, consent)
        plan = _plan(engine, chosen)
        number = engine.records.begin(plan, held, "gc")
        walked = engine.walk(plan, engine.records.memory(), held, report)
        done = Report(plan, walked.outcomes, {}, dict(engine.session.calls), number)
        done = replace(done, interrupted=engine.stopped and not done.ok)
        engine.records.close(done, held)
        return done


def _require(chosen: Iterable[Stray], consent: Consent) -> None:
    strays = tuple(chosen)
    unnamed = [
        each.address for each in strays if each.precious and each.address not in consent.data_loss
    ]
    if unnamed:
        flags = " ".join(f"--allow-data-loss {each}" for each in unnamed)
        raise ConsentError(f"the data of {', '.join(unnamed)} would be lost\nhint: add {flags}")
    if strays and not consent.yes:
        names = ", ".join(each.address for each in strays)
        raise ConsentError(f"{names} would be deleted\nhint: agree with --yes")


def _plan(engine: Engine, chosen: Iterable[Stray]) -> Plan:
    found = tuple(each.found for each in chosen)
    changes = tuple(_change(each) for each in chosen)
    return Plan(
        engine.stack,
        engine.target,
        changes,
        observed=Observed(found),
        matched=Matched(orphans=found),
        kinds=engine.provider.kinds,
        spec=engine.records.applied(),
    )


def _change(stray: Stray) -> Change:
    found = stray.found
    kind, _, name = (stray.resource or f"Unknown/{found.name or found.id}").partition("/")
    key = PartKey(ResourceKey(kind, name), found.kind, found.labels.get(ROLE, ""))
    how = "released" if stray.released else "made"
    return Change(
        Action.DELETE,
        key,
        found.place,
        found.name,
        effect=Effect.DATA if stray.precious else Effect.NONE,
        reason=f"was {how} by stack {stray.stack!r} and belongs to none that is known here",
        id=found.id,
        version=found.version,
        precious=stray.precious,
    )
