"""What all layers of the suite share: the harness, its samples, and a world for each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pytest

from cloudabstract.model import VolumeClaim
from cloudabstract.provider import Severity

from .bench import Bench
from .harness import CAPABILITIES, Harness, Sample
from .oddities import Oddity, oddities


class Layer:
    """The ground of every layer: parameters `kind` and `capability`, and the world `bench`."""

    harness: ClassVar[type[Harness]]

    @classmethod
    def samples(cls) -> Mapping[str, Sample]:
        """The harness's samples."""
        return cls.harness.samples()

    @classmethod
    def sample(cls, capability: str) -> Sample:
        """One sample. Fails the test when there is none, or the target rejects it."""
        found = cls.samples().get(capability)
        if found is None:
            pytest.fail(f"the harness has no sample of {capability!r}; say why in `lacks`")
        provider = cls.harness.offer.open(cls.harness.settings())
        for resource in found.resources:
            claimed = isinstance(resource, VolumeClaim)  # a provider never sees one
            for each in () if claimed else provider.check(resource):
                if each.severity is Severity.REJECT:
                    pytest.fail(f"{resource.key}: {each.code}: {each.message}")
        return found

    @classmethod
    def oddities(cls) -> Iterator[Oddity]:
        """Resources in which one field after the other has an unusual value."""
        return oddities(cls.harness.offer.name)

    @classmethod
    def parameters(cls, name: str) -> list[str]:
        """The values of a parameter that tests of this harness have."""
        if name == "capability":
            return list(CAPABILITIES)
        if name == "field":
            return [each.field for each in cls.oddities()]
        return [kind.name for kind in cls.harness.offer.open(cls.harness.settings()).kinds]

    @pytest.fixture
    def bench(self) -> Iterator[Bench]:
        """A fresh, empty world."""
        made = Bench(self.harness())
        yield made
        made.close()
