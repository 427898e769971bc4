"""Whatever is in a manifest, the answer is problems and remarks, never a crash.

`FUZZ_ROUNDS` sets how many mutations are tried.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cloudabstract import spec
from cloudabstract.spec.kubernetes import writing

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "2000"))
ODD: tuple[Any, ...] = (
    *(None, 0, -1, 1.5, 80.0, 10**30, 1e308, True, "", "x", "-", "10Gi", "9" * 400, "\x00"),
    *("é" * 70, "*", "//", "1.2.3.4/99", "Infinity"),
    *([], {}, [None], [[]], {"a": None}, {"": ""}, {"x": {"y": [1]}}),
)
Steps = tuple[str | int, ...]


def places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Every place in a document."""
    yield path
    keys = list(value) if isinstance(value, dict) else []
    for key in range(len(value)) if isinstance(value, list) else keys:
        yield from places(value[key], (*path, key))


def at(value: Any, path: Steps) -> Any:
    """The value at a place."""
    for step in path:
        value = value[step]
    return value


class Mutator:
    """Changes documents at random; the same seed gives the same changes."""

    def __init__(self, documents: list[Any], seed: int) -> None:
        self._documents = documents
        self._dice = random.Random(seed)
        self._keys = sorted({s for d in documents for p in places(d) for s in p if type(s) is str})

    def group(self) -> list[Any]:
        """Some documents, most of them changed."""
        number = self._dice.choice([1, 1, 2, 4])
        return [self._changed(self._dice.choice(self._documents)) for _ in range(number)]

    def _changed(self, document: Any) -> Any:
        document = copy.deepcopy(document)
        for _ in range(self._dice.choice([0, 1, 1, 2, 3])):
            path = self._dice.choice(list(places(document)))
            if path:
                self._dice.choice([self._replace, self._remove, self._add, self._borrow])(
                    at(document, path[:-1]), path[-1]
                )
        return document

    def _replace(self, parent: Any, key: Any) -> None:
        parent[key] = copy.deepcopy(self._dice.choice(ODD))

    def _remove(self, parent: Any, key: Any) -> None:
        del parent[key]

    def _add(self, parent: Any, key: Any) -> None:
        if isinstance(parent, list):
            parent.append(copy.deepcopy(parent[key]))
        else:
            parent[self._dice.choice(self._keys)] = copy.deepcopy(parent[key])

    def _borrow(self, parent: Any, key: Any) -> None:
        other = self._dice.choice(self._documents)
        parent[key] = copy.deepcopy(at(other, self._dice.choice(list(places(other)))))


def test_mutated_manifests_give_readings_and_nothing_else(corpus: list[Path]) -> None:
    """Every document has its reading, and what is valid survives being written and read."""
    documents = [each.raw for path in corpus for each in spec.load(path)]
    mutator = Mutator(documents, seed=1)
    valid = 0
    for _ in range(ROUNDS):
        group = mutator.group()
        checked = spec.read(group)
        assert len(checked.spec.readings) >= len(group)
        assert all("\n" not in each.message for each in checked.problems)
        if not checked.problems:
            valid += 1
            assert spec.read(writing.documents(checked.spec)).require() == checked.spec
    assert valid > ROUNDS / 20


def test_text_that_is_cut_anywhere_gives_problems_with_a_place(
    corpus: list[Path], read: Callable[[str], Any]
) -> None:
    """A pipe that breaks leaves half a manifest; the answer names the line."""
    dice = random.Random(2)
    for path in corpus:
        text = path.read_text()
        told = read(text[: dice.randrange(len(text))])
        assert all(each.file and each.line for each in told.checked.problems)
