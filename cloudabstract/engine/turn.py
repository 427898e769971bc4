"""One look at one stack: survey, resolve, observe, plan. Reads only.

    survey -> resolve -> observe -> match -> plan
                 ^                     |
                 +---- incarnation <---+   a name that was released with its data: take the next

Before it concludes that something fresh is missing, it looks again for as long as the target may
need to show it (`Kind.lag`); before it concludes anything from an empty memory, it asks the target
what of ours holds data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cloudabstract.clock import Clock
from cloudabstract.engine.finding import leaving
from cloudabstract.engine.finding.batches import Scope
from cloudabstract.engine.finding.match import View, match
from cloudabstract.engine.finding.observe import Observed, Observer
from cloudabstract.engine.planning import planner
from cloudabstract.engine.planning.change import Options, Plan
from cloudabstract.engine.planning.question import Question
from cloudabstract.engine.wanting.moving import moves_of
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired, admitted, resolve
from cloudabstract.errors import CallError
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import INCARNATION, STACK, Batch, Facts, Found, Provider, Session
from cloudabstract.store import Memory

from . import learn


@dataclass(frozen=True)
class Stack:
    """Whose turn it is: the names that every stage needs."""

    name: str
    target: str


class Turn:
    """Takes looks at one stack through one session."""

    def __init__(
        self, stack: Stack, provider: Provider, session: Session, clock: Clock, workers: int
    ) -> None:
        self._stack = stack
        self._provider = provider
        self._session = session
        self._clock = clock
        self.observer = Observer(stack.name, provider.kinds, session, workers)

    def take(
        self,
        resources: Iterable[Resource],
        memory: Memory,
        prior: Mapping[ResourceKey, Resource],
        options: Options,
    ) -> tuple[Plan, Memory]:
        """The plan for `resources`, and the memory it was made with.

        Raises CallError when the target cannot be asked at all.
        """
        asked, given = tuple(resources), memory
        known = admitted(asked, self._provider.classes, memory)
        facts = self.facts(known)
        if memory.cold:
            held = self.observer.precious(self._provider.kinds, facts.places)
            memory = learn.recovered(self._stack.name, held, memory)
        moves = moves_of(asked)
        memory, prior = moves.memory(memory), moves.resources(prior)
        if memory is not given:  # labels, or an old name, may tell another class of a claim
            again = admitted(asked, self._provider.classes, memory)
            facts = facts if again == known else self.facts(again)
        places = facts.places if options.everywhere or memory.cold else ()
        view, memory = self._look(asked, facts, memory, Scope(places, options.closely))
        question = Question(
            self._stack.name,
            self._stack.target,
            view,
            memory,
            self._provider.kinds,
            self.observer.markable,
            prior,
            replace(options, now=self._clock.now()),
        )
        return planner.plan(question), memory

    def facts(self, asked: tuple[Resource, ...]) -> Facts:
        """What the target says of itself. Raises CallError."""
        try:
            return self._session.survey(asked)
        except Exception as error:
            raise CallError(self._session.classify(error), "survey") from error

    def _look(
        self, asked: tuple[Resource, ...], facts: Facts, memory: Memory, scope: Scope
    ) -> tuple[View, Memory]:
        while True:
            desired = resolve(self._stack.name, asked, self._provider, facts, memory)
            observed = self.observer.observe(desired.parts, memory, scope)
            observed = observed.refreshed((), leaving.read(memory))
            view = self._again(self._view(desired, observed, memory), memory)
            bumped = _bumped(view, memory)
            if not bumped:
                return view, memory
            memory = replace(memory, salts={**memory.salts, **bumped})

    def _view(self, desired: Desired, observed: Observed, memory: Memory) -> View:
        return View(desired, observed, match(self._stack.name, desired, observed, memory))

    def _again(self, view: View, memory: Memory) -> View:
        """Look again for remembered objects that a fresh listing may not show yet."""
        waited, delay = 0.0, 1.0
        missing = _missing(view, memory)
        while missing and waited < max(named.kind.lag for named in missing):
            self._clock.sleep(delay)
            waited, delay = waited + delay, delay * 2
            fresh = list(self._look_for(missing, view.observed))
            if fresh:
                observed = view.observed.refreshed(fresh, leaving.read(memory))
                view = self._view(view.desired, observed, memory)
            missing = _missing(view, memory)
        return view

    def _look_for(self, missing: Iterable[NamedPart], observed: Observed) -> Iterator[Found]:
        """What a second look finds of these, in one batch for each kind and place."""
        spots: defaultdict[tuple[str, str], list[NamedPart]] = defaultdict(list)
        for named in missing:
            spots[named.key.kind, named.place].append(named)
        for (name, place), group in spots.items():
            kind = group[0].kind
            used = {parent: observed.by_kind.get(parent, ()) for parent in kind.uses}
            names = frozenset(each.name for each in group)
            batch = Batch(place, {STACK: self._stack.name}, names, used=used)
            yield from self.observer.look(name, batch).found


def _bumped(view: View, memory: Memory) -> dict[str, int]:
    """New incarnations for what cannot have its name: the name of a claim's volume is on one that
    was released, or a renamed resource took the object of that name along. After the loss of a
    store the labels tell which incarnation it was."""
    matched, authors = view.matched, view.desired.authors
    released = {key.resource for key in matched.released if key.resource in authors}
    told = {
        str(key.resource): int(found.labels[INCARNATION])
        for key, found in matched.found.items()
        if found.labels.get(INCARNATION, "").isdecimal()
    }
    return {
        **{key: count for key, count in told.items() if count > memory.salts.get(key, 0)},
        **{
            str(key): memory.salts.get(str(key), 0) + 1
            for key in released | {key.resource for key in matched.occupied}
        },
    }


def _missing(view: View, memory: Memory) -> list[NamedPart]:
    """Parts of kinds that lag of which memory says that a call was at least begun."""
    matched = view.matched
    return [
        named
        for named in view.desired.parts
        if named.kind.lag
        and not named.part.external
        and memory.find(named.key.kind, named.place, named.name) is not None
        and named.key not in matched.found
        and named.key not in matched.taken
        and named.key not in matched.released
        and named.key not in matched.unread
    ]
