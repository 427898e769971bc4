"""The suite as one class: all layers, and the rule that nothing of it is changed, only lacking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import pytest

from .changing import Changing
from .creating import Creating
from .ending import Ending
from .fields import Fields
from .hands import Hands
from .harness import CAPABILITIES, Harness
from .life import Life
from .observing import Observing
from .pure import Pure
from .strangers import Strangers
from .surviving import Surviving


class Conformance(
    Pure, Fields, Creating, Observing, Changing, Ending, Life, Strangers, Hands, Surviving
):
    """Subclass it as `class TestConformance(Conformance)` and set `harness`; add nothing else.

    Raises TypeError, when the class is made, for overridden tests and for lacks that name nothing.
    """

    harness: ClassVar[type[Harness]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = set(vars(cls)) - {"harness"}
        changed = sorted(name for name in own if hasattr(Conformance, name) and name[:2] != "__")
        if changed:
            raise TypeError(
                f"{cls.__name__} overrides {', '.join(changed)}; what the provider lacks is said "
                "in the harness, in `lacks`, with a reason"
            )
        _check_lacks(cls)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give `kind`, `capability` and `field` the values that this harness has."""
        for name in ("kind", "capability", "field"):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, self.parameters(name))

    @pytest.fixture(autouse=True)
    def lacking(self, request: pytest.FixtureRequest) -> None:
        """Expect the failure of what the harness says is lacking."""
        named = request.node.name
        words = {named, named.partition("[")[0]}
        callspec = getattr(request.node, "callspec", None)
        words.update(callspec.params.values() if callspec is not None else ())
        for word in words & set(self.harness.lacks):
            mark = pytest.mark.xfail(reason=self.harness.lacks[word], strict=False)
            request.applymarker(mark)


def _check_lacks(cls: type[Conformance]) -> None:
    harness: type[Harness] | None = getattr(cls, "harness", None)
    if harness is None:
        return  # a class in between, which pytest does not collect
    lacks = harness.lacks
    unknown = [word for word in lacks if not _known(cls, word)]
    if unknown:
        raise TypeError(f"{harness.__name__}.lacks names no test: {', '.join(unknown)}")
    silent = [word for word, reason in lacks.items() if not reason.strip()]
    if silent:
        raise TypeError(f"{harness.__name__}.lacks needs a reason for {', '.join(silent)}")


def _known(cls: type[Conformance], word: str) -> bool:
    name, _, rest = word.partition("[")
    if hasattr(cls, name) and name.startswith("test_"):
        return not rest or rest.removesuffix("]") in _values(cls)
    return word in CAPABILITIES or word in cls.parameters("kind")


def _values(cls: type[Conformance]) -> Iterable[str]:
    for name in ("kind", "capability", "field"):
        yield from cls.parameters(name)
