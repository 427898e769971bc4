"""Which kinds of Kubernetes there are: ours, those that stay in a cluster, and strangers."""

from __future__ import annotations

import functools
import types
from dataclasses import dataclass, replace

from .. import hints
from ..document import Document
from . import tables


@dataclass(frozen=True)
class Kind:
    """What is known about the kind of a document.

    `ours`: it is read. `problem`: Kubernetes would not know it, with the remedy behind it.
    """

    group: str
    name: str
    ours: bool = False
    known: bool = True
    reason: str = ""
    problem: tuple[str, str] | None = None


def group_of(document: Document) -> str:
    """The API group; "" is the core group."""
    group, slash, _ = document.api_version.partition("/")
    return group if slash else ""


def of(document: Document) -> Kind:
    """The kind of a document that has an apiVersion and a kind."""
    group, name = group_of(document), document.kind
    key = f"{group}/{name}"
    table = tables.load("kinds")
    if key in table["ours"] or key in table["moved"]:
        return _ours(document.api_version, Kind(group, name, ours=True))
    reason = _reasons().get(key)
    if name == "List" and not group:
        return _list(document, Kind(group, name, reason="it is an empty list"))
    if name.endswith("List") and f"{group}/{name.removesuffix('List')}" in _known():
        reason = "it is an empty list"
    if reason is not None:
        return Kind(group, name, reason=reason)
    near = _near(group, name) if is_native(group) else ""
    said = f"nothing here reads {document.api_version} {name}"
    return Kind(group, name, known=False, reason=f"{said}; {near}" if near else said)


def _ours(version: str, kind: Kind) -> Kind:
    table = tables.load("kinds")
    served = [
        f"{kind.group}/{each}".removeprefix("/")
        for each in table["ours"].get(f"{kind.group}/{kind.name}", ())
    ]
    if version in served:
        return kind
    now = table["moved"].get(f"{kind.group}/{kind.name}") or served[0]
    message = f"Kubernetes {table['served']} serves no {version} {kind.name}"
    return Kind(
        kind.group,
        kind.name,
        reason=f"{version} is not served any more",
        problem=(message, f"write {now}, whose fields may differ"),
    )


def _list(document: Document, kind: Kind) -> Kind:
    """A List that has not been taken apart: it is empty, or no list at all."""
    if isinstance(document.raw.get("items"), list | types.NoneType):
        return kind
    return replace(kind, problem=("its items are no list", "write [] for none"))


def is_native(group: str) -> bool:
    """Whether Kubernetes itself defines the group, so that all its kinds are known."""
    return group in {key.partition("/")[0] for key in _known()}


def _near(group: str, name: str) -> str:
    same = [each.partition("/")[2] for each in _known() if each.partition("/")[0] == group]
    return hints.nearest(name, same)


@functools.cache
def _known() -> frozenset[str]:
    """Every kind that Kubernetes has, as `group/kind`."""
    return frozenset(_reasons()) | frozenset(tables.load("kinds")["ours"])


@functools.cache
def _reasons() -> dict[str, str]:
    """Why kinds that are known are not provisioned, by `group/kind`."""
    return {
        kind: each["reason"]
        for each in tables.load("kinds")["recognised"]
        for kind in each["kinds"]
    }
