"""Objects and documents are two faces of one model: nothing is lost on the way between them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudabstract import spec
from cloudabstract.model import Resource, codec, wire
from cloudabstract.spec import frontends

Strategy = st.SearchStrategy[Resource]

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def decoded(text: str) -> list[Resource]:
    """The resources that a text stands for; rules across fields are not asked."""
    readings = frontends.read(spec.load("-", stdin=io.StringIO(text)))
    assert [each.problems for each in readings if each.problems] == []
    return [resource for each in readings for resource in each.resources]


@MANY
@given(draw=st.data())
def test_an_object_survives_yaml(draw: st.DataObject, resources: Strategy) -> None:
    """Rendered to YAML, sparse or with defaults, and read again, an object is equal."""
    resource = draw.draw(resources)
    assert decoded(spec.render([resource])) == [resource]
    assert decoded(spec.render([resource], defaults=True)) == [resource]


@MANY
@given(draw=st.data())
def test_an_object_survives_json(draw: st.DataObject, resources: Strategy) -> None:
    """The same through a JSON document, and through the codec that plans and history use."""
    resource = draw.draw(resources)
    document = wire.to_document(resource)
    assert decoded(json.dumps(document)) == [resource]
    assert wire.from_document(json.loads(json.dumps(document))) == resource
    written = json.loads(json.dumps(codec.to_json(resource)))
    assert codec.from_json(type(resource), written) == resource


def test_a_document_survives_being_an_object(
    shop: str, read: Callable[[str], spec.Checked]
) -> None:
    """Read and rendered, twice over, the text is the same; so are the resources."""
    once = read(shop).require()
    again = read(spec.render(once)).require()
    assert again == once
    assert spec.render(again) == spec.render(once)


def test_objects_go_through_the_same_checks(shop: str, read: Callable[[str], spec.Checked]) -> None:
    """Python objects are read like documents, and come out equal."""
    resources = read(shop).require().resources
    assert spec.read(list(resources)).require().resources == resources


def test_no_resource_is_no_text() -> None:
    """An empty spec renders as nothing, and nothing reads as an empty spec."""
    assert spec.render([]) == ""
    assert decoded("") == []
