"""What is known about Kubernetes and its drivers, as JSON files; `load` reads one, once.

fields.json        every field of the kinds that are read (made by tools/kubernetes_fields.py)
fields_more.json   the same for kinds that Kubernetes defines elsewhere
kinds.json         which kinds there are, and why most of them are not ours to provision
dispositions.json  what becomes of each field
annotations.json   annotations of providers that have a portable meaning
provisioners.json  storage drivers and their parameters
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The table in `<name>.json`. Callers must not change it."""
    file = resources.files(__name__).joinpath(f"{name}.json")
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table
