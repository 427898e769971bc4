"""Nothing is dropped in silence: whatever is taken out of a manifest, the outcome changes.

The other way round of the table of dispositions: here the outcome is looked at, not the table.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import spec
from cloudabstract.model import wire
from cloudabstract.spec import paths

CORPUS = Path(__file__).parent / "corpus"
VALID = [
    path for path in sorted(CORPUS.glob("*.yaml")) if path.read_text().startswith("# expected: acc")
]
Steps = tuple[str | int, ...]

# What means the same when it is not written: the defaults of Kubernetes, and of our own model.
DEFAULTS: dict[str, tuple[object, ...]] = {
    "allocateLoadBalancerNodePorts": (True,),
    "allowVolumeExpansion": (False,),
    "fsType": ("ext4",),
    "encrypted": ("false",),
    "internalTrafficPolicy": ("Cluster",),
    "namespace": ("default",),
    "persistentVolumeReclaimPolicy": ("Retain",),
    "protocol": ("TCP",),
    "reclaimPolicy": ("Delete",),
    "replicas": (1,),
    "type": ("gp3", "RollingUpdate"),
    "ipFamilyPolicy": ("SingleStack",),
    "sessionAffinity": ("None",),
    "volumeBindingMode": ("Immediate",),
    "volumeMode": ("Filesystem",),
}


def leaves(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value that holds no other, with its place."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*path, number))
    elif value is not None and value != "":
        yield path, value


def plain(raw: Any) -> Any:
    """`raw` as a cluster has it: a mode of files is a number there."""
    return json.loads(json.dumps(raw).replace('"0644"', "420"))


def without(documents: list[Any], number: int, path: Steps) -> list[Any]:
    """`documents`, without one value of one of them."""
    changed = copy.deepcopy(documents)
    here = changed[number]
    for step in path[:-1]:
        here = here[step]
    del here[path[-1]]
    return changed


def told(documents: list[Any], number: int) -> tuple[list[Any], list[str], str]:
    """All that becomes of `documents`, and what is said about one of them."""
    checked = spec.read(documents)
    reading = checked.spec.readings[number]
    said = [str(each) for each in (*reading.problems, *reading.degraded, *reading.notes)]
    return [wire.to_document(each) for each in checked.spec], said, reading.reason


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_is_taken_out_is_missed(path: Path) -> None:
    """Unless it stood for its default, or what is around it is told to have no use."""
    readings = spec.read(path).spec.readings
    documents = [plain(each.document.raw) for each in readings]
    silent = []
    for number, reading in enumerate(readings):
        if reading.disposition != "managed" or not reading.resources:
            continue
        before = told(documents, number)
        covered = [paths.parse(each.field) for each in (*reading.degraded, *reading.notes)]
        for leaf, value in leaves(documents[number]):
            if value in DEFAULTS.get(str(leaf[-1]), ()) or any(
                leaf[: len(each)] == each for each in covered
            ):
                continue
            if told(without(documents, number, leaf), number) == before:
                silent.append((reading.document.subject, paths.text(leaf), value))
    assert silent == []
