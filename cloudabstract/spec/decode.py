"""Plain values to typed objects, or every problem at once, each with its path.

`typed` is for anything that has a dataclass: documents, and settings of targets. An explicit null
on a field that has a default counts as not written, as in Kubernetes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cloudabstract.model import shapes, traits

from . import sentences
from .paths import Path

T = TypeVar("T")


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a value, before it is known where the value stands."""

    path: Path
    message: str
    remedy: str = ""
    code: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Decoded(Generic[T]):
    """A typed value, or complaints."""

    value: T | None
    complaints: tuple[Complaint, ...] = ()


def typed(
    cls: type[T],
    raw: Any,
    *,
    written: Callable[[Path], str | None] = lambda path: None,
    settings: bool = False,
) -> Decoded[T]:
    """`raw` as an instance of the dataclass `cls`.

    Fields are called as in documents (`targetPort`); in `settings` as in Python (`endpoint_url`),
    and no text is shown in a message, for it may be a secret. `written` gives the text at a path
    as it stands in the file.
    """
    from . import validator

    known: Any = cls
    try:
        return Decoded(validator.validator(known, python_names=settings).validate_python(raw))
    except validator.ValidationError as error:
        failures = error.errors(include_url=False)
    given = _Input(cls, raw, settings, written)
    nulls = {path for each in failures if (path := _null(given, each))}
    if nulls:
        return typed(cls, _without(raw, nulls), written=written, settings=settings)
    found = (_complaint(given, each) for each in failures)
    return Decoded(None, tuple(each for each in found if each))


@dataclass(frozen=True)
class _Input:
    """What was given, and what is known about the fields under the names that it uses."""

    cls: Any
    raw: Any
    settings: bool
    written: Callable[[Path], str | None]

    def shape(self, path: Path) -> shapes.Shape:
        """The shape of the value at `path`."""
        found = traits.shape_at(self.cls, path, python_names=self.settings)
        return found or shapes.Anything()

    def siblings(self, path: Path) -> tuple[str, ...]:
        """The names that could stand at the end of `path`."""
        parent = self.shape(path[:-1]) if len(path) > 1 else shapes.Record(type=self.cls)
        if not isinstance(parent, shapes.Record):
            return ()
        return tuple(traits.by_key(parent.type, python_names=self.settings))

    def inside(self, path: Path) -> Path:
        """As much of `path` as leads to something: the rest names members of a union."""
        here = self.raw
        for length, step in enumerate(path):
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return path[:length]
        return path


def _null(given: _Input, failure: Any) -> Path | None:
    """The path of a failure that is nothing but a null on a field with a default."""
    path: Path = failure["loc"]
    if failure["input"] is not None or not path or given.inside(path) != path:
        return None
    trait = traits.trait_at(given.cls, path, python_names=given.settings)
    if trait is None or trait.required:
        return None
    return path if path[-1] == (trait.name if given.settings else trait.key) else None


def _without(raw: Any, paths: set[Path], here: Path = ()) -> Any:
    """A copy of `raw` that lacks the entries at `paths`."""
    if isinstance(raw, Mapping):
        return {
            key: _without(each, paths, (*here, key))
            for key, each in raw.items()
            if (*here, key) not in paths
        }
    if isinstance(raw, list | tuple):
        return [_without(each, paths, (*here, number)) for number, each in enumerate(raw)]
    return raw


def _complaint(given: _Input, failure: Any) -> Complaint | None:
    kind, value, path = failure["type"], failure["input"], tuple(failure["loc"])
    details = failure.get("ctx", {})
    if kind == "too_short" and len(value) >= details["min_length"]:
        return None  # its items are wrong, and have complaints of their own
    is_key = path[-1:] == ("[key]",)
    is_unknown = kind == "unexpected_keyword_argument"
    if kind != "missing" and not is_unknown:
        path = given.inside(path)
    case = sentences.Case(
        type=kind,
        value=value,
        shape=_meant(given.shape(path[:-1] if is_key else path), value, is_key=is_key),
        why=str(details.get("why") or details.get("error") or ""),
        written=None if is_key else given.written(path),
        siblings=given.siblings(path) if is_unknown else (),
        name=str(path[-1]) if path else "",
        discreet=given.settings,
    )
    return Complaint(path, *sentences.sentence(case))


def _meant(shape: shapes.Shape, value: Any, *, is_key: bool) -> shapes.Shape:
    """Of a mapping the key, of a union the member that was meant."""
    if is_key and isinstance(shape, shapes.Entries):
        return shape.key
    for each in shape.options if isinstance(shape, shapes.Either) else ():
        if isinstance(each, shapes.Scalar) and type(value) is each.type:
            return each
    return shape
