"""Which parts a resource becomes, what the plan says of them, and what becomes of their status."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.model import ClaimRef, DataSource, Performance, ResourceKey
from cloudabstract.provider import BUILT_IN_CLASSES, Facts, Found, Health, PartKey, Ref, refs
from cloudabstract_local import volumes
from cloudabstract_local.settings import LocalSettings

GIB = 2**30
ROOT = {"volumes": {"mount": True, "online_growth": True, "free": 100 * GIB}}
USER = {"volumes": {"mount": False, "online_growth": False, "free": 100 * GIB}}


def expand(resource: Any, extra: dict[str, Any], *others: Any) -> list[Any]:
    """The parts of `resource` on a machine of which `extra` is known."""
    known = {each.key: each for each in (resource, *others)}
    facts = Facts(("local",), extra=extra, resources=known)
    return list(volumes.expand(resource, facts, LocalSettings()))


@pytest.mark.parametrize(
    ("spec", "extra", "kinds"),
    [
        ({}, ROOT, ["local.image", "local.mount"]),
        ({}, USER, ["local.image"]),
        ({}, {}, ["local.image"]),
        ({"volume_mode": "Block"}, ROOT, ["local.image", "local.loop"]),
        ({"volume_mode": "Block"}, USER, ["local.image"]),
        ({"performance": Performance("shared")}, ROOT, ["local.directory"]),
        (
            {"performance": Performance("shared"), "access_modes": ("ReadOnlyMany",)},
            ROOT,
            ["local.directory", "local.mount"],
        ),
    ],
)
def test_the_parts_of_a_volume(
    bench: Any, spec: dict[str, Any], extra: dict[str, Any], kinds: list[str]
) -> None:
    """By mode and medium, and by what this user may do."""
    parts = expand(bench.volume(**spec), extra)
    assert [part.key.kind for part in parts] == kinds
    assert parts[0].key.role == "volume"


@pytest.mark.parametrize("extra", [ROOT, USER])
def test_parts_are_plain_and_use_only_what_their_kinds_declare(
    bench: Any, extra: dict[str, Any]
) -> None:
    """Values survive JSON, refs point at kinds in `uses`, and the same input gives the same."""
    volume, snapshot = bench.volume(), bench.snapshot()
    everything = (volume, snapshot, bench.restored(), bench.attachment())
    uses = {kind.name: kind.uses for kind in volumes.KINDS}
    for resource in everything:
        parts = expand(resource, extra, *everything)
        assert parts == expand(resource, extra, *everything)
        for part in parts:
            plain = json.dumps(part.want, default=lambda ref: str(ref.to))
            assert json.loads(plain).keys() == part.want.keys()
            assert {ref.to.kind for ref in refs(dict(part.want))} <= set(uses[part.key.kind])


def test_a_restore_points_at_the_snapshot_of_its_claims_namespace(bench: Any) -> None:
    """A volume has no namespace; the claim that it was made for has."""
    volume = bench.volume(
        claim_ref=ClaimRef("files", "shop"), data_source=DataSource("VolumeSnapshot", "before")
    )
    (image, *_) = expand(volume, USER)
    snapshot = ResourceKey("VolumeSnapshot", "before", "shop")
    assert image.want["source"] == {
        "kind": "local.snapshot",
        "id": Ref(PartKey(snapshot, "local.snapshot", "snapshot"), "id"),
    }


def test_a_snapshot_whose_volume_is_unknown_is_left_as_it_is(bench: Any) -> None:
    """No source is wanted then, so nothing differs."""
    (part,) = expand(bench.snapshot(), USER)
    assert part.want == {}


@pytest.mark.parametrize(
    ("mib", "extra", "note"),
    [
        (64, ROOT, None),
        (64, USER, None),
        (1, USER, "rounded up from 1Mi"),
        (64, {"volumes": {"mount": True}}, "offline: unmounted while it grows"),
        (200 * 1024, USER, "more than the disk has free now: writes fail when that is full"),
    ],
)
def test_what_the_plan_says_of_the_size(
    bench: Any, mib: int, extra: dict[str, Any], note: str | None
) -> None:
    """Nothing when there is nothing to say."""
    (image, *_) = expand(bench.volume(mib=mib), extra)
    said = [text for text in image.notes.values() if text]
    assert said == ([note] if note else [])


def test_facts_survive_json(bench: Any) -> None:
    """They are one entry for Facts.extra; free room is never more than the target's limit."""
    known = volumes.facts(bench.root, LocalSettings(capacity=5))
    assert json.loads(json.dumps(known)) == known
    assert known["volumes"]["free"] == 5


@pytest.mark.parametrize(
    ("health", "ready", "reason"),
    [
        (None, "False", "Provisioning"),
        (Health.PENDING, "False", "Provisioning"),
        (Health.FAILED, "False", "Failed"),
        (Health.READY, "True", "Ready"),
    ],
)
def test_the_status_of_a_volume_follows_its_body(
    bench: Any, health: Health | None, ready: str, reason: str
) -> None:
    """Absent, being made or broken, it is not ready, and has no capacity to speak of."""
    volume = bench.volume()
    (part, *_) = expand(volume, USER)
    body = Found(part.key.kind, "x", "x", "local", {"size": 7}, {}, reason="because")
    found = {} if health is None else {part.key: replace(body, health=health)}
    status = volumes.status(volume, found, LocalSettings())
    assert (status.conditions[0].status, status.conditions[0].reason) == (ready, reason)
    assert status.capacity == (7 if health is Health.READY else 0)


def test_what_does_not_exist_is_not_ready_nor_attached(bench: Any) -> None:
    """A snapshot cannot be used, an attachment leads nowhere, other kinds have no status here."""
    snapshot = volumes.status(bench.snapshot(), {}, LocalSettings())
    assert (snapshot.ready_to_use, snapshot.restore_size) == (False, 0)
    attached = volumes.status(bench.attachment(), {}, LocalSettings()).condition("Attached")
    assert attached is not None
    assert attached.status == "False"
    assert volumes.status(BUILT_IN_CLASSES[0], {}, LocalSettings()).conditions == ()
