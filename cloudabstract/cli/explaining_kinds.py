"""Kinds and fields explained, from the model itself: type, limits, default, meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cloudabstract.model import API_VERSION, KINDS, shapes, traits
from cloudabstract.provider import CODES

from . import names
from .explanation import Explanation
from .render import types


def explain(word: str) -> Explanation:
    """`lb.spec.ports[].port`. Raises UsageError with the nearest kind or field."""
    first, *path = word.replace("[]", "").split(".")
    if first.lower() not in names.spellings() and not path:
        near = names.nearest(first.lower(), [*names.spellings(), *map(str.lower, CODES)])
        hint = f"; did you mean {near!r}?" if near else "; `explain` alone lists what there is"
        raise click.UsageError(f"{word!r} is neither a kind nor a code{hint}")
    kind = names.kind(first)
    cls: Any = KINDS[kind]
    here = None
    for depth, step in enumerate(path):
        inner = traits.by_key(cls)
        if step not in inner:
            raise _no_field(".".join((kind, *path[:depth])), step, inner)
        here = inner[step]
        found = _record(here)
        if found is None and depth < len(path) - 1:
            raise _no_field(".".join((kind, *path[: depth + 1])), path[depth + 1], {})
        cls = found
    return _fields(".".join((kind, *path)), here, cls)


def _no_field(where: str, name: str, known: Mapping[str, Any]) -> click.UsageError:
    near = names.nearest(name, known)
    hint = f"; did you mean {near!r}?" if near else f"; it has {', '.join(known) or 'none'}"
    return click.UsageError(f"{where} has no field {name!r}{hint}")


def _record(trait: traits.FieldTrait) -> type | None:
    """The class inside of a field, through lists and maps; None when it has no fields."""
    shape: shapes.Shape | None = trait.shape
    while shape is not None:
        match shape:
            case shapes.Record(type=cls):
                return cls
            case shapes.Nullable(inner=inside) | shapes.Items(item=inside):
                shape = inside
            case shapes.Entries(value=inside):
                shape = inside
            case _:
                shape = None
    return None


def _fields(term: str, trait: traits.FieldTrait | None, cls: type | None) -> Explanation:
    text = []
    extra: dict[str, Any] = {"apiVersion": API_VERSION}
    if trait is not None:
        kind = types.type_text(trait.shape)
        default = types.default_text(trait)
        text.append(f"Type: {kind}{f', {default}' if default else ''}.")
        text.append(" ".join(filter(None, (trait.doc, *types.limits(trait.shape)))))
        text.append(types.change_text(trait))
        extra |= {"type": kind, "required": trait.required}
    elif cls is not None:
        text.append(summary(cls))
    rows = [(each.key, _row(each)) for each in traits.fields(cls)] if cls is not None else []
    if trait is None and cls is not None:  # a kind: its spec is what is wanted
        spec = _record(traits.by_key(cls)["spec"])
        inner = traits.fields(spec) if spec is not None else ()
        rows = [*rows[:1], *((f"spec.{each.key}", _row(each)) for each in inner)]
    return Explanation(term, [each for each in text if each], rows, "FIELDS", extra)


def _row(trait: traits.FieldTrait) -> str:
    default = types.default_text(trait)
    head = f"<{types.type_text(trait.shape)}>{f' {default}.' if default else ''}"
    return f"{head} {trait.doc}".strip()


def summary(cls: type) -> str:
    """What a class of the model is, in a sentence."""
    return " ".join((cls.__doc__ or "").split("\n\n", maxsplit=1)[0].split())
