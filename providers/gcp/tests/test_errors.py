"""What goes wrong is said in Google's words, with the right code, and nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gcp_bench import world
from gcp_bench.harness import GcpHarness
from gcp_bench.wire import WIRE

from cloudabstract.engine import Report
from cloudabstract.errors import CallError, CapabilityError, ErrorCode
from cloudabstract.provider import Found, Health
from cloudabstract.testing.conformance.bench import Bench
from cloudabstract.testing.conformance.samples import balancer
from cloudabstract.testing.conformance.story import Story, check_settled, story
from cloudabstract_gcp import errors
from cloudabstract_gcp.errors import CallFailed, Refusal, Taken

MADE = (balancer(),)
TABLE: list[tuple[int, str, str, ErrorCode]] = [
    (403, "quotaExceeded", "insert", ErrorCode.EXHAUSTED),
    (403, "QUOTA_EXCEEDED", "insert", ErrorCode.EXHAUSTED),
    (503, "ZONE_RESOURCE_POOL_EXHAUSTED", "insert", ErrorCode.EXHAUSTED),
    (403, "forbidden", "insert", ErrorCode.DENIED),
    (403, "accessNotConfigured", "get", ErrorCode.DENIED),
    (403, "", "insert", ErrorCode.DENIED),
    (401, "authError", "get", ErrorCode.DENIED),
    (403, "rateLimitExceeded", "insert", ErrorCode.THROTTLED),
    (429, "anything", "insert", ErrorCode.THROTTLED),
    (400, "resourceNotReady", "insert", ErrorCode.CONFLICT),
    (400, "resourceInUseByAnotherResource", "delete", ErrorCode.CONFLICT),
    (409, "operationInProgress", "patch", ErrorCode.CONFLICT),
    (412, "conditionNotMet", "patch", ErrorCode.CONFLICT),
    (412, "", "patch", ErrorCode.CONFLICT),
    (400, "invalid", "insert", ErrorCode.INVALID),
    (404, "notFound", "insert", ErrorCode.INVALID),
    (404, "notFound", "delete", ErrorCode.NOT_FOUND),
    (404, "notFound", "get", ErrorCode.NOT_FOUND),
    (501, "notImplemented", "list", ErrorCode.INVALID),
    (500, "internalError", "insert", ErrorCode.UNKNOWN),
    (503, "backendError", "insert", ErrorCode.UNKNOWN),
    (0, "ConnectionError", "insert", ErrorCode.UNKNOWN),
    (0, "DefaultCredentialsError", "get", ErrorCode.DENIED),
    (0, "RefreshError", "get", ErrorCode.DENIED),
]


@pytest.mark.parametrize(("status", "reason", "verb", "code"), TABLE)
def test_a_reason_has_its_code(status: int, reason: str, verb: str, code: ErrorCode) -> None:
    """Status and reason decide, in either spelling; the message and the reason are kept."""
    failure = errors.classify(CallFailed(f"compute.disks.{verb}", status, reason, "Google's words"))
    assert (failure.code, failure.native) == (code, reason)
    assert "Google's words" in failure.message
    assert failure.message.startswith("compute.disks.")


def test_what_is_stopped_for_good_says_what_to_do() -> None:
    """Exhausted, denied, taken, missing: each with a remedy."""
    failures = [
        errors.classify(CallFailed("compute.disks.insert", 403, "quotaExceeded", "words")),
        errors.classify(CallFailed("compute.disks.insert", 403, "forbidden", "words")),
        errors.classify(CallFailed("compute.disks.insert", 404, "notFound", "words")),
        errors.classify(Taken("gcp.address", "projects/acme/global/addresses/web")),
    ]
    assert [each.remedy for each in failures if not each.remedy] == []


def failed(report: Report) -> str:
    """The texts of all failures of a turn."""
    return "\n".join(f"{each.failure or each.message}" for each in report.failed)


def settles(told: Story) -> None:
    """What was wrong is right again: one more turn does the rest."""
    check_settled(told, MADE, told.turn(MADE))


def test_a_used_up_quota_stops_its_part_and_what_needs_it() -> None:
    """EXHAUSTED with metric and limit; the other parts stand, exit code 3; later the rest comes."""
    with story(GcpHarness) as told:
        quotas = told.harness.emulator.quotas
        quotas.limit("BACKEND_SERVICES", 0)
        report = told.turn(MADE)
        assert report.exit_code == 3
        assert "EXHAUSTED (quotaExceeded)" in failed(report)
        assert "Quota 'BACKEND_SERVICES' exceeded" in failed(report)
        assert "IAM & Admin > Quotas" in failed(report)
        assert {each.kind for each in told.alive()} >= {"gcp.address", "gcp.health_check"}
        quotas.limit("BACKEND_SERVICES", 10)
        settles(told)


def test_an_operation_that_fails_is_a_failure_of_its_part() -> None:
    """Accepted at first, DONE with an error later: said with Google's code; then made anew."""
    with story(GcpHarness) as told:
        told.harness.emulator.faults.fail_operation(
            "regionHealthChecks.insert", "QUOTA_EXCEEDED", "Quota 'HEALTH_CHECKS' exceeded.", 403
        )
        report = told.turn(MADE)
        assert not report.ok
        assert "QUOTA_EXCEEDED: Quota 'HEALTH_CHECKS' exceeded." in failed(report)
        settles(told)


