"""Values that Kubernetes takes from a short list, and whole numbers between two bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import hints
from ..paths import Path
from ..sentences import shown
from . import names
from .lookup import whole
from .remarks import Remark


def choice(path: Path, value: Any, allowed: tuple[str, ...]) -> Iterator[Remark]:
    """A remark when `value` is text that is not one of `allowed`."""
    if isinstance(value, str) and value not in allowed:
        near = hints.nearest(value, allowed)
        yield Remark(path, f"{names.shown(value)} is not one of {', '.join(allowed)}", near)


def between(path: Path, value: Any, least: int, most: int) -> Iterator[Remark]:
    """A remark when `value` is a whole number below `least` or above `most`."""
    number = whole(value)
    if number is not None and not least <= number <= most:
        yield Remark(path, f"{shown(number)} is not between {least} and {most}")


def port_number(path: Path, value: Any) -> Iterator[Remark]:
    """A remark when `value` is a number and no port."""
    yield from between(path, value, 1, 65535)
