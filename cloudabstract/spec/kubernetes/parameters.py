"""What the parameters of storage drivers mean in portable words, from tables/provisioners.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import readers, tables
from .lookup import labels
from .names import shown
from .remarks import STORAGE, Remark, degrade, note


class Parameters:
    """The parameters of one class: values for portable fields, and remarks about the rest."""

    def __init__(self, raw: Any, known: dict[str, Any], of: str) -> None:
        self._values: dict[str, Any] = {}
        self._keys: dict[str, str] = {}
        self.remarks: list[Remark] = []
        for key, value in labels(raw, "parameters").items():
            self.remarks += self._learn(key, value, known.get(key), of)

    def get(self, field: str) -> Any:
        """The value for `field`, or None."""
        return self._values.get(field)

    def path(self, field: str) -> Path:
        """Where the value for `field` stands."""
        return ("parameters", self._keys[field]) if field in self._keys else ("parameters",)

    def _learn(
        self, key: str, value: str, entry: dict[str, Any] | None, of: str
    ) -> Iterator[Remark]:
        path: Path = ("parameters", key)
        if entry is None:
            yield note(STORAGE, path, f"a parameter of {of} without a portable meaning")
            return
        try:
            meant = readers.read(entry, value)
        except ValueError as error:
            yield degrade(STORAGE, path, f"{shown(value)} is not used: {error}")
            return
        if entry["field"]:
            self._values.setdefault(entry["field"], meant)
            self._keys.setdefault(entry["field"], key)
        if entry.get("encrypts"):
            self._values.setdefault("encrypted", True)


def driver(name: str) -> dict[str, Any] | None:
    """What is known about the driver of that name, or None."""
    found = (each for each in tables.load("provisioners")["drivers"] if name in each["names"])
    return next(found, None)


def of_class(raw: Any, name: str) -> Parameters:
    """The parameters of a StorageClass whose provisioner is `name`."""
    known = driver(name) or {"parameters": {}, "of": "a cluster's driver"}
    return Parameters(raw, {**_common(), **known["parameters"]}, known["of"])


def of_attributes(raw: Any, name: str) -> Parameters:
    """The parameters of a VolumeAttributesClass for the driver `name`."""
    return Parameters(raw, tables.load("provisioners")["attributes"].get(name, {}), name[:60])


def _common() -> dict[str, Any]:
    common: dict[str, Any] = tables.load("provisioners")["every driver"]
    return common
