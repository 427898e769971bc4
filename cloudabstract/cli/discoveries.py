"""What was discovered, as YAML with comments and as JSON; and the one that a word means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cloudabstract.errors import CloudAbstractError

from . import names
from .terminal import harmless

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.discovering import Discovery


def text(found: Sequence[Discovery]) -> str:
    """Documents that read back as they are, each under a comment that says what it is."""
    from cloudabstract import spec as specs

    return "---\n".join(
        "".join(f"# {line}\n" for line in _comments(each)) + specs.render([each.resource])
        for each in found
    )


def as_json(each: Discovery) -> dict[str, Any]:
    """The documented form."""
    from cloudabstract.model import wire

    return {
        "resource": str(each.resource.key),
        "document": wire.to_document(each.resource),
        "objects": [
            {"kind": it.kind, "id": it.id, "name": it.name, "place": it.place}
            for it in each.objects
        ],
        "releasedFrom": each.released_from,
        "unsaid": list(each.portable.unsaid),
    }


def one(found: Sequence[Discovery], word: str) -> Discovery:
    """What `word` means: KIND/NAME as discover prints it, or the id of an object.

    Raises CloudAbstractError with the nearest one.
    """
    for each in found:
        ids = {identity for it in each.objects for identity in (it.id, f"{it.kind}/{it.id}")}
        if word == str(each.resource.key) or word in ids or _same(word, each):
            return each
    near = names.nearest(word, [str(each.resource.key) for each in found])
    hint = f"did you mean {near!r}?" if near else "`discover` lists what can be adopted"
    raise CloudAbstractError(f"nothing that belongs to no stack is called {word!r}\nhint: {hint}")


def _same(word: str, each: Discovery) -> bool:
    """Whether `word` is another spelling of the resource's address."""
    first, slash, _ = word.partition("/")
    return (
        bool(slash) and first.lower() in names.spellings() and names.key(word) == each.resource.key
    )


def _comments(each: Discovery) -> Iterator[str]:
    for it in each.objects:
        named = f" ({it.name})" if it.name and it.name != it.id else ""
        yield harmless(f"{it.kind} {it.id}{named} in {it.place}")
    if each.released_from:
        yield f"released from stack {harmless(each.released_from)}"
    for line in each.portable.unsaid:
        yield f"not said here: {harmless(line)}"
