"""Which steps are free to begin: the edges of a graph, counted down as steps end.

A step is free when everything it waits for has ended, and broken when something it needs has not
ended well. An object of an `early` kind lets its users go as soon as it is made.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from .steps import Graph, Step


class Frontier:
    """The state of all steps of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._left: dict[int, int] = {}
        self._after: dict[int, list[int]] = defaultdict(list)
        self._free: deque[int] = deque()
        self._well: set[int] = set()
        self._made: set[int] = set()
        self._released: set[int] = set()
        for step in graph.steps:
            before = graph.waits[step.number] | graph.needs[step.number]
            self._left[step.number] = len(before)
            for other in before:
                self._after[other].append(step.number)
            if not before:
                self._free.append(step.number)

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
        """Why `step` cannot be done: what it needs and is not there; "" when all is."""
        for other in sorted(self._graph.needs[step.number]):
            if other not in self._well and other not in self._made:
                change = self._graph.steps[other].change
                return f"{change.part} is not there" if change is not None else "not ready"
        return ""

    def made(self, step: Step) -> None:
        """The object exists and its users need not wait until it is READY."""
        self._made.add(step.number)
        self._release(step)

    def ended(self, step: Step, well: bool) -> None:
        """`step` is over."""
        self._made.discard(step.number)
        if well:
            self._well.add(step.number)
        self._release(step)

    def well(self, number: int) -> bool:
        """Whether step `number` has ended well."""
        return number in self._well

    def _release(self, step: Step) -> None:
        if step.number in self._released:
            return
        self._released.add(step.number)
        for other in self._after[step.number]:
            self._left[other] -= 1
            if self._left[other] == 0:
                self._free.append(other)
