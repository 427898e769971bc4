"""Everything that has a name can be explained."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudabstract.cli import codes
from cloudabstract.errors import ErrorCode
from cloudabstract.model import KINDS, traits
from cloudabstract.provider import CODES


@pytest.mark.parametrize("word", [*CODES, *(each.value for each in ErrorCode)])
def test_every_code_is_explained(word: str, run: Any) -> None:
    """In any case, with more than its name."""
    result = run("explain", word.lower())
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{word}\n")
    assert len(result.stdout) > len(word) + 20


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_explained(kind: str, run: Any) -> None:
    """Each path that a document can have leads to a type and a text."""
    for path in traits.field_traits(KINDS[kind]):
        if "{}" in path:
            continue
        told = json.loads(run("explain", f"{kind}.{path}", "-o", "json").stdout)
        assert told["type"]
        assert told["term"] == f"{kind}.{path.replace('[]', '')}"


def test_a_field_tells_limits_default_and_what_a_change_means(run: Any) -> None:
    """As the decoder and the engine have it, for they read the same marks."""
    assert run("explain", "lb.spec.connectionDraining").stdout == (
        "LoadBalancer.spec.connectionDraining\n"
        "\n"
        "  Type: duration, default 30s.\n"
        "\n"
        "  How long open connections may finish. At least 0s. At most 3600s.\n"
    )
    assert "cannot change once" in run("explain", "vc.spec.accessModes").stdout


def test_all_exit_codes_are_explained(run: Any) -> None:
    """As a list, and one by one."""
    listed = run("explain", "exit").stdout
    for code in codes.EXIT_CODES:
        assert f"\n  {code} " in listed
        assert run("explain", "exit", str(code)).exit_code == 0


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("lb.spec.prts", "did you mean 'ports'?"),
        ("lbb", "did you mean 'lb'?"),
        ("VO999", "neither a kind nor a code"),
        ("exit 99", "lists them"),
        ("lb.spec.loadBalancerClass.x", "has no field 'x'"),
    ],
)
def test_what_nobody_knows_is_guessed(word: str, hint: str, run: Any) -> None:
    """A usage error with the nearest word."""
    result = run("explain", *word.split())
    assert result.exit_code == 64
    assert hint in result.stderr


VOLUME = """\
kind: Volume
metadata: {{name: {name}}}
spec:
  capacity: {{storage: {size}}}
  accessModes: [ReadWriteOnce]
  volumeClassName: "{of_class}"
"""
CLAIM = """\
kind: VolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  volumeClassName: ""
  resources: {requests: {storage: 10Gi}}
"""


def test_a_pending_claim_tells_why_no_volume_fits(home: Any, run: Any) -> None:
    """For every volume the first question that it failed, and what can be done."""
    small = VOLUME.format(name="small", size="1Gi", of_class="")
    other = VOLUME.format(name="other", size="20Gi", of_class="fast")
    result = run("explain", "claim", "data", "-f", home.write("a.yaml", small, other, CLAIM))
    assert result.exit_code == 0
    assert "Volume/small  no: is it large enough? it has 1Gi, asked are 10Gi" in result.stdout
    assert "Volume/other  no: is it of the claim's class?" in result.stdout
    assert "VolumeClaim/data is Pending: [CL001]" in result.stdout
    told = json.loads(run("explain", "vc", "data", "-f", "a.yaml", "-o", "json").stdout)
    assert {each["name"]: each["failed"] for each in told["volumes"]} == {
        "small": "capacity",
        "other": "class",
    }


def test_a_claim_that_fits_tells_which_volume(home: Any, run: Any) -> None:
    """The smallest that fits."""
    first = VOLUME.format(name="large", size="30Gi", of_class="")
    second = VOLUME.format(name="right", size="10Gi", of_class="")
    result = run("explain", "claim", "data", "-f", home.write("a.yaml", first, second, CLAIM))
    assert "VolumeClaim/data is bound to Volume/right." in result.stdout


def test_a_claim_that_is_not_there_is_guessed(home: Any, run: Any) -> None:
    """Exit 1, as for any name that is not there."""
    result = run("explain", "claim", "dat", "-f", home.write("a.yaml", CLAIM))
    assert result.exit_code == 1
    assert "did you mean 'data'?" in result.stderr
