"""Drivers that count their calls, for the session's `calls`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cloudabstract.provider import Batch, Driver, Found, Marks, Wanted

Count = Callable[[str], None]  # takes an operation, e.g. `observe local.listener`


def counted(kind: str, driver: Driver, count: Count) -> Driver:
    """`driver` with every call told to `count`; it can `mark` if `driver` can."""
    if isinstance(driver, Marks):
        return _CountedMarks(kind, driver, driver, count)
    return _Counted(kind, driver, count)


class _Counted:
    def __init__(self, kind: str, driver: Driver, count: Count) -> None:
        self._kind = kind
        self._driver = driver
        self._count = count

    def observe(self, batch: Batch) -> Iterable[Found]:
        self._count(f"observe {self._kind}")
        return self._driver.observe(batch)

    def create(self, wanted: Wanted) -> Found:
        self._count(f"create {self._kind}")
        return self._driver.create(wanted)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        self._count(f"update {self._kind}")
        return self._driver.update(found, fields)

    def delete(self, found: Found) -> None:
        self._count(f"delete {self._kind}")
        self._driver.delete(found)


class _CountedMarks(_Counted):
    def __init__(self, kind: str, driver: Driver, marks: Marks, count: Count) -> None:
        super().__init__(kind, driver, count)
        self._marks = marks

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        self._count(f"mark {self._kind}")
        return self._marks.mark(found, labels)
