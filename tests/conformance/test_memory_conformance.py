"""The memory provider conforms: the suite passes without a single lack."""

from __future__ import annotations

from cloudabstract.testing.conformance import Conformance
from cloudabstract.testing.memory.conformance import MemoryHarness


class TestConformance(Conformance):
    """The reference provider lacks nothing."""

    harness = MemoryHarness
