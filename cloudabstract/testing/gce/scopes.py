"""Where a resource lives and what it is called: scopes, keys, links, and reading references.

A key is printed as a path (`projects/acme/zones/z/disks/d`) and as a link, the URL that Compute
Engine gives in `selfLink`. A reference in a request may be a link, a path with or without the
project, or where the API allows it a bare name; all of them become the same key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cloudabstract.testing.gce import errors

ROOT = "https://www.googleapis.com/compute/v1/"
_REFERENCE = re.compile(
    r"(?:https?://[^/]+/compute/[^/]+/(?=projects/))?"
    r"(?:projects/(?P<project>[^/]+)/)?"
    r"(?:global|(?P<level>zone|region)s/(?P<place>[^/]+))/"
    r"(?P<collection>\w+)/(?P<name>[^/]+)"
)


@dataclass(frozen=True, order=True)
class Scope:
    """The whole project, a region, or a zone."""

    level: str  # "global", "region" or "zone"
    place: str = ""

    @property
    def path(self) -> str:
        return f"{self.level}s/{self.place}" if self.place else "global"

    @property
    def region(self) -> str:
        """The region this lies in; empty for the whole project."""
        return self.place.rsplit("-", 1)[0] if self.level == "zone" else self.place


GLOBAL = Scope("global")


@dataclass(frozen=True, order=True)
class Key:
    """The full name of one resource."""

    project: str
    scope: Scope
    collection: str
    name: str

    @property
    def path(self) -> str:
        return f"projects/{self.project}/{self.scope.path}/{self.collection}/{self.name}"

    @property
    def link(self) -> str:
        return ROOT + self.path


def scope_of(params: Mapping[str, str]) -> Scope:
    """The scope that a path's parameters name."""
    for level in ("zone", "region"):
        if level in params:
            return Scope(level, params[level])
    return GLOBAL


def scope_link(project: str, scope: Scope) -> str:
    """The link of a zone or region."""
    return f"{ROOT}projects/{project}/{scope.path}"


def read(text: str, near: Key, collections: Sequence[str], field: str) -> Key:
    """The key that a reference means; a bare name means one beside `near`.

    Raises ApiError 400 when the reference is malformed or names another kind of resource.
    """
    if "/" not in text:
        return Key(near.project, near.scope, collections[0], text)
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise errors.invalid(field, text, "The URL is malformed.")
    if match["collection"] not in collections:
        expected = " or ".join(collections)
        raise errors.invalid(field, text, f"The URL must name a resource of {expected}.")
    scope = Scope(match["level"], match["place"]) if match["level"] else GLOBAL
    return Key(match["project"] or near.project, scope, match["collection"], match["name"])


def key_of(link: str) -> Key | None:
    """The key of a full link, or None when `link` is not one."""
    match = _REFERENCE.fullmatch(link)
    if match is None or not match["project"]:
        return None
    scope = Scope(match["level"], match["place"]) if match["level"] else GLOBAL
    return Key(match["project"], scope, match["collection"], match["name"])
