"""Filter expressions, as the document describes them."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.gce import ApiError, discovery, filters

ITEMS: list[dict[str, Any]] = [
    {
        "name": "web-a",
        "status": "READY",
        "sizeGb": "9",
        "labels": {"app": "shop", "cloudabstract-stack": "s1"},
        "params": {"nested": {"deep": True}},
        "users": ["instances/one", "instances/two"],
    },
    {"name": "web-b", "status": "READY", "sizeGb": "10", "labels": {"app": "blog"}},
    {"name": "data", "status": "CREATING", "sizeGb": "200", "description": "a (b) c"},
]


def _select(text: str) -> str:
    """The last letters of the names that `text` selects."""
    chosen = filters.parse(text, discovery.document().properties("Disk"))
    return "".join(item["name"][-1] for item in ITEMS if chosen(item))


def _check(table: dict[str, str], last_of_data: str = "a") -> None:
    expected = {text: names.replace("d", last_of_data) for text, names in table.items()}
    assert {text: _select(text) for text in table} == expected


def test_equality_is_of_the_whole_value() -> None:
    """= takes words and quoted text; != selects what lacks the field as well."""
    _check(
        {
            "name = web-a": "a",
            'name="web-a"': "a",
            "name = 'web'": "",
            "name != web-a": "bd",
            "labels.app != shop": "bd",
            'description = "a (b) c"': "d",
        }
    )


def test_numbers_compare_as_numbers() -> None:
    """Also those that the API writes as text: 9 is less than 10."""
    _check({"sizeGb > 9": "bd", "sizeGb >= 10": "bd", "sizeGb < 10": "a", "sizeGb <= 9": "a"})


def test_labels_are_filtered_by_key() -> None:
    """`labels.key = value`, and `labels.key:*` for any value."""
    _check(
        {
            "labels.app = shop": "a",
            "labels.cloudabstract-stack=s1": "a",
            "labels.app:*": "ab",
            "labels.none:*": "",
            "-labels.app:*": "d",
            "NOT labels.app:*": "d",
        }
    )


def test_has_looks_inside() -> None:
    """: finds part of a text, an element of a list, a key of a map."""
    _check({"name:web": "ab", "name:WEB": "ab", "users:instances/two": "a", "labels:app": "ab"})


def test_nested_fields_and_booleans_can_be_filtered() -> None:
    """Names with dots go inside; true and false are booleans."""
    _check({"params.nested.deep = true": "a", "params.nested.deep = false": ""})


def test_expressions_side_by_side_mean_and() -> None:
    """With or without parentheses, with or without AND."""
    _check(
        {
            "(status = READY) (sizeGb > 9)": "b",
            "(status = READY) AND (sizeGb > 9)": "b",
            "status = READY AND labels.app:* AND sizeGb = 9": "a",
            "status = READY labels.app = blog": "b",
            "((name = web-a))": "a",
        }
    )


def test_or_binds_tighter_than_and() -> None:
    """As AIP-160 has it; parentheses decide otherwise."""
    _check(
        {
            "name = data OR name = web-a": "ad",
            "name = data OR name = web-a AND status = READY": "a",
            "name = data OR (name = web-a AND status = READY)": "ad",
        }
    )


def test_a_regular_expression_matches_the_whole_value() -> None:
    """The older kind: eq and ne, in several parentheses if need be."""
    _check(
        {
            "name eq web-.": "ab",
            "name eq web": "",
            "name ne .*a": "b",
            'name eq "web-(a|b)"': "ab",
            "(name eq web-.*) (status ne CREATING)": "ab",
            "(name eq 'web-.*') (labels.app eq sh.*)": "a",
        }
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "name",
        "name =",
        "name = a AND",
        "(name = a",
        "name = a)",
        "name eq (",
        "name ~ a",
        "(name eq web) (status = READY)",
        "name = a AND (status eq b)",
        "nmae = a",
    ],
)
def test_what_is_no_filter_is_refused(wrong: str) -> None:
    """Broken expressions, both kinds mixed, and fields that the resource does not have."""
    with pytest.raises(ApiError) as refused:
        _select(wrong)
    assert (refused.value.status, refused.value.reason) == (400, "invalid")
    assert "Invalid list filter expression" in refused.value.message


def test_lists_and_aggregated_lists_are_filtered(api: Any) -> None:
    """A filter works before pages are cut."""
    for name, app in (("a", "shop"), ("b", "blog"), ("c", "shop")):
        api.make("zones/us-central1-a/disks", name, labels={"app": app})
    listed = api.get("zones/us-central1-a/disks", filter="labels.app = shop")
    assert [disk["name"] for disk in listed["items"]] == ["a", "c"]
    assert "nextPageToken" not in listed
    items = api.get("aggregated/disks", filter="labels.app = blog")["items"]
    assert [d["name"] for s in items.values() for d in s.get("disks", ())] == ["b"]
