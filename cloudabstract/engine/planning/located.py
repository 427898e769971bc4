"""Objections with their places: what stage after stage has to say of a field, by file and line."""

from __future__ import annotations

from collections.abc import Callable

from cloudabstract.errors import Problem
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Objection
from cloudabstract.spec import Spec


def locator(spec: Spec) -> Callable[[Objection], Problem]:
    """A function from an objection to the problem at that place in `spec`."""
    written = {str(each.key): each.key for each in spec}

    def locate(objection: Objection) -> Problem:
        return spec.problem(
            written.get(objection.resource) or _elsewhere(objection.resource),
            objection.field,
            objection.message,
            code=objection.code,
            remedy=objection.alternative,
        )

    return locate


def _elsewhere(text: str) -> ResourceKey:
    """The key of a resource that no document names."""
    kind, _, name = text.partition("/")
    return ResourceKey(kind, name)
