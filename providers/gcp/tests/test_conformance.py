"""Provider gcp passes the suite that defines a correct provider."""

from __future__ import annotations

from cloudabstract.testing.conformance import Conformance

from gcp_bench.harness import GcpHarness


class TestConformance(Conformance):
    harness = GcpHarness
