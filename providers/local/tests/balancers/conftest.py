"""Fixtures: every test has its own root, its own addresses, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloudabstract_local.settings import LocalSettings

from .backends import Backends
from .bench import Bench, MakeBench, processes_in


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    """Settings with addresses in a range that belongs to this test's folder."""
    mark = zlib.crc32(str(tmp_path).encode())
    net = f"127.{80 + mark % 150}.{mark // 150 % 250}"
    pools: dict[Any, tuple[str, ...]] = {
        "External": (f"{net}.1-{net}.100",),
        "Internal": (f"{net}.101-{net}.200",),
    }
    return LocalSettings(root=str(tmp_path / "root"), pools=pools)


@pytest.fixture
def make_bench(settings: LocalSettings, tmp_path: Path) -> Iterator[MakeBench]:
    """Makes Benches; whatever still runs below the test's folder at its end is killed."""

    def make(stack: str = "shop", **changes: Any) -> Bench:
        return Bench(replace(settings, **changes), stack)

    yield make
    for pid in processes_in(tmp_path):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A Bench with its own root and addresses."""
    return make_bench()


@pytest.fixture
def backends() -> Iterator[Backends]:
    """Starts backends; they end with the test."""
    started = Backends()
    yield started
    started.close()
