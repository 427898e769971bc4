"""Routes as the rules of an ALB's listener: conditions, and an order in which the best match wins.

As in Kubernetes: an exact host before `*.domain` before any host; then the longer path, and of two
equal ones Exact before Prefix. Prefix matches whole path elements: /api is /api and /api/*. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cloudabstract.model import Route

from .checks_routes import matched_by

_STEP = 10  # between priorities, so that people can put a rule of their own in between


@dataclass(frozen=True)
class Match:
    """A route with its place among the others of the listener."""

    route: Route
    priority: int
    host: str
    paths: tuple[str, ...]

    @property
    def role(self) -> str:
        """The same for the same requests, wherever the route stands in the spec."""
        text = "\0".join(matched_by(self.route))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def matches(routes: Sequence[Route], priorities: Sequence[int] = ()) -> list[Match]:
    """Every route once, in the order in which an ALB shall try them.

    They are numbered as `priorities` say, and after those in steps.
    """
    unique = {matched_by(each): each for each in reversed(routes)}
    ordered = sorted(unique.values(), key=_precedence)
    return [
        Match(each, _number(index, priorities), (each.host or "").lower(), _patterns(each))
        for index, each in enumerate(ordered)
    ]


def _number(index: int, given: Sequence[int]) -> int:
    if index < len(given):
        return given[index]
    return (given[-1] if given else 0) + (index - len(given) + 1) * _STEP


def _precedence(route: Route) -> tuple[object, ...]:
    host, path, kind = matched_by(route)
    openness = 2 if not host else 1 if host.startswith("*.") else 0
    return openness, -len(host) if openness == 1 else 0, -len(path), kind != "Exact", host, path


def _patterns(route: Route) -> tuple[str, ...]:
    _, path, kind = matched_by(route)
    if kind == "Exact":
        return (path,)
    if path == "/":
        return () if route.host else ("/*",)
    return path, f"{path}/*"
