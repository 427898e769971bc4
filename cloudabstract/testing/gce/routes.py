"""From a path to the method of the API that it calls, with the path's parameters.

Paths and the patterns of their parameters are Google's. Methods of emulated resources that have
no implementation here are found as well, so that the caller is told which one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from cloudabstract.testing.gce import discovery, errors

_PREFIX = re.compile(r"^/?(?:compute/v1/)?")


@dataclass(frozen=True)
class Route:
    """A method, and what its path says."""

    method: discovery.Method
    params: dict[str, str]


class Router:
    """Finds methods by HTTP verb and path."""

    def __init__(self, methods: Sequence[discovery.Method]) -> None:
        self._methods: dict[tuple[str, int], list[discovery.Method]] = {}
        for method in sorted(methods, key=_openness):
            self._methods.setdefault((method.verb, _length(method.template)), []).append(method)

    def route(self, verb: str, path: str) -> Route:
        """The method that `verb` and `path` call.

        Raises ApiError 404 for an unknown path, 400 for a parameter that breaks its pattern.
        """
        relative = _PREFIX.sub("", path)
        for method in self._methods.get((verb, _length(relative)), ()):
            match = method.expression.fullmatch(relative)
            if match:
                params = {name: unquote(value) for name, value in match.groupdict().items()}
                _check(method, params)
                return Route(method, params)
        raise errors.ApiError(404, "notFound", f"No method answers {verb} {path}")


def _length(path: str) -> int:
    return path.count("/")


def _openness(method: discovery.Method) -> int:
    """Words win over names: `backendServices/listUsable` is no backend service."""
    return method.template.count("{")


def _check(method: discovery.Method, params: dict[str, str]) -> None:
    for name, value in params.items():
        pattern = method.parameters[name].get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            raise errors.no_match(name, value, pattern)
