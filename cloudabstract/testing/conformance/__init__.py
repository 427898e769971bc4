"""The conformance suite: the definition of a correct provider, as tests that run against one.

A provider's author writes a harness and one class; docs/provider-guide.md shows how:

    class AcmeHarness(Harness):
        offer = plugin.OFFER
        ...

    class TestConformance(Conformance):
        harness = AcmeHarness

    pure.py, fields.py    what expand and check promise, without any target
    creating.py, observing.py, changing.py, ending.py    the verbs, each called as a retry would
    life.py, strangers.py      whole lives through the engine, alone and among strangers' objects
    surviving.py               the same with every fault: a crash at each write, lost answers ...

No test can be overridden. What a target cannot do is listed in `lacks`, by test or capability,
with a reason; those tests still run and are reported as expected failures.
"""

from __future__ import annotations

from .harness import CAPABILITIES, Alive, Harness, Sample
from .suite import Conformance

__all__ = ["CAPABILITIES", "Alive", "Conformance", "Harness", "Sample"]
