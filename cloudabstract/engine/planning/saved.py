"""A plan in a file: the spec it was made from and the changes it showed, nothing secret.

Applying it makes the plan again and refuses if it is another; so the file needs no more than this,
and nothing in it is trusted beyond what a spec may say.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudabstract import spec
from cloudabstract.errors import ConfigError
from cloudabstract.model import Resource, wire

from .change import Options, Plan

FORMAT = "cloudabstract-plan/1"


@dataclass(frozen=True)
class Saved:
    """A plan as it was shown."""

    stack: str
    target: str
    resources: tuple[Resource, ...]
    options: Options
    changes: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, plan: Plan) -> Saved:
        """What of `plan` must be kept."""
        return cls(
            plan.stack,
            plan.target,
            tuple(plan.desired.asked.values()),
            plan.options,
            tuple(each.as_json() for each in plan.changes),
        )

    def as_json(self) -> dict[str, Any]:
        """The contents of the file."""
        return {
            "format": FORMAT,
            "stack": self.stack,
            "target": self.target,
            "options": {
                "prune": self.options.prune,
                "retainData": self.options.retain_data,
                "allowDataLoss": sorted(self.options.data_loss),
                "only": sorted(self.options.only),
                "exclude": sorted(self.options.exclude),
            },
            "spec": [wire.to_document(each, defaults=True) for each in self.resources],
            "changes": [dict(each) for each in self.changes],
        }

    @classmethod
    def read(cls, raw: Any, resources: tuple[Resource, ...]) -> Saved:
        """The inverse of `as_json`; `resources` are its "spec", decoded and checked.

        Raises ConfigError when `raw` is not a saved plan of this format.
        """
        if not is_saved(raw):
            raise ConfigError(f"this is not a plan of format {FORMAT}; make it with `plan --out`")
        try:
            options = Options(
                bool(raw["options"]["prune"]),
                bool(raw["options"]["retainData"]),
                frozenset(map(str, raw["options"]["allowDataLoss"])),
                only=frozenset(map(str, raw["options"].get("only", ()))),
                exclude=frozenset(map(str, raw["options"].get("exclude", ()))),
            )
            changes = tuple(dict(each) for each in raw["changes"])
            return cls(str(raw["stack"]), str(raw["target"]), resources, options, changes)
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"the saved plan is damaged: {error!r}; make a new one") from error


def is_saved(raw: Any) -> bool:
    """Whether a JSON document is a saved plan."""
    return isinstance(raw, dict) and raw.get("format") == FORMAT


def load(source: Any) -> Saved | None:
    """The saved plan in the file `source`; None when that is no path, or holds something else.

    Raises SpecError or ConfigError when it is a saved plan that is damaged.
    """
    if not isinstance(source, (str, os.PathLike)) or not str(source).endswith(".json"):
        return None
    try:
        raw = json.loads(Path(source).read_text())
    except (OSError, ValueError):
        return None  # whoever reads it as a spec says what is wrong
    if not is_saved(raw):
        return None
    return Saved.read(raw, spec.read(raw.get("spec", [])).require().resources)
