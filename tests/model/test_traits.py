"""What is known about the fields of the model, and that every field is known about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest

from cloudabstract.model import (
    KINDS,
    LoadBalancer,
    Volume,
    VolumeClaim,
    VolumeClass,
    shapes,
    traits,
)
from cloudabstract.model.limits import Change, Ge, MinLen, Pattern
from cloudabstract.model.traits import FieldTrait, camel, field_traits, shape_at, trait_at


def of(kind: Any) -> Mapping[str, FieldTrait]:
    """The traits of a kind, past the type checker's doubts about classes as keys."""
    return field_traits(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_text(kind: str) -> None:
    """One sentence or two, which the reference and editors show; it ends as sentences do."""
    texts = {path: each.doc for path, each in of(KINDS[kind]).items()}
    del texts["metadata"], texts["spec"]
    assert [path for path, text in texts.items() if not re.fullmatch(r".{5,}\.", text)] == []


@pytest.mark.parametrize(
    ("kind", "path", "change"),
    [
        (LoadBalancer, "spec.loadBalancerClass", Change.IMMUTABLE),
        (LoadBalancer, "spec.routability", Change.REPLACE),
        (LoadBalancer, "spec.ports[].port", Change.REPLACE),
        (LoadBalancer, "spec.ports[].protocol", Change.REPLACE),
        (LoadBalancer, "spec.ports[].targetPort", None),
        (LoadBalancer, "spec.ipFamilies", Change.PRIMARY),
        (LoadBalancer, "spec.sourceRanges", None),
        (Volume, "spec.capacity.storage", Change.GROW),
        (Volume, "spec.volumeMode", Change.IMMUTABLE),
        (Volume, "spec.reclaimPolicy", None),
        (VolumeClaim, "spec.resources.requests.storage", Change.GROW),
        (VolumeClaim, "spec.accessModes", Change.IMMUTABLE),
        (VolumeClaim, "spec.volumeAttributesClassName", None),
        (VolumeClass, "spec.performance", Change.IMMUTABLE),
        (VolumeClass, "spec.allowVolumeExpansion", None),
    ],
)
def test_fields_say_what_a_change_means(kind: Any, path: str, change: Change | None) -> None:
    """As the portable contract has it; None is a change in place."""
    assert of(kind)[path].change is change


def test_a_field_is_found_by_the_path_in_a_document() -> None:
    """Through lists and mappings; an unknown name on the way finds nothing."""
    balancer: Any = LoadBalancer
    found = trait_at(balancer, ("spec", "ports", 3, "targetPort"))
    assert found is not None
    assert (found.name, found.default) == ("target_port", None)
    labels = trait_at(balancer, ("metadata", "labels", "app"))
    assert labels is not None
    assert labels.name == "labels"
    assert shape_at(balancer, ("metadata", "labels", "app")) == shapes.Scalar()
    assert trait_at(balancer, ("spec", "prots", 0)) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("name", "name"),
        ("target_port", "targetPort"),
        ("client_ip", "clientIP"),
        ("ip_mode", "ipMode"),
    ],
)
def test_names_in_documents_are_in_camel_case(name: str, key: str) -> None:
    """As Kubernetes writes them, IP in capitals where it ends a name."""
    assert camel(name) == key


@pytest.mark.parametrize(
    ("hint", "shape"),
    [
        (Annotated[int | None, Ge(1)], shapes.Nullable(inner=shapes.Scalar((Ge(1),), int))),
        (tuple[str, ...], shapes.Items(item=shapes.Scalar())),
        (tuple[int, str], shapes.Fixed(items=(shapes.Scalar(type=int), shapes.Scalar()))),
        (Literal["a"] | Literal["b"], shapes.Choice(values=("a", "b"))),
        (
            Annotated[tuple[str, ...], MinLen(1)] | None,
            shapes.Nullable(inner=shapes.Items((MinLen(1),), shapes.Scalar())),
        ),
        (Any, shapes.Anything()),
    ],
)
def test_hints_are_read_once_for_all(hint: Any, shape: shapes.Shape) -> None:
    """Limits on a union are those of its members."""
    assert shapes.shape_of(hint) == shape


def test_patterns_of_names_are_those_of_dns() -> None:
    """Labels and subdomains of RFC 1123."""
    metadata: Any = LoadBalancer
    shape = shape_at(metadata, ("metadata", "name"))
    assert shape is not None
    pattern = shape.mark(Pattern)
    assert pattern is not None
    for name, fits in {"a": 1, "a-b.c": 1, "0": 1, "-a": 0, "a.": 0, "A": 0, "a..b": 0}.items():
        assert bool(re.fullmatch(pattern.regex, name)) == bool(fits)


def test_the_fields_of_a_type_are_in_their_order() -> None:
    """As they are declared, which is the order in documents and in the reference."""
    metadata: Any = Volume
    assert [each.key for each in traits.fields(metadata)] == ["metadata", "spec"]
