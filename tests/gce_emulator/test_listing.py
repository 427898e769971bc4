"""Lists come in pages, and aggregated lists say what they could not see."""

from __future__ import annotations

from typing import Any

from cloudabstract.testing.gce import Emulator, Options

ZONE, OTHER = "us-central1-a", "us-central1-b"
DISKS = f"zones/{ZONE}/disks"


def _names(api: Any, path: str, **query: str) -> list[list[str]]:
    """The names on every page of a list."""
    pages, token = [], ""
    while True:
        page = api.get(path, **query, **({"pageToken": token} if token else {}))
        pages.append([item["name"] for item in page.get("items", ())])
        token = page.get("nextPageToken", "")
        if not token:
            return pages


def test_a_list_names_itself_and_an_empty_one_has_no_items(api: Any) -> None:
    """Kind, id and link are always there."""
    page = api.get(DISKS)
    assert (page["kind"], page["id"]) == ("compute#diskList", f"projects/acme/{DISKS}")
    assert page["selfLink"].endswith(f"/{DISKS}")
    assert "items" not in page


def test_pages_have_as_many_items_as_asked_for_or_as_the_emulator_allows(api: Any) -> None:
    """Pages of two by the fixture's choice, of one by the caller's; order is by name."""
    for name in ("c", "a", "b"):
        api.make(DISKS, name)
    assert _names(api, DISKS) == [["a", "b"], ["c"]]
    assert _names(api, DISKS, maxResults="1") == [["a"], ["b"], ["c"]]
    assert _names(api, DISKS, maxResults="0") == [["a", "b"], ["c"]]


def test_more_than_500_results_cannot_be_asked_for(api: Any) -> None:
    """The document allows 0 to 500."""
    assert api.refusal("GET", DISKS, maxResults="501") == (400, "invalid")
    assert api.refusal("GET", DISKS, maxResults="-1") == (400, "invalid")


def test_a_token_belongs_to_its_query(api: Any) -> None:
    """Garbage, and the token of another filter or place, are refused."""
    for name in ("a", "b", "c"):
        api.make(DISKS, name)
    token = api.get(DISKS)["nextPageToken"]
    assert api.refusal("GET", DISKS, pageToken="x") == (400, "invalid")
    assert api.refusal("GET", DISKS, pageToken=token, filter="name = c") == (400, "invalid")
    assert api.refusal("GET", f"zones/{OTHER}/disks", pageToken=token) == (400, "invalid")


def test_what_comes_and_goes_between_pages_moves_nothing_else(api: Any) -> None:
    """A page goes on after the last item of the one before."""
    for name in ("b", "d", "f"):
        api.make(DISKS, name)
    token = api.get(DISKS)["nextPageToken"]
    api.make(DISKS, "a")
    api.done("DELETE", f"{DISKS}/b")
    rest = api.get(DISKS, pageToken=token)
    assert [disk["name"] for disk in rest["items"]] == ["f"]


def test_newest_first_is_the_only_other_order(api: Any) -> None:
    """By name, or by creationTimestamp descending."""
    for name in ("b", "c", "a"):
        api.make(DISKS, name)
    assert _names(api, DISKS, orderBy="creationTimestamp desc") == [["a", "c"], ["b"]]
    assert api.refusal("GET", DISKS, orderBy="sizeGb") == (400, "invalid")


def test_an_aggregated_list_names_every_scope(api: Any) -> None:
    """Zones and regions without disks carry a warning instead."""
    link = api.make(DISKS, "data")
    page = api.get("aggregated/disks")
    assert page["kind"] == "compute#diskAggregatedList"
    assert [disk["selfLink"] for disk in page["items"][f"zones/{ZONE}"]["disks"]] == [link]
    empty = page["items"]["regions/us-central1"]
    assert "disks" not in empty
    assert empty["warning"]["code"] == "NO_RESULTS_ON_PAGE"
    assert empty["warning"]["data"] == [{"key": "scope", "value": "regions/us-central1"}]


def test_an_aggregated_list_has_global_resources_too(api: Any) -> None:
    """Forwarding rules, addresses and backend services are global or regional."""
    api.make("global/addresses", "front")
    api.make("regions/us-central1/addresses", "front")
    items = api.get("aggregated/addresses")["items"]
    assert len(items["global"]["addresses"]) == len(items["regions/us-central1"]["addresses"]) == 1


def test_an_aggregated_list_is_paged_over_all_scopes(api: Any) -> None:
    """Pages of two items, wherever they lie; every page names every scope."""
    for zone in (ZONE, OTHER):
        for name in ("a", "b"):
            api.make(f"zones/{zone}/disks", name)
    api.make("regions/us-central1/disks", "r", replicaZones=[ZONE, OTHER])
    seen, token, pages = [], "", 0
    while pages == 0 or token:
        page = api.get("aggregated/disks", **({"pageToken": token} if token else {}))
        token, pages = page.get("nextPageToken", ""), pages + 1
        assert f"zones/{OTHER}" in page["items"]
        seen += [d["selfLink"] for s in page["items"].values() for d in s.get("disks", ())]
    assert (pages, len(seen), len(set(seen))) == (3, 5, 5)


def test_an_aggregated_list_says_which_zone_did_not_answer(emulator: Emulator, api: Any) -> None:
    """Its disks are missing from a list that is answered 200: the warning is all there is."""
    api.make(DISKS, "data")
    emulator.faults.unreachable(ZONE)
    page = api.get("aggregated/disks")
    assert page["items"][f"zones/{ZONE}"]["warning"]["code"] == "UNREACHABLE"
    assert page["unreachables"] == [f"zones/{ZONE}"]
    emulator.faults.reachable(ZONE)
    assert "unreachables" not in api.get("aggregated/disks")


def test_an_aggregated_list_may_fail_unless_it_may_be_partial(emulator: Emulator, api: Any) -> None:
    """With fails=True only a caller that asks for returnPartialSuccess gets a list."""
    emulator.faults.unreachable(ZONE, fails=True)
    assert api.refusal("GET", "aggregated/disks") == (503, "backendError")
    page = api.get("aggregated/disks", returnPartialSuccess="true")
    assert page["unreachables"] == [f"zones/{ZONE}"]


def test_a_zone_that_does_not_answer_answers_503(emulator: Emulator, api: Any) -> None:
    """Reads and writes alike."""
    emulator.faults.unreachable(ZONE)
    assert api.refusal("GET", DISKS) == (503, "backendError")
    assert api.refusal("POST", DISKS, {"name": "data"}) == (503, "backendError")


def test_without_a_page_size_a_page_holds_500() -> None:
    """Google's own limit is the default."""
    emulator = Emulator(options=Options(running_seconds=0, pending_seconds=0))
    for number in range(501):
        emulator.world.put("disks", f"d{number:03}", ZONE, {"sizeGb": "10", "type": "pd-ssd"})
    page = emulator.request("GET", f"projects/acme/{DISKS}").body or {}
    assert (len(page["items"]), "nextPageToken" in page) == (500, True)
