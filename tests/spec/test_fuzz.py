"""Whatever the input, the answer is a spec or problems with the file's name, never a crash.

`FUZZ_ROUNDS` sets how many mutations are tried, and `FUZZ_FOLDER` adds the YAML files below a
folder to the documents that are mutated.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudabstract import spec
from cloudabstract.errors import SpecError
from cloudabstract.model import Resource

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "2000"))
FOLDER = os.environ.get("FUZZ_FOLDER", "")

Mutation = Callable[[random.Random, bytes], bytes]


def check(path: Path) -> None:
    """What must hold for any file at all."""
    checked = spec.read(path)
    assert all(each.file == str(path) for each in checked.problems + checked.warnings)
    assert all(each.message and "\n" not in str(each) for each in checked.problems)
    assert all("pydantic" not in str(each).lower() for each in checked.problems)
    assert len(checked.spec.readings) >= len(checked.spec.resources)
    if checked.problems:
        with pytest.raises(SpecError) as caught:
            checked.require()
        assert caught.value.problems == checked.problems


def flip(dice: random.Random, text: bytes) -> bytes:
    """Another byte in place of one."""
    place = dice.randrange(len(text))
    return text[:place] + bytes([dice.randrange(256)]) + text[place + 1 :]


def cut(dice: random.Random, text: bytes) -> bytes:
    """A stretch is missing."""
    place = dice.randrange(len(text))
    return text[:place] + text[place + dice.randrange(30) :]


def insert(dice: random.Random, text: bytes) -> bytes:
    """Something that means much to YAML."""
    place = dice.randrange(len(text))
    return text[:place] + dice.choice(TOKENS) + text[place:]


def move(dice: random.Random, text: bytes) -> bytes:
    """One line stands elsewhere, or twice."""
    lines = text.splitlines(keepends=True)
    line = dice.choice(lines)
    if dice.random() < 0.5:
        lines.remove(line)
    lines.insert(dice.randrange(len(lines) + 1), line)
    return b"".join(lines)


def indent(dice: random.Random, text: bytes) -> bytes:
    """One line is further in or out."""
    lines = text.splitlines(keepends=True)
    number = dice.randrange(len(lines))
    lines[number] = dice.choice([b"  " + lines[number], lines[number].lstrip(), b"\t"])
    return b"".join(lines)


def retype(dice: random.Random, text: bytes) -> bytes:
    """A value of another type stands behind some colon."""
    parts = text.split(b": ")
    number = dice.randrange(len(parts))
    parts[number] = dice.choice(VALUES) + b"\n" + parts[number]
    return b": ".join(parts)


TOKENS = [b": ", b"- ", b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!!int ", b"!x ", b"'", b'"', b"|"]
TOKENS += [
    b"---\n",
    b"...\n",
    b"<<: ",
    b"? ",
    b"#",
    b"%",
    b"@",
    b"\x00",
    b"\xff",
    b"\xc2\x85",
    b"\t",
]
VALUES = [
    b"~",
    b"true",
    b"1e999",
    b"-1",
    b"0x1F",
    b"[]",
    b"{}",
    b".nan",
    b"2001-01-01",
    b"12:30",
    b"''",
]
MUTATIONS: tuple[Mutation, ...] = (flip, cut, insert, move, indent, retype)


def corpus(shop: str) -> list[bytes]:
    """The documents that are mutated."""
    files = sorted(Path(FOLDER).rglob("*.yaml")) if FOLDER else []
    listed = "kind: List\nitems:\n" + "".join(
        "- " + document.replace("\n", "\n  ").rstrip() + "\n" for document in shop.split("---\n")
    )
    own = [shop, listed, *shop.split("---\n")]
    return [each.encode() for each in own] + [each.read_bytes() for each in files]


def test_mutated_documents_never_crash_it(shop: str, tmp_path: Path) -> None:
    """Valid documents with one to four mutations each, the same ones in every run."""
    dice = random.Random(20)
    originals = corpus(shop)
    path = tmp_path / "mutant.yaml"
    for _ in range(ROUNDS):
        text = dice.choice(originals)
        for _ in range(dice.randint(1, 4)):
            text = dice.choice(MUTATIONS)(dice, text) or b"a"
        path.write_bytes(text)
        check(path)


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=200))
def test_bytes_never_crash_it(content: bytes, tmp_path_factory: object) -> None:
    """Any bytes at all."""
    path = Path(tmp_path_factory.getbasetemp()) / "bytes.yaml"  # type: ignore[attr-defined]
    path.write_bytes(content)
    check(path)


@settings(max_examples=300, deadline=None)
@given(content=st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t<~0", max_size=60))
def test_punctuation_never_crashes_it(content: str, tmp_path_factory: object) -> None:
    """Text of the characters that mean something to YAML."""
    path = Path(tmp_path_factory.getbasetemp()) / "text.yaml"  # type: ignore[attr-defined]
    path.write_text(content)
    check(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "metadata", "spec", "name", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=500, deadline=None)
@given(document=st.dictionaries(st.sampled_from(["apiVersion", "kind", "metadata", "spec"]), JSON))
def test_objects_never_crash_it(document: dict[str, object]) -> None:
    """Mappings from Python that are nothing like documents; problems say `<python>`."""
    checked = spec.read([document])
    assert len(checked.spec) == 0
    assert {each.file for each in checked.problems} <= {"<python>"}


@settings(max_examples=200, deadline=None)
@given(draw=st.data())
def test_every_field_may_hold_anything(
    draw: st.DataObject, resources: st.SearchStrategy[Resource]
) -> None:
    """A valid document in which one value was replaced by any other never crashes it."""
    from cloudabstract.model import wire

    document = wire.to_document(draw.draw(resources), defaults=True)
    here: dict[str, object] = document
    while True:
        key = draw.draw(st.sampled_from(sorted(here)))
        inner = here[key]
        if not isinstance(inner, dict) or not inner or draw.draw(st.booleans()):
            here[key] = draw.draw(JSON)
            break
        here = inner
    checked = spec.read([document])
    assert all(each.file == "<python>" for each in checked.problems)
