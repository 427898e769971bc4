"""Labels: at insert where the API allows it, and else by setLabels under a fingerprint."""

from __future__ import annotations

from typing import Any

import pytest

DISKS = "zones/us-central1-a/disks"
ADDRESSES = "regions/us-central1/addresses"


def _set(api: Any, path: str, labels: dict[str, str]) -> None:
    present = api.get(path)["labelFingerprint"]
    api.done("POST", f"{path}/setLabels", {"labels": labels, "labelFingerprint": present})


def test_a_disk_is_born_with_its_labels(api: Any) -> None:
    """One call makes the disk and its owner's mark."""
    api.make(DISKS, "data", labels={"app": "shop"})
    assert api.get(f"{DISKS}/data")["labels"] == {"app": "shop"}


def test_set_labels_replaces_all_labels(api: Any) -> None:
    """What the body does not name is gone, and the fingerprint is another."""
    api.make(DISKS, "data", labels={"app": "shop", "tier": "db"})
    before = api.get(f"{DISKS}/data")["labelFingerprint"]
    _set(api, f"{DISKS}/data", {"app": "blog"})
    disk = api.get(f"{DISKS}/data")
    assert disk["labels"] == {"app": "blog"}
    assert disk["labelFingerprint"] != before


def test_labels_are_set_with_the_present_fingerprint_only(api: Any) -> None:
    """An old fingerprint, and none, are 412 conditionNotMet with its place."""
    api.make(DISKS, "data")
    old = api.get(f"{DISKS}/data")["labelFingerprint"]
    _set(api, f"{DISKS}/data", {"app": "shop"})
    bodies: list[dict[str, Any]] = [{"labels": {}, "labelFingerprint": old}, {"labels": {}}]
    for body in bodies:
        status, answer = api.call("POST", f"{DISKS}/data/setLabels", body)
        (error,) = answer["error"]["errors"]
        assert (status, error["reason"], error["location"]) == (412, "conditionNotMet", "If-Match")
    assert api.get(f"{DISKS}/data")["labels"] == {"app": "shop"}


def test_labels_of_a_forwarding_rule_are_not_taken_at_insert(api: Any) -> None:
    """They are dropped without a word, and set by setLabels afterwards."""
    api.make("regions/us-central1/healthChecks", "web", type="TCP")
    service = api.make("regions/us-central1/backendServices", "web")
    rule = {"backendService": service, "ports": ["80"], "labels": {"app": "shop"}}
    api.make("regions/us-central1/forwardingRules", "web", **rule)
    assert "labels" not in api.get("regions/us-central1/forwardingRules/web")
    _set(api, "regions/us-central1/forwardingRules/web", {"app": "shop"})
    assert api.get("regions/us-central1/forwardingRules/web")["labels"] == {"app": "shop"}


def test_labels_of_an_address_are_not_taken_at_insert(api: Any) -> None:
    """The document says so of addresses as it does of forwarding rules."""
    api.make(ADDRESSES, "front", labels={"app": "shop"})
    assert "labels" not in api.get(f"{ADDRESSES}/front")
    _set(api, f"{ADDRESSES}/front", {"app": "shop"})
    assert api.get(f"{ADDRESSES}/front")["labels"] == {"app": "shop"}


def test_load_balancer_parts_have_no_labels_but_a_description(api: Any) -> None:
    """A label on a backend service or health check is an unknown field."""
    for collection in ("backendServices", "healthChecks", "urlMaps", "firewalls"):
        body = {"name": "web", "labels": {"app": "shop"}}
        assert api.refusal("POST", f"global/{collection}", body) == (400, "badRequest")
    api.make("global/healthChecks", "web", type="TCP", description='{"owner": "shop"}')
    assert api.get("global/healthChecks/web")["description"] == '{"owner": "shop"}'


@pytest.mark.parametrize(
    "labels",
    [
        {"App": "shop"},
        {"1app": "shop"},
        {"app": "Shop"},
        {"app": "a b"},
        {"app.io/name": "shop"},
        {"a" * 64: "shop"},
        {"app": "a" * 64},
        {f"l{n}": "x" for n in range(65)},
    ],
    ids=["key-case", "key-digit", "case", "space", "slash", "key-length", "length", "number"],
)
def test_a_malformed_label_is_refused(api: Any, labels: dict[str, str]) -> None:
    """Lower case, digits, _ and -, 63 characters, 64 labels; a key begins with a letter."""
    assert api.refusal("POST", DISKS, {"name": "data", "labels": labels}) == (400, "invalid")


def test_a_label_may_be_empty_or_international(api: Any) -> None:
    """An empty value, and letters of any script that has no case."""
    labels = {"empty": "", "größe": "한국", "a_b-c": "1"}
    api.make(DISKS, "data", labels=labels)
    assert api.get(f"{DISKS}/data")["labels"] == labels
