"""Inputs become documents that know where they stand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cloudabstract import spec
from cloudabstract.spec import Limits


def lines(text: str, *paths: tuple[str | int, ...]) -> list[list[int]]:
    """For each document: its line, and the lines of `paths`."""
    documents = spec.load("-", stdin=io.StringIO(text))
    return [[each.line, *(each.line_of(path) for path in paths)] for each in documents]


def test_a_document_begins_at_its_first_key() -> None:
    """Comments, blank lines and markers before it do not count; empty documents are left out."""
    text = "# shop\n\na: 1\n---\n---\n# more\n---\n\nb: 1\n...\n---\nc: 1"
    assert lines(text) == [[3], [9], [12]]


def test_every_field_has_a_line() -> None:
    """The line of a key, of an item, and of the nearest thing that is there for what is not."""
    text = "x: 1\n---\nspec:\n  ports:\n    - {port: 80,\n       name: a}\n    - port: 81\n"
    port = ("spec", "ports", 0)
    found = lines(text, (*port, "port"), (*port, "name"), ("spec", "ports", 1), ("spec", "no", "x"))
    assert found[1] == [3, 5, 6, 7, 3]


def test_json_has_lines_too() -> None:
    """JSON is read as JSON, and placed as YAML; tabs and all."""
    text = '\n{\n\t"kind": "X",\n\t"spec": {\n\t\t"a": [1,\n\t\t2]}}'
    assert lines(text, ("spec", "a", 1)) == [[2, 6]]


def test_lists_are_taken_apart() -> None:
    """Items of a `kind: List`, also of a List in a List, are documents with lines of their own."""
    text = "kind: List\nitems:\n- kind: A\n- kind: List\n  items:\n  - kind: B\n    spec: {x: 1}\n"
    documents = spec.load("-", stdin=io.StringIO(text)).documents
    assert [(each.kind, each.line, each.line_of(("spec", "x"))) for each in documents] == [
        ("A", 3, 3),
        ("B", 6, 7),
    ]


def test_a_broken_document_breaks_no_other() -> None:
    """The documents around it are read; the broken one says why, with its line in the file."""
    documents = spec.load("-", stdin=io.StringIO("a: 1\n---\nb: [\n---\nc: 1\n"))
    assert [(each.raw, each.line) for each in documents] == [
        ({"a": 1}, 1),
        (None, 3),
        ({"c": 1}, 5),
    ]
    assert [each.line for each in documents.problems] == [3]


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """All below it, sorted; hidden files, other endings and our configuration are left out."""
    for name in ("b.yaml", "a/z.yml", "a/c.json", "a.yaml", ".git/x.yaml", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"name": name}))
    (tmp_path / "cloudabstract.yaml").write_text("target: local\n")
    documents = spec.load([tmp_path, str(tmp_path / "b.yaml")])
    assert [each.raw["name"] for each in documents] == ["a/c.json", "a/z.yml", "a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("kind: Ä".encode("utf-16"), "Ä"),
        ("\ufeffkind: Ä".encode(), "Ä"),
        (b"kind: B\r\nspec: {}\r\n", "B"),
    ],
)
def test_usual_encodings_are_read(content: bytes, expected: str, tmp_path: Path) -> None:
    """UTF-8 with and without a mark, UTF-16 with one, and lines that end as on Windows."""
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    assert [each.kind for each in spec.load(path)] == [expected]


def test_unreadable_inputs_say_why(tmp_path: Path) -> None:
    """One problem each, with the name that was given, and with the line where there is one."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: \xe4\n")
    (tmp_path / "large.yaml").write_bytes(b"a" * 101)
    names = ["absent.yaml", "empty", "latin.yaml", "large.yaml", "a\0b"]
    found = spec.load([str(tmp_path / each) for each in names], limits=Limits(file_bytes=100))
    assert [str(each).removeprefix(f"{tmp_path}/") for each in found.problems] == [
        "absent.yaml: there is no such file or folder",
        "empty: this folder has no *.yaml, *.yml, *.json in it",
        "latin.yaml:2: this is not text in UTF-8 (hint: convert it)",
        "large.yaml: this is larger than 9.53674e-05 MiB (hint: split it into several)",
        "a\0b: this is not a name that a file can have",
    ]


def test_the_number_of_documents_is_limited() -> None:
    """What comes after is not looked at."""
    found = spec.load("-", stdin=io.StringIO("a: 1\n---\n" * 5), limits=Limits(documents=3))
    assert [each.message for each in found.problems] == ["there are more than 3 documents"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("12", 12),
        ("-0x1F", -31),
        ("1.5e3", 1500.0),
        ("010", "010"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2001-01-01", "2001-01-01"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1.0e999", "1.0e999"),
        ("0b1", "0b1"),
        ("=", "="),
        ("y", "y"),
        ("'yes'", "yes"),
        ("!!str yes", "yes"),
        ("!!float 1", 1.0),
    ],
)
def test_scalars_mean_what_people_take_them_for(written: str, value: object) -> None:
    """Truth values and numbers where nobody is surprised; all else is the text that is written."""
    found = spec.load("-", stdin=io.StringIO(f"a: {written}\n")).documents[0].raw["a"]
    assert (found, type(found)) == (value, type(value))


def test_keys_are_text() -> None:
    """`on`, `1` and `null` as keys are what is written."""
    raw = spec.load("-", stdin=io.StringIO("on: 1\n1: 2\nnull: 3\n1.0: 4\n")).documents[0].raw
    assert raw == {"on": 1, "1": 2, "null": 3, "1.0": 4}


def test_anchors_and_merge_keys_work() -> None:
    """As YAML has them: what is written in a mapping goes before what is merged into it."""
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{z: 1}, *a]}\nd: *a\n"
    raw = spec.load("-", stdin=io.StringIO(text)).documents[0].raw
    assert raw["b"] == {"x": 1, "y": 3}
    assert raw["c"] == {"x": 1, "y": 2, "z": 1}
    assert raw["d"] == raw["a"]


def test_an_explicit_null_is_the_default(read: Callable[[str], spec.Checked]) -> None:
    """`annotations:` with nothing after it, as many files have, is as if it were not there."""
    balancer = "kind: LoadBalancer\nmetadata: {name: a, labels: , namespace: ~}\nspec:\n"
    plain = "kind: LoadBalancer\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n"
    text = balancer + "  ports: [{port: 80, protocol: null}]\n  routes:\n  healthCheck: {path: }\n"
    assert read(text).require() == read(plain).require()


def test_json_objects_may_follow_each_other() -> None:
    """As tools write them, with or without a line between; each knows its lines."""
    text = '{"a": "}{",\n "b": 1}{"a": 2}\n\n{"a":\n3}\n'
    assert lines(text, ("b",), ("a",)) == [[1, 2, 1], [2, 2, 2], [4, 4, 4]]
    broken = list(spec.load("-", stdin=io.StringIO('{"a": 1}\n{"a": 2')))
    assert [each.broken is None for each in broken] == [True, False]
