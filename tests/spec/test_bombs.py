"""Hostile documents do nothing but be refused: nothing is built, nothing is run, nothing crashes.

Each runs with little memory and time to spare, in an interpreter of its own, so that a crash in C,
or a document that grows without bound, fails the test and not the test run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MEBIBYTE = 2**20
LAUGHS = "".join(
    f"{name}: &{name} [{','.join([before] * 10)}]\n"
    for name, before in zip("abcdefghi", ["x", *(f"*{each}" for each in "abcdefgh")], strict=True)
)
CHAIN = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{k: *a{n - 1}}}\n" for n in range(1, 99))

NESTING = {
    "flow lists": "[" * 100_000,
    "flow lists, closed": "[" * 50_000 + "]" * 50_000,
    "flow mappings": "{a: " * 50_000,
    "flow mappings, closed": "{a: " * 20_000 + "}" * 20_000,
    "flow with closing brackets in quotes": '["]", ' * 50_000,
    "flow, one to a line": "[\n" * 50_000,
    "block lists on a line": "- " * 50_000 + "a",
    "block lists, indented": "".join(" " * n + "-\n" for n in range(3_000)),
    "block mappings, indented": "".join(" " * n + "a:\n" for n in range(3_000)),
    "explicit keys": "? " * 50_000,
    "mixed": "- [{a: " * 20_000,
    "JSON lists": "[" * 100_000 + "]" * 100_000,
    "JSON objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "just over the limit": "[" * 65 + "]" * 65,
    "over the limit through aliases": CHAIN,
}
GROWTH = {
    "a billion laughs": LAUGHS,
    "a billion laughs in one list": LAUGHS.replace("\n", " ").replace(": &", " &"),
    "merge keys": "a: &a {x: 1}\n" + "b: {<<: [" + "*a," * 200 + "]}\n",
    "many aliases": "a: &a 1\nb: [" + "*a," * 101 + "]\n",
    "an alias in itself": "a: &a [*a]\n",
    "an alias in itself, as a key's value": "a: &a {b: *a}\n",
    "a merge of itself": "a: &a\n  <<: *a\n",
    "many items": "a: [" + "1," * 100_001 + "]\n",
    "many items in blocks": "a:\n" + "- 1\n" * 100_001,
    "many keys": "".join(f"k{n}: 1\n" for n in range(60_000)),
    "many items in JSON": json.dumps({"a": [1] * 200_000}),
    "many empty lists": "a: [" + "[]," * 200_000 + "]\n",
    "a large file": "#" * (10 * MEBIBYTE + 1),
    "a large scalar in a large file": "a: " + "x" * (11 * MEBIBYTE),
    "many documents": "---\n1\n" * 210_000,
}
TAGS = {
    "a Python object": "!!python/object/apply:os.system ['touch owned']\n",
    "a Python name": "a: !!python/name:os.system\n",
    "a Python module": "a: !!python/module:os\n",
    "a Python tuple": "a: !!python/tuple [1, 2]\n",
    "a new Python object": "!!python/object/new:subprocess.Popen [['touch', 'owned']]\n",
    "a local tag": "a: !include /etc/passwd\n",
    "a tag with a handle": "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system\n",
    "a set": "a: !!set {b}\n",
    "binary": "a: !!binary aGVsbG8=\n",
    "a timestamp": "a: !!timestamp 2001-01-01\n",
    "an ordered map": "a: !!omap [b: 1]\n",
    "a number that is none": "a: !!int many\n",
    "a truth value that is none": "a: !!bool maybe\n",
    "a float that is none": "a: !!float x\n",
}
ODDITIES = {
    "a number of a million digits": "kind: " + "9" * 1_000_000 + "\n",
    "a quantity of a million digits": (
        "kind: Volume\nmetadata: {name: v}\n"
        f"spec: {{accessModes: [ReadWriteOnce], capacity: {{storage: {'9' * 1_000_000}}}}}\n"
    ),
    "a quantity with a large exponent": (
        "kind: Volume\nmetadata: {name: v}\n"
        "spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1e999}}\n"
    ),
    "a name that costs a slow pattern its time": (
        f"kind: Volume\nmetadata: {{name: {'a' * 100_000}!}}\nspec: {{}}\n"
    ),
    "a long line of dashes": "-" * 1_000_000 + "\n",
    "spaces": " " * 1_000_000 + "a: b: c\n",
    "runs of spaces": (" " * 999 + "\n") * 2_000 + "a: b: c\n",
    "an unknown directive": "%YAML 9.9\n---\na: 1\n",
}
ALL = NESTING | GROWTH | TAGS | ODDITIES

PROBE = """
import json, resource, sys
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from cloudabstract import spec
checked = spec.read(sys.argv[1])
print(json.dumps({"problems": [str(each) for each in checked.problems][:5],
                  "resources": len(checked.spec)}))
"""


@pytest.mark.parametrize("name", ALL)
def test_a_bomb_is_refused(name: str, tmp_path: Path) -> None:
    """A problem with the file's name, no resource, no signal, no traceback, nothing written."""
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text(ALL[name])
    command = [sys.executable, "-c", PROBE, str(bomb), str(400 * MEBIBYTE)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    outcome = json.loads(result.stdout)
    assert outcome["resources"] == 0
    assert outcome["problems"]
    assert all(each.startswith(str(bomb)) for each in outcome["problems"])
    assert [each.name for each in tmp_path.iterdir()] == ["bomb.yaml"]


def test_there_are_forty_and_more() -> None:
    """As many as were asked for."""
    assert len(ALL) >= 40


def test_what_is_within_the_limits_is_read(tmp_path: Path) -> None:
    """The limits are for bombs: 64 levels, 100 aliases and a file of 9 MiB are fine."""
    deep = "kind: Volume\nmetadata: {name: v}\nspec:\n  providerOverrides: {local: {a: " + "[" * 59
    document = deep + "]" * 59 + "}}\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n"
    shared = document.replace("name: v", "name: w").replace("[" * 59 + "]" * 59, "&a [1], b: [B]")
    shared = shared.replace("B", ",".join(["*a"] * 100))
    comment = "#" * (9 * MEBIBYTE) + "\n"
    path = tmp_path / "large.yaml"
    path.write_text("---\n".join([document, shared, comment]))
    from cloudabstract import spec

    assert [each.metadata.name for each in spec.read(path).require()] == ["v", "w"]
