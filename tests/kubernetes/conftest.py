"""What the tests of manifests share: the corpus, and readers of text."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import spec
from cloudabstract.model import Resource, wire

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Told:
    """A text that was read, with what was said about it."""

    checked: spec.Checked

    @property
    def readings(self) -> tuple[spec.Reading, ...]:
        """One for each document."""
        return self.checked.spec.readings

    @property
    def resources(self) -> dict[str, Resource]:
        """By address."""
        return {str(each.key): each for each in self.checked.spec}

    @property
    def problems(self) -> list[str]:
        """Fields for which the text is refused."""
        return [each.field for each in self.checked.problems]

    @property
    def remarks(self) -> set[tuple[str, str, str]]:
        """(severity, code, field) of everything that is not honoured as it is written."""
        found = set()
        for each in self.readings:
            found |= {("degrade", problem.code, problem.field) for problem in each.degraded}
            found |= {("note", problem.code, problem.field) for problem in each.notes}
        return found

    def document(self, address: str) -> dict[str, Any]:
        """The portable spec at an address, without defaults."""
        found: dict[str, Any] = wire.to_document(self.resources[address])["spec"]
        return found


@pytest.fixture(scope="session")
def read() -> Callable[[str], Told]:
    """Reads a text as the command line reads standard input."""

    def reads(text: str) -> Told:
        return Told(spec.read("-", stdin=io.StringIO(textwrap.dedent(text))))

    return reads


@pytest.fixture(scope="session")
def read_corpus() -> Callable[[str], Told]:
    """Reads a file of the corpus."""
    return lambda name: Told(spec.read(CORPUS / f"{name}.yaml"))


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Every file of the corpus."""
    return sorted(CORPUS.glob("*.yaml"))
