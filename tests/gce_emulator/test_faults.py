"""What goes wrong on purpose: quotas, throttling, lost answers, and strangers."""

from __future__ import annotations

import http.client
import urllib.error
from typing import Any

import pytest

from cloudabstract.testing.gce import AnswerLost, Emulator, Faults

DISKS = "zones/us-central1-a/disks"
DATA = {"name": "data"}


def test_a_lost_answer_leaves_its_effect(emulator: Emulator, api: Any) -> None:
    """The connection breaks; the disk is there, and the call is logged with status 0."""
    emulator.faults.lose_answer("disks.insert")
    with pytest.raises((http.client.RemoteDisconnected, urllib.error.URLError)):
        api.call("POST", DISKS, DATA)
    assert [disk.name for disk in emulator.world.all("disks")] == ["data"]
    assert (emulator.calls[-1].method, emulator.calls[-1].status) == ("compute.disks.insert", 0)
    assert api.refusal("POST", DISKS, DATA) == (409, "alreadyExists")


def test_in_process_a_lost_answer_is_an_exception(emulator: Emulator) -> None:
    """What over HTTP is a broken connection."""
    emulator.faults.lose_answer()
    with pytest.raises(AnswerLost):
        emulator.request("POST", f"projects/acme/{DISKS}", DATA)
    assert len(emulator.world.all("disks")) == 1


def test_a_503_can_come_before_or_after_the_effect(emulator: Emulator, api: Any) -> None:
    """The caller cannot tell them apart."""
    emulator.faults.fail("disks.insert")
    assert api.refusal("POST", DISKS, DATA) == (503, "backendError")
    assert emulator.world.all("disks") == []
    emulator.faults.fail_after_effect("disks.insert", status=502)
    assert api.refusal("POST", DISKS, DATA) == (502, "backendError")
    assert len(emulator.world.all("disks")) == 1


@pytest.mark.parametrize("status", [403, 429])
def test_throttling_refuses_before_any_effect(emulator: Emulator, api: Any, status: int) -> None:
    """rateLimitExceeded, as 403 or 429."""
    emulator.faults.throttle("*", times=2, status=status)
    for _ in range(2):
        assert api.refusal("POST", DISKS, DATA) == (status, "rateLimitExceeded")
    assert emulator.world.all("disks") == []
    assert api.call("POST", DISKS, DATA)[0] == 200


def test_chance_is_the_same_in_every_run() -> None:
    """A seeded generator decides, so that a run can be repeated."""
    runs = []
    for _ in range(2):
        faults = Faults()
        faults.throttle("*", times=None, chance=0.3)
        runs.append([faults.strikes("throttle", "compute.disks.get") for _ in range(200)])
    assert runs[0] == runs[1]
    assert 30 < sum(status is not None for status in runs[0]) < 90


def test_the_second_page_of_a_list_can_fail(emulator: Emulator, api: Any) -> None:
    """skip lets calls pass before the fault strikes."""
    for name in ("a", "b", "c"):
        api.make(DISKS, name)
    emulator.faults.fail("disks.list", skip=1)
    token = api.get(DISKS)["nextPageToken"]
    assert api.refusal("GET", DISKS, pageToken=token) == (503, "backendError")
    assert api.get(DISKS, pageToken=token)["items"][0]["name"] == "c"


def test_new_resources_can_stay_out_of_sight_for_a_while(emulator: Emulator, api: Any) -> None:
    """Neither get nor list shows them, and their names are taken all the same."""
    emulator.faults.lag_reads(30)
    api.call("POST", DISKS, DATA)
    assert api.refusal("GET", f"{DISKS}/data") == (404, "notFound")
    assert "items" not in api.get(DISKS)
    assert api.refusal("POST", DISKS, DATA) == (409, "alreadyExists")
    emulator.advance(31)
    assert api.get(f"{DISKS}/data")["status"] == "READY"


def test_clear_ends_all_faults(emulator: Emulator, api: Any) -> None:
    """Whatever was asked for."""
    emulator.faults.fail("*", times=None)
    emulator.faults.unreachable("us-central1-a")
    emulator.faults.fail_operation("*")
    emulator.faults.clear()
    api.make(DISKS, "data")
    assert len(emulator.world.all("disks")) == 1


def test_a_quota_is_counted_in_the_project_or_the_region(emulator: Emulator, api: Any) -> None:
    """403 quotaExceeded names metric, limit and region; nothing is made."""
    emulator.quotas.limit("HEALTH_CHECKS", 1)
    api.make("global/healthChecks", "a", type="TCP")
    status, body = api.call("POST", "global/healthChecks", {"name": "b", "type": "TCP"})
    assert (status, body["error"]["errors"][0]["reason"]) == (403, "quotaExceeded")
    text = "Quota 'HEALTH_CHECKS' exceeded.  Limit: 1.0 globally."
    assert body["error"]["message"] == text
    emulator.quotas.limit("STATIC_ADDRESSES", 1, "us-central1")
    api.make("regions/us-central1/addresses", "a")
    refused = api.refusal("POST", "regions/us-central1/addresses", {"name": "b"})
    assert refused == (403, "quotaExceeded")
    assert api.call("POST", "regions/us-east1/addresses", {"name": "b"})[0] == 200


def test_disks_count_their_gigabytes(emulator: Emulator, api: Any) -> None:
    """At insert and at resize; what is deleted counts no more."""
    emulator.quotas.limit("SSD_TOTAL_GB", 100)
    api.make(DISKS, "a", type="pd-ssd", sizeGb="60")
    big = {"name": "b", "type": "pd-ssd", "sizeGb": "41"}
    status, body = api.call("POST", DISKS, big)
    assert status == 403
    text = "Quota 'SSD_TOTAL_GB' exceeded.  Limit: 100.0 in region us-central1."
    assert body["error"]["message"] == text
    refused = api.refusal("POST", f"{DISKS}/a/resize", {"sizeGb": "101"})
    assert refused == (403, "quotaExceeded")
    api.done("DELETE", f"{DISKS}/a")
    assert api.call("POST", DISKS, big)[0] == 200


def test_projects_and_regions_tell_their_quotas(emulator: Emulator, api: Any) -> None:
    """Limit and usage of every metric."""
    emulator.quotas.limit("HEALTH_CHECKS", 7)
    api.make("global/healthChecks", "a", type="TCP")
    api.make(DISKS, "data", sizeGb="10")
    quotas = {quota["metric"]: quota for quota in api.get("/projects/acme")["quotas"]}
    assert quotas["HEALTH_CHECKS"] == {"metric": "HEALTH_CHECKS", "limit": 7.0, "usage": 1.0}
    regional = {q["metric"]: q for q in api.get("regions/us-central1")["quotas"]}
    assert regional["DISKS_TOTAL_GB"]["usage"] == 10.0
