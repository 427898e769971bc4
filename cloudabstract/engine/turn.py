"""One look at one stack: survey, resolve, observe, plan. Reads only.

    survey -> resolve -> observe -> match -> plan
                 ^                     |
                 +---- incarnation <---+   a name that was released with its data: take the next

Before it concludes that something fresh is missing, it looks again for as long as the target may
need to show it (`Kind.lag`); before it concludes anything from an empty memory, it asks the target
what of ours holds data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cloudabstract.clock import Clock
from cloudabstract.errors import CallError
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import Batch, Facts, Found, Provider, Session
from cloudabstract.store import Memory

from . import learn, planner
from .change import Options, Plan
from .match import Matched, match
from .observe import Observed, Observer
from .parts import NamedPart
from .resolve import Desired, resolve


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
        asked = tuple(resources)
        facts = self._survey(asked)
        if memory.cold:
            held = self.observer.precious(self._provider.kinds, facts.places)
            memory = learn.recovered(self._stack.name, held, memory)
        desired, observed, memory = self._look(asked, facts, memory)
        question = planner.Question(
            self._stack.name,
            self._stack.target,
            desired,
            observed,
            memory,
            self._provider.kinds,
            self.observer.markable,
            prior,
            replace(options, now=self._clock.now()),
        )
        return replace(planner.plan(question), calls=dict(self._session.calls)), memory

    def _survey(self, asked: tuple[Resource, ...]) -> Facts:
        try:
            return self._session.survey(asked)
        except Exception as error:
            raise CallError(self._session.classify(error), "survey") from error

    def _look(
        self, asked: tuple[Resource, ...], facts: Facts, memory: Memory
    ) -> tuple[Desired, Observed, Memory]:
        while True:
            desired = resolve(self._stack.name, asked, self._provider, facts, memory)
            observed = self.observer.observe(desired.parts, memory, facts.places)
            observed = self._again(desired, observed, memory)
            bumped = self._bumped(desired, observed, memory)
            if not bumped:
                return desired, observed, memory
            memory = replace(memory, salts={**memory.salts, **bumped})

    def _bumped(self, desired: Desired, observed: Observed, memory: Memory) -> dict[str, int]:
        """New incarnations for volumes of claims whose name is on one that was released."""
        matched: Matched = match(self._stack.name, desired, observed, memory)
        return {
            str(key.resource): memory.salts.get(str(key.resource), 0) + 1
            for key in matched.released
            if key.resource in desired.authors
        }

    def _again(self, desired: Desired, observed: Observed, memory: Memory) -> Observed:
        """Look again for remembered objects that a fresh listing may not show yet."""
        missing = [
            named
            for named in desired.parts
            if named.kind.lag and _should_be_there(named, observed, memory)
        ]
        waited, delay = 0.0, 1.0
        while missing and waited < max(named.kind.lag for named in missing):
            self._clock.sleep(delay)
            waited, delay = waited + delay, delay * 2
            fresh = tuple(each for named in missing for each in self._ask(named))
            observed = replace(observed, found=(*observed.found, *fresh))
            missing = [each for each in missing if _should_be_there(each, observed, memory)]
        return observed

    def _ask(self, named: NamedPart) -> tuple[Found, ...]:
        batch = Batch(named.place, {}, frozenset({named.name}))
        return self.observer.look(named.key.kind, batch)


def _should_be_there(named: NamedPart, observed: Observed, memory: Memory) -> bool:
    """Whether memory says that a call to make the object was at least begun, and it is absent."""
    spot: tuple[str, str, str] = (named.key.kind, named.place, named.name)
    absent = spot not in observed.by_name
    return absent and memory.find(*spot) is not None


