"""Looking for garbage less often while a command runs: nearly all it makes is needed to its end.

Python looks whenever 700 objects more were made than freed; a plan of ten thousand parts makes many
that stay. Of such a plan's CPU time, a fifth went into looking, and its memory has the same peak
without. Meanwhile reference counts free what has no cycles.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000


@contextmanager
def seldom() -> Iterator[None]:
    """Meanwhile, look after 50,000 objects."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _OBJECTS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
