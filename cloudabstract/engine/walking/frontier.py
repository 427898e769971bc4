"""Which steps are free to begin: the edges of a graph, counted down as steps end.

A step is free when everything it waits for has ended, and broken when something it needs has not
ended well. An object of an `early` kind lets those that need it go as soon as it is made.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from .steps import Graph, Step


class Frontier:
    """The state of all steps of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._left: dict[int, int] = {}  # edges that still hold a step back
        self._waiting: dict[int, list[int]] = defaultdict(list)
        self._needing: dict[int, list[int]] = defaultdict(list)
        self._free: deque[int] = deque()
        self._well: set[int] = set()
        self._made: set[int] = set()
        for step in graph.steps:
            self._hang(step.number)

    def __bool__(self) -> bool:
        """Whether any step is free now."""
        return bool(self._free)

    def take(self) -> Iterator[Step]:
        """Every step that is free, including those that become free meanwhile."""
        while self._free:
            yield self._graph.steps[self._free.popleft()]

    def again(self, step: Step) -> None:
        """`step` is to be tried once more."""
        self._free.append(step.number)

    def broken(self, step: Step) -> str:
        """Why `step` cannot be done: what it needs and has not got; "" when it has all."""
        for other in sorted(self._graph.needs.get(step.number, ())):
            if other not in self._well and other not in self._made:
                return self._blamed(other)
        return ""

    def made(self, step: Step) -> None:
        """The object exists and those that need it do not wait until it is READY."""
        self._made.add(step.number)
        self._release(self._needing.pop(step.number, ()))

    def ended(self, step: Step, well: bool) -> None:
        """`step` is over."""
        self._made.discard(step.number)
        if well:
            self._well.add(step.number)
        self._release(self._needing.pop(step.number, ()))
        self._release(self._waiting.pop(step.number, ()))

    def well(self, number: int) -> bool:
        """Whether step `number` has ended well."""
        return number in self._well

    def _hang(self, number: int) -> None:
        """Count the edges that hold one step back."""
        waits = self._graph.waits.get(number, ())
        needs = self._graph.needs.get(number, ())
        self._left[number] = len(waits) + len(needs)
        for other in waits:
            self._waiting[other].append(number)
        for other in needs:
            self._needing[other].append(number)
        if not self._left[number]:
            self._free.append(number)

    def _release(self, followers: tuple[int, ...] | list[int]) -> None:
        for other in followers:
            self._left[other] -= 1
            if self._left[other] == 0:
                self._free.append(other)

    def _blamed(self, number: int) -> str:
        """What is wrong with a step that has not ended well, or with what it stands for."""
        step = self._graph.steps[number]
        if step.change is not None:
            there = "still there" if step.named is None else "not there"
            return f"{step.change.part} is {there}"
        if step.named is not None:
            return f"{step.named.key} is not ready"
        return self.broken(step) or "not ready"
