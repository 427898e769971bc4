"""Every field of every kind that is read has a disposition; none is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cloudabstract.model import KINDS, traits
from cloudabstract.spec.kubernetes import dispositions, structure, tables

KIND_OF = {
    "Service": "LoadBalancer",
    "Ingress": "LoadBalancer",
    "LoadBalancer": "LoadBalancer",
    "PersistentVolume": "Volume",
    "PersistentVolumeClaim": "VolumeClaim",
    "StorageClass": "VolumeClass",
    "VolumeAttributesClass": "VolumeAttributesClass",
    "VolumeSnapshot": "VolumeSnapshot",
    "StatefulSet": "VolumeClaim",
}
KUBERNETES = sorted(KIND_OF)


def uncovered(kind: str, name: str, prefix: str = "") -> Iterator[str]:
    """Fields below the type `name` that no entry covers."""
    for key, inner in structure.fields_of(name).items():
        path, shape = f"{prefix}{key}", inner
        while shape.startswith("["):
            path, shape = f"{path}[]", shape[1:-1]
        if dispositions.covering(kind, path) is not None:
            continue
        if structure.fields_of(shape):
            yield from uncovered(kind, shape, f"{path}.")
        else:
            yield path


@pytest.mark.parametrize("kind", KUBERNETES)
def test_every_field_that_kubernetes_has_is_covered(kind: str) -> None:
    """The table of fields is Kubernetes' own, so a new release shows here."""
    assert list(uncovered(kind, kind)) == []


@pytest.mark.parametrize("kind", KUBERNETES)
def test_every_entry_is_about_a_field_that_exists(kind: str) -> None:
    """And says one of the three things."""
    for field, entry in dispositions.of_kind(kind).items():
        assert len({"as", "how", "cluster"} & set(entry)) == 1, field
        if field == "status" and field not in structure.fields_of(kind):
            continue  # classes have none
        here = kind
        for step in field.split("."):
            fields = structure.fields_of(here)
            assert step.removesuffix("[]") in fields, field
            here = fields[step.removesuffix("[]")].strip("[]")


@pytest.mark.parametrize("kind", KUBERNETES)
def test_honoured_fields_are_fields_of_ours(kind: str) -> None:
    """What an entry names as the portable field is one."""
    cls: Any = KINDS[KIND_OF[kind]]
    known = traits.field_traits(cls)
    for entry in dispositions.of_kind(kind).values():
        if "as" in entry:
            portable = entry["as"]
            path = portable.removesuffix(".matchLabels")
            assert portable in known or path in known, portable


def values(pattern: str, value: Any) -> dict[str, Any]:
    """A document in which `value` stands at `pattern`."""
    name, _, rest = pattern.partition(".")
    inner = values(rest, value) if rest else value
    return {name.removesuffix("[]"): [inner] if name.endswith("[]") else inner}


@pytest.mark.parametrize("kind", KUBERNETES)
def test_what_only_a_cluster_has_objects_unless_it_is_the_default(kind: str) -> None:
    """Each such field: silent with its default and when it is empty, told with anything else."""
    for field, entry in dispositions.of_kind(kind).items():
        if "cluster" not in entry:
            continue
        for silent in (*entry.get("default", ()), None, {}, []):
            assert list(dispositions.cluster_only(kind, values(field, silent))) == []
        told = list(dispositions.cluster_only(kind, values(field, "something else")))
        assert [each.code for each in told] == [entry.get("code", "LB000")]


def test_the_tables_know_the_same_kinds() -> None:
    """Kinds, fields and dispositions speak of the same set."""
    ours = {key.partition("/")[2] for key in tables.load("kinds")["ours"]}
    assert ours == set(KUBERNETES)
    assert set(tables.load("dispositions")) - {dispositions.COMMON} == ours


@pytest.mark.parametrize(
    ("text", "field", "remedy"),
    [
        ("ports: [{port: 80, targetport: 80}]", "spec.ports[0].targetport", "'targetPort'"),
        ("ports: {port: 80}", "spec.ports", ""),
        ("ports: [{port: eighty}]", "spec.ports[0].port", ""),
        ("selector: {app: 1}, ports: [{port: 80}]", "spec.selector.app", 'quote it: "1"'),
        ("publishNotReadyAddresses: 'true', ports: [{port: 80}]", "", "leave out the quotes"),
    ],
)
def test_strict_decoding(read: Callable[[str], Any], text: str, field: str, remedy: str) -> None:
    """Unknown fields and wrong types are refused at their place, with a remedy if there is one."""
    told = read(f"{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {{{text}}}}}")
    assert told.problems == [field or "spec.publishNotReadyAddresses"]
    assert remedy in told.checked.problems[0].remedy
