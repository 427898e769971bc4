"""Configuration: which stack, which target, where the store is, and where each answer came from.

    cloudabstract.yaml, from the working directory upwards, else in the user's config folder

Flags go before CLOUDABSTRACT_* in the environment, these before the file, the file before defaults.
With no file at all there is one target, `local`, of provider local.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from cloudabstract.errors import ConfigError, Problem

from . import config_file, decode, hints
from .config_file import Target, Where

T = TypeVar("T")

APP = "cloudabstract"
PREFIX = "CLOUDABSTRACT_"
LOCAL = "local"


@dataclass(frozen=True)
class Flags:
    """What was asked for on the command line, or as arguments; None where nothing was."""

    stack: str | None = None
    target: str | None = None
    store: str | None = None
    config: str | None = None  # this file and no other


@dataclass(frozen=True)
class Config:
    """What is in force. `origins` says for each value where it came from."""

    stack: str
    target: str  # "" when there are several and none was named
    targets: Mapping[str, Target]
    store: Path
    plugins: tuple[str, ...] | None = None  # only these may be loaded; None: all installed
    file: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> Target:
        """The target in force. Raises ConfigError when it is not known."""
        if self.target in self.targets:
            return self.targets[self.target]
        known = ", ".join(self.targets)
        if not self.target:
            message = f"there are several targets, and none of them is the default: {known}"
            remedy = "name one with --target, or with `target` in the file"
            raise ConfigError([Problem(message, file=str(self.file or ""), remedy=remedy)])
        message = f"there is no target {self.target!r}"
        near = hints.nearest(self.target, self.targets) or f"the targets are {known}"
        problem = Problem(message, subject=self.origins.get("target", ""), remedy=near)
        raise ConfigError([problem])


def load(
    folder: str | Path | None = None,
    flags: Flags | None = None,
    environment: Mapping[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Config:
    """The configuration in force in `folder`, by default the working directory.

    `given` is what the file would say, and then no file is looked for.
    Raises ConfigError with every problem of the file, or of a value given elsewhere.
    """
    here = Path.cwd() if folder is None else Path(folder).absolute()
    asked = flags or Flags()
    variables = os.environ if environment is None else environment
    path = None if given else find(here, asked.config or variables.get(f"{PREFIX}CONFIG"))
    source = given or path
    content = config_file.read(source) if source else config_file.EMPTY
    choices = _Choices(asked, variables, content)
    targets = dict(content.targets) or {LOCAL: Target(LOCAL, LOCAL)}
    project = path.parent if path and path.parent in (here, *here.parents) else here
    stack = choices.pick("stack", label(project.name))
    return Config(
        stack=_checked_stack(stack, choices.origins["stack"]),
        target=choices.pick("target", next(iter(targets)) if len(targets) == 1 else ""),
        targets=targets,
        store=_store(choices, here, path),
        plugins=choices.plugins(),
        file=path,
        origins=choices.origins | {f"targets.{n}": t.where.text for n, t in targets.items()},
    )


def choose(
    given: Config | str | os.PathLike[str] | Mapping[str, Any] | None, flags: Flags
) -> Config:
    """The configuration in force, from whatever form a caller has it in; `flags` go first."""
    if isinstance(given, Config):
        return replace(
            given,
            stack=flags.stack or given.stack,
            target=flags.target or given.target,
            store=Path(flags.store) if flags.store else given.store,
        )
    if isinstance(given, Mapping):
        return load(flags=flags, given=given)
    return load(flags=flags if given is None else replace(flags, config=os.fspath(given)))


def find(folder: Path, given: str | None = None) -> Path | None:
    """The file that counts for `folder`: the one given, else the nearest, else the user's."""
    if given:
        return Path(given).expanduser().absolute()
    for each in (folder, *folder.parents):
        if (each / config_file.NAME).is_file():
            return each / config_file.NAME
    import platformdirs

    own = platformdirs.user_config_path(APP) / config_file.NAME
    return own if own.is_file() else None


def state_folder() -> Path:
    """Where everything that must survive is kept: the user's state folder for cloudabstract."""
    import platformdirs

    return platformdirs.user_state_path(APP)


def label(name: str) -> str:
    """`name` made a DNS label: what a stack is called when nobody named it."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    return plain[:40].rstrip("-") or "default"


class _Choices:
    """Picks each value from where it counts most, and remembers from where."""

    def __init__(
        self, flags: Flags, variables: Mapping[str, str], content: config_file.Content
    ) -> None:
        self._flags, self._variables, self._content = flags, variables, content
        self.origins: dict[str, str] = {}

    def pick(self, name: str, default: str) -> str:
        """The value of `name` by precedence; an empty variable counts as not set."""
        variable = PREFIX + name.upper()
        for value, origin in (
            (getattr(self._flags, name), f"--{name}"),
            (self._variables.get(variable), variable),
            (self._content.values.get(name), self._content.where.at(name)),
        ):
            if value:
                self.origins[name] = origin
                return str(value)
        self.origins[name] = "default"
        return default

    def plugins(self) -> tuple[str, ...] | None:
        """The allow-list, which only the file can give."""
        found = self._content.values.get("plugins")
        self.origins["plugins"] = "default" if found is None else self._content.where.at("plugins")
        return found


def _checked_stack(name: str, origin: str) -> str:
    complaints = decode.typed(config_file.FileKeys, {"stack": name}).complaints
    if complaints:
        raise ConfigError(
            [Problem(each.message, subject=origin, field="stack") for each in complaints]
        )
    return name


def _store(choices: _Choices, here: Path, file: Path | None) -> Path:
    """A path in the file is seen from the file's folder, any other from the working directory."""
    given = choices.pick("store", "")
    if not given:
        return state_folder() / "store.db"
    from_file = file is not None and choices.origins["store"].startswith(str(file))
    start = file.parent if file is not None and from_file else here
    return start / Path(given).expanduser()


def typed_settings(settings_class: type[T], raw: Mapping[str, Any], where: Where) -> T:
    """`raw` as a provider's settings. Raises ConfigError with every problem and its place."""
    decoded = decode.typed(settings_class, raw, settings=True, written=where.written)
    if decoded.value is None:
        raise ConfigError(where.problems(decoded.complaints))
    return decoded.value
