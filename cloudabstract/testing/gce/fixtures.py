"""The pytest fixture `gcp_emulator`; cloudabstract's pytest plugin offers it by this name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cloudabstract.testing.gce.emulator import Emulator


@pytest.fixture
def gcp_emulator() -> Iterator[Emulator]:
    """A started emulator with pages of two items, so that no test passes by reading one page."""
    with Emulator(page_size=2) as emulator:
        yield emulator
