"""The spec: valid resources, and where each was written, for whoever still has to object to one.

`read` goes all the way from inputs to a `Checked` spec and collects every problem on the way.
`render` goes back to YAML.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

from cloudabstract.errors import Problem, SpecError
from cloudabstract.model import Resource, ResourceKey, weakness, wire
from cloudabstract.model.weakness import Weakness

from . import check, frontends, loading, paths
from .document import Document
from .frontends import Reading
from .loading import Input
from .scan import Limits


@dataclass(frozen=True)
class Place:
    """Where a resource was written; `fields` as in Reading."""

    document: Document
    fields: Mapping[str, str] = field(default_factory=dict)

    def written_as(self, written: str) -> str:
        """The path in the document of a field of the resource, as far as it leads there."""
        best = max(
            (each for each in self.fields if _leads_to(each, written)), key=len, default=None
        )
        if best is None:
            return written
        found = self.fields[best] + written[len(best) :]
        return found if self.document.has(paths.parse(found)) else self.fields[best]


def _leads_to(prefix: str, path: str) -> bool:
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", ".", "[")


@dataclass(frozen=True)
class Spec:
    """Resources by address. Two specs are equal when their resources are."""

    resources: tuple[Resource, ...] = ()
    places: Mapping[ResourceKey, Place] = field(default_factory=dict, compare=False)
    readings: tuple[Reading, ...] = field(default=(), compare=False)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __contains__(self, key: ResourceKey) -> bool:
        return self.get(key) is not None

    def get(self, key: ResourceKey) -> Resource | None:
        """The resource at that address, if there is one."""
        return self._by_key.get(key)

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        """All resources of a kind, in their order."""
        return tuple(each for each in self.resources if kind == each.KIND)

    @functools.cached_property
    def _by_key(self) -> dict[ResourceKey, Resource]:
        return {each.key: each for each in self.resources}

    def problem(
        self, key: ResourceKey, path: str, message: str, *, code: str = "", remedy: str = ""
    ) -> Problem:
        """A problem with a field (`spec.ports[0].port`) of a resource, with its file and line."""
        place = self.places.get(key)
        if place is None:
            return Problem(message, subject=str(key), field=path, code=code, remedy=remedy)
        written = place.written_as(path)
        return Problem(
            message,
            file=place.document.file,
            line=place.document.line_of(paths.parse(written)),
            subject=place.document.subject,
            field=written,
            code=code,
            remedy=remedy,
        )


@dataclass(frozen=True)
class Checked:
    """What came of some inputs. With problems, `spec` holds only what was valid on its own."""

    spec: Spec
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def require(self) -> Spec:
        """The spec. Raises SpecError with every problem if there is one."""
        if self.problems:
            raise SpecError(self.problems)
        return self.spec


def read(
    inputs: Input | Sequence[Input],
    *,
    stdin: TextIO | None = None,
    limits: Limits | None = None,
) -> Checked:
    """Load, decode and check: paths, folders, `-`, model objects, or documents as mappings.

    Never raises for what is in the inputs; see `Checked.require`.
    """
    with _no_collection():
        return _checked(frontends.read(loading.load(inputs, stdin=stdin, limits=limits)))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Everything that is built here stays, looking for garbage meanwhile doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _checked(readings: Sequence[Reading]) -> Checked:
    spec, twice = _assemble(readings)
    problems = [each for reading in readings for each in reading.problems] + twice
    warnings = [each for reading in readings for each in reading.warnings]
    for key, complaint in check.check(spec.resources):
        found = spec.problem(
            key,
            paths.text(complaint.path),
            complaint.message,
            code=complaint.code,
            remedy=complaint.remedy,
        )
        (warnings if complaint.is_warning else problems).append(found)
    return Checked(spec, _in_order(problems, readings), _in_order(warnings, readings))


def _in_order(problems: Iterable[Problem], readings: Sequence[Reading]) -> tuple[Problem, ...]:
    """As one reads: by file as given, then by line."""
    files = dict.fromkeys(reading.document.file for reading in readings)
    place = {file: number for number, file in enumerate(files)}
    return tuple(sorted(problems, key=lambda each: (place[each.file], each.line)))


def _assemble(readings: Sequence[Reading]) -> tuple[Spec, list[Problem]]:
    """One spec of all readings, and a problem for every address that is used twice."""
    places: dict[ResourceKey, Place] = {}
    resources: list[Resource] = []
    problems: list[Problem] = []
    for reading in readings:
        weak = [_weakness(each) for each in reading.degraded]
        for each in reading.resources:
            resource = weakness.weakened(each, weak)
            key = resource.key
            if key in places:
                problems.append(_twice(reading.document, places[key].document))
                continue
            fields = reading.fields_of.get(key, reading.fields)
            places[key] = Place(reading.document, fields)
            resources.append(resource)
    return Spec(tuple(resources), places, tuple(readings)), problems


def _weakness(found: Problem) -> Weakness:
    return Weakness(found.code, found.field, found.message, found.remedy)


def _twice(again: Document, first: Document) -> Problem:
    where = f"{first.file}:{first.line}" if first.line else f"{first.file}, object {first.index}"
    message = f"is defined twice; the first is at {where}"
    return again.problem(("metadata", "name"), message, remedy="rename one, or leave one out")


def render(resources: Iterable[Resource], *, defaults: bool = False) -> str:
    """YAML documents that read back as equal resources; with `defaults`, everything written out."""
    from . import text

    documents: list[dict[str, Any]] = [
        wire.to_document(each, defaults=defaults) for each in resources
    ]
    return text.dump(documents) if documents else ""
