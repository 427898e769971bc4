"""A target may limit the sum of its volumes; and many hands may work at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.settings import LocalSettings

MIB = 2**20


class TestOfALimitedPool:
    """With `capacity` set to 32 MiB."""

    @pytest.fixture
    def settings(self) -> LocalSettings:
        """A small pool."""
        return LocalSettings(capacity=32 * MIB)

    def test_volumes_fit_as_long_as_their_sum_does(self, bench: Any) -> None:
        """The one too many is refused with a remedy; after another has gone it fits."""
        bench.turn(bench.volume("one", 16), bench.folder("two", mib=12))
        before = bench.left()
        with pytest.raises(Refused, match="limit") as caught:
            bench.turn(bench.volume("three", 8))
        assert caught.value.failure.code is ErrorCode.EXHAUSTED
        assert bench.left() == before
        bench.end()
        assert bench.turn(bench.volume("three", 8))

    def test_growth_counts_too(self, bench: Any) -> None:
        """A volume does not grow over the limit, and is as it was."""
        bench.turn(bench.volume("one", 16), bench.volume("two", 8))
        with pytest.raises(Refused, match="limit"):
            bench.turn(bench.volume("two", 20))
        assert bench.changes(bench.volume("one", 16), bench.volume("two", 8)) == []

    def test_two_at_once_cannot_share_the_last_room(self, bench: Any) -> None:
        """Of eight threads that ask for 8 MiB each, four get it."""
        parts = [bench.parts(bench.volume(f"v{number}", 8))[0] for number in range(8)]

        def attempt(part: Any) -> bool:
            try:
                bench.drivers[part.key.kind].create(bench.wanted(part))
            except Refused:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(attempt, parts)) == 4


def test_one_name_is_one_volume_however_many_ask_at_once(bench: Any) -> None:
    """Eight threads with the same wish get the same object, and there is one."""
    part = bench.parts(bench.volume(mib=8))[0]
    with ThreadPoolExecutor(8) as threads:
        made = list(
            threads.map(lambda _: bench.drivers[part.key.kind].create(bench.wanted(part)), range(8))
        )
    assert made == [made[0]] * 8
    assert len(bench.ours()) == 1


def test_volumes_come_and_go_beside_each_other(bench: Any) -> None:
    """Twelve threads make, look and delete; nobody disturbs another, and nothing is left."""

    def life(number: int) -> None:
        part = bench.parts(bench.volume(f"v{number}", 4))[0]
        driver = bench.drivers[part.key.kind]
        for _ in range(3):
            found = driver.create(bench.wanted(part))
            assert bench.see(part.key) == found
            driver.delete(found)
            assert bench.see(part.key) is None

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(life, range(12)))
    assert bench.left() == []
