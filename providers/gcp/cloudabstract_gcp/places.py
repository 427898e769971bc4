"""Where objects live, and how they are named across places.

A *place*, as the engine means it, is a region: all kinds are looked for by region. A *scope* is
Google's own: a zone, a region, or the whole project ("global"). A zone belongs to the place of its
region; a global object to the place that its owner's mark names (ownership.py).

Links are compared without host and version: `projects/acme/regions/europe-west1/addresses/web`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["zone", "region", "global"]
_ROOT = "https://www.googleapis.com/compute/v1/"


@dataclass(frozen=True, order=True)
class Scope:
    """A zone, a region, or the project as a whole (`name` is "" then)."""

    level: Level
    name: str = ""

    @property
    def path(self) -> str:
        """As it stands in links: `zones/europe-west1-b`, `global`."""
        return f"{self.level}s/{self.name}" if self.name else self.level

    @property
    def region(self) -> str:
        """The region it is in; "" for the project as a whole."""
        return self.name.rpartition("-")[0] if self.level == "zone" else self.name

    @property
    def arguments(self) -> Mapping[str, str]:
        """As it stands in requests: `{"zone": "europe-west1-b"}`; nothing for global ones."""
        return {self.level: self.name} if self.name else {}


GLOBAL = Scope("global")


def region(name: str) -> Scope:
    """The scope of a region."""
    return Scope("region", name)


def zone(name: str) -> Scope:
    """The scope of a zone."""
    return Scope("zone", name)


def relative(link: str) -> str:
    """A link of any form without host and version; what is no link stays as it is."""
    _, found, rest = link.partition("projects/")
    return f"projects/{rest}" if found else link


def absolute(link: str) -> str:
    """A link with Google's host and version, for the few fields that take no other form."""
    return f"{_ROOT}{relative(link)}"


def link(project: str, scope: Scope, collection: str, name: str) -> str:
    """The relative link of an object."""
    return f"projects/{project}/{scope.path}/{collection}/{name}"


def subnetwork_of(told: Mapping[str, Any], project: str) -> str:
    """The subnetwork of an object; where it names none, its network's own, named as the network."""
    named = relative(str(told.get("subnetwork", "")))
    network, here = str(told.get("network", "")), scope_of(relative(str(told.get("selfLink", ""))))
    if named or not network or not here.region:
        return named
    owner = relative(network).split("/")[1] if "/" in network else project
    return link(owner, region(here.region), "subnetworks", name_of(network))


def scope_of(text: str) -> Scope:
    """The scope in a link, or in a key of an aggregated list: `zones/europe-west1-b`."""
    parts = text.split("/")
    levels: tuple[Level, ...] = ("zone", "region")
    for level in levels:
        if f"{level}s" in parts[:-1]:
            return Scope(level, parts[parts.index(f"{level}s") + 1])
    return GLOBAL


def name_of(text: str) -> str:
    """The last part of a link."""
    return text.rpartition("/")[2]