def test_a_missing_permission_is_named() -> None:
    """DENIED with the permission; nothing that needs the part is tried."""
    with story(GcpHarness) as told:
        told.harness.emulator.permissions.deny("compute.regionBackendServices.create")
        report = told.turn(MADE)
        assert "DENIED (forbidden)" in failed(report)
        assert "compute.regionBackendServices.create" in failed(report)
        assert "docs/guides/gcp.md" in failed(report)
        assert not told.harness.emulator.world.all("forwardingRules")
        told.harness.emulator.permissions.allow()
        settles(told)


def test_reading_without_permission_stops_before_anything_is_done() -> None:
    """What may not be read cannot be planned for."""
    with story(GcpHarness) as told:
        told.harness.emulator.permissions.deny("compute.firewalls.list")
        with pytest.raises(CallError, match=r"compute\.firewalls\.list") as refused:
            told.turn(MADE)
        assert refused.value.failure.code is ErrorCode.DENIED
        assert told.alive() == ()


def test_the_name_of_a_stranger_is_refused_by_create_itself() -> None:
    """TAKEN, with the link of what has the name."""
    bench = Bench(GcpHarness())
    wanted = bench.prepare("gcp.address")
    bench.harness.plant(wanted)
    with pytest.raises(Taken, match=wanted.name):
        bench.driver("gcp.address").create(wanted)
    bench.close()


def test_a_stranger_with_our_name_is_refused_before_anything_is_done() -> None:
    """ST001 in the plan, exit code 5."""
    with story(GcpHarness) as told:
        parts = {each.key.kind: each for each in told.plan(MADE).desired.parts}
        name = parts["gcp.address"].name
        fields = {"address": "203.0.113.99", "description": "mine"}
        told.harness.emulator.world.put("addresses", name, world.REGION, fields)
        with pytest.raises(CapabilityError, match="ST001") as refused:
            told.turn(MADE)
        assert refused.value.exit_code == 5


def test_a_zone_that_does_not_answer_is_not_an_empty_one() -> None:
    """What it holds is neither deleted nor forgotten: when it answers again, the rest goes too."""
    with story(GcpHarness) as told:
        told.turn(MADE)
        emulator = told.harness.emulator
        emulator.faults.unreachable("us-central1-b")
        told.turn(())
        (left,) = [
            each.place
            for each in emulator.world.all("networkEndpointGroups")
            if each.place == "us-central1-b"
        ]
        assert left == "us-central1-b"
        emulator.faults.clear()
        check_settled(told, (), told.turn(()))
        assert told.alive() == ()


def test_what_a_silent_zone_holds_is_not_made_again() -> None:
    """Its group stands; a plan that cannot see it says so and leaves it alone."""
    with story(GcpHarness) as told:
        told.turn(MADE)
        emulator = told.harness.emulator
        emulator.faults.fail("networkEndpointGroups.aggregatedList", times=None)
        plan = told.plan(MADE)
        kinds = {each.part.kind for each in plan.changes}
        assert "gcp.network_endpoint_group" not in kinds
        assert {each.code for each in plan.objections} >= {"ST004"}
        emulator.faults.clear()
        assert told.plan(MADE).empty


def test_backends_are_not_forgotten_because_their_zone_is_silent() -> None:
    """An instance that cannot be asked for stays in its balancer: the plan fails instead."""
    with story(GcpHarness) as told:
        told.turn(MADE)
        told.harness.emulator.faults.unreachable("us-central1-a")
        with pytest.raises(CallError, match="us-central1-a"):
            told.turn(MADE)
        told.harness.emulator.faults.clear()
        assert told.plan(MADE).empty


