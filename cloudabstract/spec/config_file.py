"""cloudabstract.yaml: read, checked, and every value with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any

from cloudabstract.errors import ConfigError, Problem
from cloudabstract.model.limits import DnsLabel, MinLen, doc

from . import loading
from .decode import Complaint, typed
from .document import Document
from .paths import Path

NAME = "cloudabstract.yaml"


@dataclass(frozen=True)
class FileKeys:
    """The keys that the file may have."""

    stack: Annotated[DnsLabel | None, doc("Owner of the resources; unset: the folder's name.")] = (
        None
    )
    target: Annotated[str | None, doc("The default target; unset: the only one.")] = None
    targets: Annotated[
        Mapping[DnsLabel, Mapping[str, Any]],
        doc("Targets by name: `provider`, and whatever settings that provider has."),
    ] = field(default_factory=dict)
    store: Annotated[
        Annotated[str, MinLen(1)] | None,
        doc("File of the history; unset: store.db in the user's state folder."),
    ] = None
    plugins: Annotated[
        tuple[str, ...] | None,
        doc("The only distributions that plugins may come from; unset: all that are installed."),
    ] = None


@dataclass(frozen=True)
class Where:
    """Where some settings stand: at `path` in a file, or nowhere."""

    document: Document | None = None
    path: Path = ()

    @property
    def text(self) -> str:
        """`cloudabstract.yaml:4`, or `default`."""
        return self.at()

    def at(self, *steps: str) -> str:
        """The file and line of something inside."""
        if self.document is None:
            return "default"
        return f"{self.document.file}:{self.document.line_of((*self.path, *steps))}"

    def written(self, path: Path) -> str | None:
        """The text at `path` as it stands in the file."""
        return self.document.written((*self.path, *path)) if self.document else None

    def problems(self, complaints: Iterable[Complaint]) -> list[Problem]:
        """The problems that complaints about something inside are, by line."""
        return sorted(map(self.problem, complaints), key=lambda each: each.line)

    def problem(self, complaint: Complaint) -> Problem:
        """The problem that a complaint about something inside is."""
        shown = self.document or Document("", {})
        path = (*self.path, *complaint.path)
        return shown.problem(path, complaint.message, remedy=complaint.remedy)


@dataclass(frozen=True)
class Target:
    """A named, configured provider. `settings` are as written, for `typed_settings`."""

    name: str
    provider: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True)
class Content:
    """What a file says."""

    values: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    where: Where = field(default_factory=Where)


EMPTY = Content()


def read(source: FilePath | Mapping[str, Any]) -> Content:
    """What a file says, or a mapping in its place. Raises ConfigError with every problem."""
    documents = loading.load(source)
    if documents.problems:
        raise ConfigError(documents.problems)
    if not documents.documents:
        return EMPTY
    first, *more = documents
    if more:
        raise ConfigError([more[0].problem((), "configuration is one document; this is another")])
    decoded = typed(FileKeys, first.raw, settings=True, written=first.written)
    where = Where(first)
    if decoded.value is None:
        raise ConfigError(where.problems(decoded.complaints))
    values = {name: getattr(decoded.value, name) for name in _VALUES}
    return Content(values, _targets(first, decoded.value.targets), where)


_VALUES = ("stack", "target", "store", "plugins")


def _targets(file: Document, named: Mapping[str, Mapping[str, Any]]) -> dict[str, Target]:
    """Every target; what its provider makes of the settings is not looked at yet."""
    targets: dict[str, Target] = {}
    problems: list[Problem] = []
    for name, settings in named.items():
        where = Where(file, ("targets", name))
        provider = settings.get("provider")
        if isinstance(provider, str) and provider:
            rest = {key: value for key, value in settings.items() if key != "provider"}
            targets[name] = Target(name, provider, rest, where)
            continue
        message = "is required" if provider is None else "the provider is a name"
        complaint = Complaint(("provider",), message, "such as local, aws or gcp")
        problems.append(where.problem(complaint))
    if problems:
        raise ConfigError(problems)
    return targets
