"""Which immutable fields of a resource differ from how it was last applied. Pure.

What is immutable is written once, as a mark on the model's fields. Two changes look like one but
are not: naming the class that a claim got as the default, and naming the volume it is bound to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from cloudabstract.model import LoadBalancer, Resource, VolumeClaim, traits
from cloudabstract.model.limits import Change

from .classes import Classes


def changed(
    before: Resource, after: Resource, classes: Classes
) -> Iterator[tuple[str, Any, Any]]:
    """(field path, old value, new value) for every immutable field that differs."""
    for path, was, now in _walk("spec", before.spec, after.spec):
        if not _same_meaning(path, was, now, after, classes):
            yield path, was, now


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    owner: type = type(after)
    for each in traits.fields(owner):
        was, now = getattr(before, each.name, None), getattr(after, each.name)
        here = f"{path}.{each.key}"
        if was == now:
            continue
        if each.change is Change.IMMUTABLE:
            yield here, was, now
        elif is_dataclass(now) and type(was) is type(now):
            yield from _walk(here, was, now)


def _same_meaning(path: str, was: Any, now: Any, after: Resource, classes: Classes) -> bool:
    if isinstance(after, VolumeClaim):
        if path == "spec.volumeClassName":
            return was is None or (now is None and was == classes.default)
        if path == "spec.volumeName":
            return was is None
    if isinstance(after, LoadBalancer) and path == "spec.ipFamilies":
        return (was or ("IPv4",))[0] == (now or ("IPv4",))[0]
    return False
