"""Provider gcp passes the suite that defines a correct provider."""

from __future__ import annotations

from gcp_bench.harness import GcpHarness

from cloudabstract.testing.conformance import Conformance


class TestConformance(Conformance):
    harness = GcpHarness
