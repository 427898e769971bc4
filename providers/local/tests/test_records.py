"""Records: the provider's database of JSON files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cloudabstract.provider import Batch, Incomplete, Wanted
from cloudabstract_local.records import Records, TornError, observed, select
from cloudabstract_local.root import Root

KIND = "local.thing"
LABELS = {"stack": "shop", "resource": "Volume/a", "role": "volume"}


@pytest.fixture
def records(tmp_path: Path) -> Records:
    """Records of one kind in a root of their own."""
    return Records(Root(tmp_path / "root"), KIND)


def wanted(name: str, **fields: object) -> Wanted:
    """An object to be made."""
    return Wanted(KIND, name, "local", fields, LABELS, "token")


def file_of(tmp_path: Path, name: str) -> Path:
    """Where a record is."""
    return tmp_path / "root" / "records" / KIND / f"{name}.json"


def test_a_record_has_its_owner_from_the_first_byte(records: Records, tmp_path: Path) -> None:
    """The one file that makes the object holds the labels too."""
    records.add(wanted("a", size=7))
    written = json.loads(file_of(tmp_path, "a").read_text())

    assert (written["name"], written["labels"], written["fields"]) == ("a", LABELS, {"size": 7})


def test_adding_again_gives_what_stands(records: Records) -> None:
    """A name has one record."""
    first = records.add(wanted("a", size=7))

    assert records.add(wanted("a", size=8)) == first
    assert records.list() == (first,)


def test_change_sets_the_given_fields_only(records: Records) -> None:
    """What is not named stays as it is."""
    records.add(wanted("a", size=7, color="red"))
    changed = records.change("a", {"size": 8})

    assert changed is not None
    assert changed.fields == {"size": 8, "color": "red"}
    assert records.change("b", {}) is None


def test_removing_twice_is_no_error(records: Records, tmp_path: Path) -> None:
    """Absence is success; the kind's folder goes with the last record."""
    records.add(wanted("a"))

    assert records.remove("a") is True
    assert records.remove("a") is False
    assert not file_of(tmp_path, "a").parent.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"kind": "local.thing"}'],
)
def test_a_torn_or_foreign_file_is_reported(
    records: Records, tmp_path: Path, content: bytes
) -> None:
    """It is named, the others are read, and observing says that not all could be read."""
    kept = records.add(wanted("a"))
    file_of(tmp_path, "b").write_bytes(content)
    scan = records.scan()

    assert scan.records == (kept,)
    (message,) = scan.torn
    assert str(file_of(tmp_path, "b")) in message
    with pytest.raises(TornError):
        records.read("b")
    with pytest.raises(Incomplete) as incomplete:
        observed(Batch("local", {}), scan, ())
    assert incomplete.value.found == ()


def test_a_copy_under_another_name_is_foreign(records: Records, tmp_path: Path) -> None:
    """A record says its own name; under another one it is none."""
    records.add(wanted("a"))
    file_of(tmp_path, "b").write_bytes(file_of(tmp_path, "a").read_bytes())

    assert [each.name for each in records.list()] == ["a"]
    assert len(records.scan().torn) == 1


def test_select_finds_by_labels_names_and_ids(records: Records) -> None:
    """All of the labels, or one of the names or ids; and only in its place."""
    for name in ("a", "b"):
        records.add(wanted(name))
    scan = records.scan()

    def names(batch: Batch) -> list[str]:
        return [each.name for each in select(batch, scan)]

    assert names(Batch("local", {"stack": "shop"})) == ["a", "b"]
    assert names(Batch("local", {"stack": "shop", "role": "other"})) == []
    assert names(Batch("local", {}, frozenset({"a", "c"}))) == ["a"]
    assert names(Batch("local", {}, ids=frozenset({"b"}))) == ["b"]
    assert names(Batch("elsewhere", {"stack": "shop"})) == []
    assert names(Batch("local", {})) == []
