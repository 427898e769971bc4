"""The binding algorithm, question by question: the first that a volume fails, and its answer."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine.wanting.claims import Ask, Candidate, find, judge
from cloudabstract.model import Requirement, Selector, Topology

GIB = 2**30
ME = ("default", "data")
GOLD = Selector(match_labels={"tier": "gold"})
NOT_GOLD = Selector(match_expressions=(Requirement("tier", "NotIn", ("gold",)),))
A, B = Topology(zones=("a",)), Topology(zones=("b",))

# Each row: what the claim asks, what the volume is, the question that fails and what is said of it.
ROWS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "all fits": ({}, {}, "", ""),
    "larger fits": ({}, {"size": 9 * GIB}, "", ""),
    "held by another": (
        {},
        {"holder": ("default", "other")},
        "claimRef",
        "it is held for VolumeClaim default/other",
    ),
    "held by a namesake elsewhere": (
        {},
        {"holder": ("prod", "data")},
        "claimRef",
        "it is held for VolumeClaim prod/data",
    ),
    "too small": ({"size": 2 * GIB}, {}, "capacity", "it has 1Gi, asked are 2Gi"),
    "other mode": (
        {"volume_mode": "Block"},
        {},
        "volumeMode",
        "it is Filesystem, asked is Block",
    ),
    "being deleted": ({}, {"deleting": True}, "deletion", "it is being deleted"),
    "waits for a consumer": (
        {"waits": True},
        {},
        "consumer",
        "the class waits for a first consumer",
    ),
    "waited for, consumer known": ({"waits": True, "consumer": True}, {}, "", ""),
    "not available": ({}, {"phase": "Released"}, "phase", "it is Released"),
    "not selected": ({"selector": GOLD}, {}, "selector", "its labels do not match the selector"),
    "selected": ({"selector": GOLD}, {"labels": {"tier": "gold"}}, "", ""),
    "NotIn without the label": ({"selector": NOT_GOLD}, {}, "", ""),
    "other class": (
        {"class_name": "fast"},
        {},
        "class",
        "its class is '', asked is 'fast'",
    ),
    "class of the volume": (
        {},
        {"volume_class_name": "fast"},
        "class",
        "its class is 'fast', asked is ''",
    ),
    "far from the consumer": (
        {"consumer": True, "zone": "b"},
        {"topology": A},
        "topology",
        "it stands in a, the consumer in b",
    ),
    "far, but nobody consumes yet": ({}, {"topology": A}, "", ""),
    "near": ({"consumer": True, "zone": "b"}, {"topology": B}, "", ""),
    "modes": (
        {"access_modes": ("ReadWriteOnce", "ReadOnlyMany")},
        {},
        "accessModes",
        "it does not offer ReadOnlyMany",
    ),
    "more modes than asked": ({}, {"access_modes": ("ReadOnlyMany", "ReadWriteOnce")}, "", ""),
    # A reservation for this claim answers the questions about availability.
    "reserved, other class": ({"class_name": "fast"}, {"holder": ME}, "", ""),
    "reserved, not selected": ({"selector": GOLD}, {"holder": ME}, "", ""),
    "reserved, not available": ({}, {"holder": ME, "phase": "Released"}, "", ""),
    "reserved, while waiting": ({"waits": True}, {"holder": ME}, "", ""),
    "reserved, but too small": (
        {"size": 2 * GIB},
        {"holder": ME},
        "capacity",
        "it has 1Gi, asked are 2Gi",
    ),
    "reserved, but far": (
        {"consumer": True, "zone": "b"},
        {"holder": ME, "topology": A},
        "topology",
        "it stands in a, the consumer in b",
    ),
    # The order of the questions: the first that fails is told.
    "order: holder before capacity": (
        {"size": 2 * GIB},
        {"holder": ("default", "other")},
        "claimRef",
        "it is held for VolumeClaim default/other",
    ),
    "order: phase before class": (
        {"class_name": "fast"},
        {"phase": "Failed"},
        "phase",
        "it is Failed",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_question_is_asked_and_answered(make: Any, row: str) -> None:
    """The verdict on a volume names the first question it fails, and says why."""
    asked, is_like, failed, text = ROWS[row]
    verdict = judge(_ask(make, **asked), _candidate(make, "v", **is_like))
    assert (verdict.volume, verdict.failed, verdict.text) == ("v", failed, text)


def test_the_smallest_that_fits_is_taken(make: Any) -> None:
    """Of several that fit, the smallest; of two of one size, the first that was asked."""
    volumes = [_candidate(make, n, size=s * GIB) for n, s in (("c", 3), ("b", 2), ("a", 2))]
    match = find(_ask(make), volumes)
    assert match.volume is not None
    assert match.volume.metadata.name == "b"
    assert [each.volume for each in match.verdicts] == ["c", "b", "a"]


def test_a_reserved_volume_goes_before_a_smaller_one(make: Any) -> None:
    """A volume whose claimRef is this claim is taken as soon as it is met."""
    volumes = [_candidate(make, "small"), _candidate(make, "mine", size=9 * GIB, holder=ME)]
    match = find(_ask(make), volumes)
    assert match.volume is not None
    assert match.volume.metadata.name == "mine"


def test_a_reserved_volume_out_of_reach_ends_the_search(make: Any) -> None:
    """Where the reserved volume stands elsewhere there is no match, though another would fit."""
    volumes = [_candidate(make, "mine", holder=ME, topology=A), _candidate(make, "free")]
    assert find(_ask(make, consumer=True, zone="b"), volumes).volume is None


def test_a_named_volume_is_the_only_one_asked(make: Any) -> None:
    """volumeName: class, modes and size count, the place does not."""
    volumes = [_candidate(make, "free"), _candidate(make, "far", topology=A)]
    match = find(_ask(make, volume_name="far", consumer=True, zone="b"), volumes)
    assert match.volume is not None
    assert match.volume.metadata.name == "far"
    assert [each.volume for each in match.verdicts] == ["far"]


@pytest.mark.parametrize(
    ("asked", "is_like", "failed"),
    [
        ({"class_name": "fast"}, {}, "class"),
        ({"size": 2 * GIB}, {}, "capacity"),
        ({"access_modes": ("ReadWriteMany",)}, {}, "accessModes"),
        ({}, {"phase": "Released"}, "phase"),
        ({}, {"holder": ("default", "other")}, "claimRef"),
        ({"volume_name": "none"}, {}, "volumeName"),
    ],
)
def test_a_named_volume_must_fit(
    make: Any, asked: dict[str, Any], is_like: dict[str, Any], failed: str
) -> None:
    """A volumeName is no pass: what else is asked must hold, and the volume must exist."""
    match = find(_ask(make, **{"volume_name": "v", **asked}), [_candidate(make, "v", **is_like)])
    assert match.volume is None
    assert [each.failed for each in match.verdicts] == [failed]


def _ask(make: Any, **asked: Any) -> Ask:
    own = {
        key: asked.pop(key) for key in ("class_name", "waits", "consumer", "zone") if key in asked
    }
    return Ask(make.claim(**asked), own.pop("class_name", ""), **own)


def _candidate(make: Any, name: str, **is_like: Any) -> Candidate:
    own = {key: is_like.pop(key) for key in ("phase", "holder", "deleting") if key in is_like}
    return Candidate(make.volume(name, **is_like), **own)
