"""The JSON Schema for editors says yes and no to the same documents as we do."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cloudabstract import spec
from cloudabstract.model import API_VERSION, KINDS, Resource, traits, wire
from cloudabstract.spec import frontends, schema

FOLDERS = sorted((Path(__file__).parents[2] / "examples").glob("*/"))


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    """The schema of a whole file."""
    return Draft202012Validator(schema.document_schema())


def is_accepted(document: Any) -> bool:
    """Whether the fields of a document are what they should be; rules across them apart."""
    (reading,) = frontends.read(spec.load([document]))
    return not reading.problems


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy in which the value at `path` is another; without it where `value` is `...`."""
    copy = json.loads(json.dumps(document))
    here = copy
    for step in path[:-1]:
        here = here[step]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return copy


def paths(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for step, each in members:
        yield (*here, step)
        if isinstance(each, dict | list):
            yield from paths(each, (*here, step))


# What a schema cannot say of text: the limits of the number that it stands for. And a float that is
# whole is an integer to JSON Schema.
REPLACEMENTS: list[Any] = [
    ...,
    None,
    True,
    -1,
    0,
    7,
    10**6,
    "",
    "x",
    "A b",
    "10s",
    "10Gi",
    "-1Gi",
    [],
    {},
    ["x"],
]
REPLACEMENTS += [1.5, "80", "TCP", {"x": 1}]


def test_every_schema_is_one() -> None:
    """Each kind's schema, and that of a file, is JSON Schema, with an id that has a version."""
    for each in [*(schema.kind_schema(kind) for kind in KINDS), schema.document_schema()]:
        Draft202012Validator.check_schema(each)
        assert each["$id"].startswith("https://cloudabstract.dev/schema/v1/")


def test_valid_documents_are_valid(shop: str, validator: Draft202012Validator) -> None:
    """Documents of every kind, as files have them and with all defaults."""
    resources = list(spec.read(_documents(shop)).require())
    assert {each.KIND for each in resources} == set(KINDS)
    for document in _documents(shop):
        assert list(validator.iter_errors(document)) == []
    for resource in resources:
        full = wire.to_document(resource, defaults=True)
        assert list(validator.iter_errors(full)) == []
        kind = Draft202012Validator(schema.kind_schema(resource.KIND))
        assert list(kind.iter_errors(full)) == []


def _documents(text: str) -> list[Any]:
    return [each.raw for each in spec.load("-", stdin=io.StringIO(text))]


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_examples_are_valid(path: Path, validator: Draft202012Validator) -> None:
    """Every example that ships passes the reader, and what is ours in it the schema."""
    readings = spec.read(path).spec.readings
    assert [str(each) for each in spec.read(path).problems] == []
    ours = [each.document for each in readings if each.document.api_version in ("", API_VERSION)]
    for document in ours:
        assert list(validator.iter_errors(document.raw)) == []


def test_verdicts_agree_on_wrong_documents(shop: str, validator: Draft202012Validator) -> None:
    """Each value of each document, replaced by each of many others: the answers are the same."""
    differ = []
    for document in _documents(shop):
        for path in list(paths(document)):
            for value in REPLACEMENTS:
                mutant = changed(document, path, value)
                verdicts = is_accepted(mutant), validator.is_valid(mutant)
                if verdicts[0] != verdicts[1] and path != ("kind",):
                    differ.append((document["kind"], path, value, verdicts))
    assert [each for each in differ if not _beyond_schemas(*each[1:3])] == []


def _beyond_schemas(path: tuple[str | int, ...], value: Any) -> bool:
    """Text for a number out of range; other API groups, which are not for the schema."""
    return value in ("10s", "-1Gi", "80", "10Gi") or path == ("apiVersion",)


@settings(max_examples=100, deadline=None)
@given(draw=st.data())
def test_whatever_we_write_is_valid(
    draw: st.DataObject, resources: st.SearchStrategy[Resource], validator: Draft202012Validator
) -> None:
    """Documents of arbitrary resources pass, sparse and full."""
    resource = draw.draw(resources)
    assert list(validator.iter_errors(wire.to_document(resource))) == []
    assert list(validator.iter_errors(wire.to_document(resource, defaults=True))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described(kind: str) -> None:
    """An editor has a text to show for every field, and a default where there is one."""
    cls: Any = KINDS[kind]
    found = dict(_fields(schema.kind_schema(kind)["properties"]["spec"]))
    known = {
        path.removeprefix("spec.").replace("[]", "").replace("{}", ""): each
        for path, each in traits.field_traits(cls).items()
        if path.startswith("spec.")
    }
    assert {path: each["description"] for path, each in found.items()} == {
        path: each.doc for path, each in known.items()
    }
    with_default = [path for path, each in known.items() if each.default not in (None, (), {})]
    assert [path for path in with_default if "default" not in found[path]] == []


def _fields(record: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, each in record.get("properties", {}).items():
        yield prefix + key, each
        for inner in [each, *each.get("anyOf", []), each.get("items", {})]:
            yield from _fields(inner, f"{prefix}{key}.")


def test_the_schema_is_json() -> None:
    """It survives a file."""
    written = json.dumps(schema.document_schema())
    assert json.loads(written) == schema.document_schema()
