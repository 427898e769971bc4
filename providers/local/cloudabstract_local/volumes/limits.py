"""Sizes and mount options that each format of a volume allows; the numbers are in limits.json.

The smallest ext4 is the one in which the smallest journal (1 MiB) leaves most of the space to
files; mkfs.xfs refuses less than 300 MiB. The largest file of ext4, the commonest host, is 16 TiB.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one format allows. Sizes in bytes."""

    step: int
    smallest: int
    largest: int
    options: tuple[str, ...]  # regular expressions, each for one whole option

    def rounded(self, size: int) -> int:
        """The size that is made when `size` is asked for: never less."""
        return max(self.smallest, -(-size // self.step) * self.step)

    def allows(self, option: str) -> bool:
        """Whether volumes may be mounted with `option`."""
        return any(re.fullmatch(each, option) for each in self.options)


@cache
def of(form: str) -> Limits:
    """The limits of format `ext4`, `xfs` or `raw`."""
    known = _read()
    sizes = known["formats"][form]
    options = tuple(known["mountOptions"].get(form, ()))
    return Limits(known["step"], sizes["smallest"], sizes["largest"], options)


@cache
def _read() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(__file__).with_name("limits.json").read_text("utf-8"))
    return content
