"""From PyYAML's nodes to plain values, with unique keys, safe tags and counted aliases."""

from __future__ import annotations

from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from . import scalars
from .paths import Path
from .scan import Limits, Unreadable, exceeded, measure

PLAIN = "plain"  # the tag that text.py gives a scalar with neither quotes nor a tag of its own
_OPEN = object()  # the value of a collection that is still being built


def build(root: Node, limits: Limits, *, may_share: bool) -> Any:
    """The value of one document. `may_share`: there may be aliases. Raises Unreadable."""
    builder = _Builder(limits, may_share=may_share)
    try:
        value = builder.value(root, 1)
    except Unreadable as refusal:
        if builder.refused is not None:
            refusal.path = _way(root, builder.refused)
        raise
    if builder.aliases:
        measure(value, limits)
    return value


def _way(root: Any, wanted: Node) -> Path:
    """The way from `root` to `wanted`, which may be a key; no branch is walked twice."""
    waiting: list[tuple[Any, Path]] = [(root, ())]
    seen: set[int] = set()
    while waiting:
        node, path = waiting.pop()
        if node is wanted:
            return path
        if id(node) in seen or isinstance(node, ScalarNode):
            continue
        seen.add(id(node))
        if not isinstance(node, MappingNode):
            waiting += [(each, (*path, number)) for number, each in enumerate(node.value)]
            continue
        for key, value in node.value:
            here = (*path, key.value) if isinstance(key, ScalarNode) else path
            waiting += [(key, here), (value, here)]
    return ()


class _Builder:
    """Builds the plain value of one document from its nodes."""

    def __init__(self, limits: Limits, *, may_share: bool) -> None:
        self._limits = limits
        self._nodes = 0
        self._seen: dict[int, Any] | None = {} if may_share else None
        self.aliases = 0
        self.refused: Node | None = None  # what could not be built

    def value(self, node: Any, depth: int) -> Any:
        """The value of `node`, which stands `depth` levels down."""
        if self._seen is not None and id(node) in self._seen:
            return self._alias(node)
        kind = type(node)
        if kind is not ScalarNode:
            return self._collection(node, depth)
        tag = node.tag
        if tag is PLAIN:
            value: Any = scalars.plain(node.value)
        else:
            value = node.value if tag is None else self._tagged(node)
        if self._seen is not None:
            self._seen[id(node)] = value
        return value

    def _collection(self, node: Any, depth: int) -> Any:
        if node.tag is not None and node.tag not in scalars.COLLECTIONS:
            raise self._refusal(f"the tag {scalars.short(node.tag)} is not allowed", node)
        self._nodes += len(node.value)
        if depth > self._limits.depth or self._nodes > self._limits.nodes:
            raise exceeded(self._limits, depth, node.start_mark.line + 1)
        if self._seen is not None:
            self._seen[id(node)] = _OPEN
        value: Any
        if isinstance(node, MappingNode):
            value = self._mapping(node, depth)
        else:
            value = [self.value(each, depth + 1) for each in node.value]
        if self._seen is not None:
            self._seen[id(node)] = value
        return value

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            if type(key_node) is not ScalarNode:
                raise self._refusal("a key must be text, not a list or mapping", key_node)
            key = key_node.value
            if key == "<<" and key_node.tag is PLAIN:
                merged.append(value_node)
                continue
            if key in entries:
                raise self._refusal(f"the key {key[:60]!r} is given twice", key_node)
            entries[key] = self.value(value_node, depth + 1)
        for each in merged:
            self._merge(entries, each, depth)
        return entries

    def _merge(self, entries: dict[str, Any], node: Node, depth: int) -> None:
        """`<<`: the entries of one mapping, or of a list of them, that are not there already."""
        value = self.value(node, depth + 1)
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                raise self._refusal("'<<' takes a mapping, or a list of mappings", node)
            for key, each in source.items():
                entries.setdefault(key, each)

    def _alias(self, node: Node) -> Any:
        self.aliases += 1
        if self.aliases > self._limits.aliases:
            message = f"this document uses anchors more than {self._limits.aliases} times"
            raise self._refusal(message, node)
        value = (self._seen or {})[id(node)]
        if value is _OPEN:
            raise self._refusal("this alias stands inside of what it refers to", node)
        return value

    def _tagged(self, node: ScalarNode) -> Any:
        try:
            return scalars.tagged(node.tag, node.value)
        except ValueError as error:
            raise self._refusal(str(error), node) from None

    def _refusal(self, message: str, node: Node) -> Unreadable:
        self.refused = node
        return Unreadable(message, node.start_mark.line + 1)