def test_a_change_in_between_is_read_again_before_the_next_try() -> None:
    """An old fingerprint is no failure of the turn: the service is read and patched once more."""
    later = replace(MADE[0], spec=replace(MADE[0].spec, connection_draining=77))
    with story(GcpHarness) as told:
        told.turn(MADE)
        emulator = told.harness.emulator
        meddled: list[str] = []

        def meddle() -> None:
            last = emulator.calls[-1].method if len(emulator.calls) else ""
            if last == "compute.regionBackendServices.get" and not meddled:
                for each in emulator.world.all("backendServices"):
                    emulator.world.change(each.link, {"timeoutSec": 55})
                    meddled.append(each.name)

        WIRE.after.append(meddle)
        report = told.turn((later,))
        assert meddled
        assert report.ok, failed(report)
        statuses = [each.status for each in emulator.calls.mutating()]
        assert 412 in statuses
        (service,) = emulator.world.all("backendServices")
        assert service.fields["connectionDraining"]["drainingTimeoutSec"] == 77
        assert service.fields["timeoutSec"] == 55


def test_a_server_that_is_unavailable_for_a_moment_costs_time_only() -> None:
    """503 is looked into and tried again, in the same turn."""
    with story(GcpHarness) as told:
        told.harness.emulator.faults.fail("regionBackendServices.insert", times=2)
        settles(told)


def test_work_of_others_on_our_object_is_waited_for() -> None:
    """resourceNotReady is no failure: the call is made again when that work has ended."""
    later = replace(MADE[0], spec=replace(MADE[0].spec, connection_draining=77))
    with story(GcpHarness) as told:
        told.turn(MADE)
        emulator = told.harness.emulator
        emulator.faults.slow_operation("regionBackendServices.patch", 8.0)
        (service,) = emulator.world.all("backendServices")
        body = {"timeoutSec": 44, "fingerprint": service.fields["fingerprint"]}
        emulator.request("PATCH", service.link.partition("/v1/")[2], body)
        check_settled(told, (later,), told.turn((later,)))
        assert "resourceNotReady" in {each.reason for each in emulator.calls.mutating()}


def test_an_object_of_the_same_name_made_by_others_is_not_deleted() -> None:
    """Ours went, a stranger's came under its name: the numeric id is another."""
    bench = Bench(GcpHarness())
    found: Found = bench.make("gcp.firewall")
    emulator = bench.harness.emulator  # type: ignore[attr-defined]
    link = f"https://www.googleapis.com/compute/v1/{found.fields['link']}"
    emulator.world.remove(link)
    stranger = emulator.world.put("firewalls", found.name, "", {"description": "mine"})
    bench.driver("gcp.firewall").delete(found)
    assert emulator.world.find("firewalls", found.name).id == stranger.id
    with pytest.raises(Refusal):
        bench.driver("gcp.firewall").update(found, {"sourceRanges": ["10.0.0.0/8"]})
    bench.close()


def test_a_failed_patch_is_told_by_the_next_look() -> None:
    """PENDING first, then FAILED with Google's words, though the object stands as before."""
    bench = Bench(GcpHarness())
    found = bench.make("gcp.health_check")
    bench.harness.emulator.faults.fail_operation(  # type: ignore[attr-defined]
        "*HealthChecks.patch", "INTERNAL_ERROR", "It broke.", 500
    )
    told = bench.driver("gcp.health_check").update(found, {"checkIntervalSec": 44})
    assert told.health is Health.PENDING
    bench.clock.sleep(10)
    seen = bench.look(found)
    assert seen is not None
    assert (seen.health, seen.reason) == (Health.FAILED, "INTERNAL_ERROR: It broke.")
    again = bench.look(found)
    assert again is not None
    assert again.health is Health.READY
    bench.close()


def test_a_new_process_learns_of_the_work_that_an_older_one_began() -> None:
    """Killed right after an insert: the next one's survey tells what is not ready yet."""
    bench = Bench(GcpHarness())
    wanted = bench.prepare("gcp.health_check")
    bench.harness.slow()
    made = bench.driver("gcp.health_check").create(wanted)
    bench.restart()
    bench.facts(())
    seen = bench.look(made)
    assert seen is not None
    assert seen.health is Health.PENDING
    assert "insert is under way" in seen.reason
    assert bench.ready(made).health is Health.READY
    bench.close()


def test_what_an_older_process_is_deleting_counts_as_gone() -> None:
    """It must not be waited for, nor deleted again while it goes."""
    bench = Bench(GcpHarness())
    found = bench.make("gcp.health_check")
    bench.harness.slow()
    emulator = bench.harness.emulator  # type: ignore[attr-defined]
    emulator.request("DELETE", found.fields["link"])
    bench.restart()
    bench.facts(())
    assert bench.look(found) is None
    assert emulator.world.find("healthChecks", found.name) is not None
    bench.driver("gcp.health_check").delete(found)
    assert emulator.world.find("healthChecks", found.name) is None
    bench.close()
