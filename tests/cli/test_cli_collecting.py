"""Garbage is looked for less often while a command runs, and as before afterwards."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from cloudabstract.cli import collecting


@pytest.mark.parametrize("before", [(700, 10, 10), (0, 10, 10), (90_000, 5, 5)])
def test_what_was_set_is_set_again(before: tuple[int, int, int]) -> None:
    """Whoever looks less often, or not at all, keeps to it."""
    usual = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with collecting.seldom():
            inside = gc.get_threshold()
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*usual)
    assert inside == (max(before[0], 50_000) if before[0] else 0, *before[1:])


def test_a_command_leaves_the_collector_as_it_was(home: Any, run: Any) -> None:
    """Also one that fails."""
    usual = gc.get_threshold()
    assert run("plan", "-f", "missing.yaml").exit_code != 0
    assert (gc.isenabled(), gc.get_threshold()) == (True, usual)
