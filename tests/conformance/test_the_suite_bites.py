"""Each fault that an author can make fails the conformance test that is named for it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.outcomes import Failed

from cloudabstract.errors import ProviderError
from cloudabstract.testing.conformance import Conformance
from cloudabstract.testing.conformance.bench import Bench

from . import mutants


@dataclass(frozen=True)
class Case:
    """A mutant, and the test that must not pass with it."""

    mutant: type
    test: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.mutant.__name__


def case(mutant: type, test: str, **values: str) -> Case:
    """One row of the table."""
    return Case(mutant, f"test_{test}", tuple(values.items()))


DISK, POOL, MEMBERS = "memory.disk", "memory.pool", "memory.members"
CASES = [
    case(mutants.IgnoresTokens, "creating_twice_gives_the_same_object", kind=POOL),
    case(mutants.IgnoresTokens, "creating_from_many_threads_makes_one_object", kind=DISK),
    case(mutants.RandomToken, "a_restart_gets_what_was_made_before", kind=DISK),
    case(
        mutants.RandomToken, "a_crash_at_any_write_is_survived", capability="volume", name="birth"
    ),
    case(mutants.ForgetsLabels, "labels_are_set_in_the_create_call", kind=POOL),
    case(mutants.ForgetsLabels, "death_leaves_nothing", capability="balancer"),
    case(mutants.LabelsLater, "nothing_is_without_an_owner_between_two_calls", kind=DISK),
    case(mutants.CutsLabels, "labels_may_speak_of_unwieldy_names", kind=POOL),
    case(mutants.CutsNames, "a_name_as_long_as_the_limit_is_kept", kind=POOL),
    case(mutants.AlwaysReady, "health_is_what_the_world_says", kind=DISK),
    case(mutants.TakesStrangers, "the_name_of_a_stranger_is_refused_as_taken", kind=POOL),
    case(mutants.RaisesOnRetry, "creating_twice_gives_the_same_object", kind=DISK),
    case(mutants.RaisesOnRetry, "a_restart_gets_what_was_made_before", kind=DISK),
    case(
        mutants.LeavesByProducts,
        "after_a_whole_sample_is_deleted_nothing_is_left",
        capability="volume",
    ),
    case(mutants.RevivesTheDead, "a_token_that_is_used_up_is_told_as_spent", kind=DISK),
    case(mutants.FirstPageOnly, "observe_reads_every_page", capability="volume"),
    case(mutants.RepeatsPageBorders, "observe_reads_every_page", capability="volume"),
    case(mutants.TellsEverything, "observe_leaves_out_what_is_not_asked_for", kind=POOL),
    case(mutants.TellsEverything, "an_object_of_another_stack_is_told_as_theirs", kind=DISK),
    case(mutants.ClaimsEverything, "a_strangers_object_is_told_as_not_ours", kind=POOL),
    case(mutants.EveryPlace, "observe_keeps_to_its_place", kind=DISK),
    case(mutants.NotFoundIsAnError, "observe_of_an_empty_world_finds_nothing", kind=POOL),
    case(mutants.OnlyByLabels, "observe_finds_by_name_alone", kind=POOL),
    case(mutants.UpdatesTooMuch, "update_sets_the_given_fields_and_nothing_else", kind=POOL),
    case(mutants.EchoesUpdates, "update_sets_the_given_fields_and_nothing_else", kind=DISK),
    case(mutants.EchoesUpdates, "storage_grows_in_place", capability="volume"),
    case(mutants.UpdatesByReplacing, "update_leaves_labels_name_and_id_alone", kind=DISK),
    case(mutants.UpdatesDropLabels, "update_leaves_labels_name_and_id_alone", kind=DISK),
    case(mutants.FrozenVersion, "the_version_changes_with_the_object_and_only_then", kind=DISK),
    case(mutants.MarksMerge, "mark_replaces_the_owners_labels", kind=DISK),
    case(mutants.DeletesNeighbours, "delete_leaves_everything_else", kind=DISK),
    case(mutants.DeleteRaisesWhenGone, "deleting_what_is_gone_is_success", kind=POOL),
    case(mutants.PretendsToDelete, "delete_makes_it_absent", kind=POOL),
    case(mutants.PretendsToDelete, "death_leaves_nothing", capability="volume"),
    case(mutants.EverythingIsAConflict, "whatever_is_raised_is_classified"),
    case(
        mutants.NeverExpandsTwiceAlike, "expanding_twice_gives_the_same_parts", capability="volume"
    ),
    case(
        mutants.IgnoresAField,
        "no_field_is_silently_ignored",
        field="LoadBalancer spec.sourceRanges",
    ),
    case(mutants.InventsCodes, "objections_say_what_and_what_else"),
    case(
        mutants.UndeclaredUse,
        "refs_point_at_parts_that_exist_and_kinds_that_are_declared",
        capability="balancer",
    ),
]


def harness_of(mutant: type) -> type[mutants.MutantHarness]:
    """A harness with the mutant in the place where it belongs."""
    for place, root in (
        ("driver", mutants.Correct),
        ("session", mutants.MutantSession),
        ("made", mutants.MutantProvider),
    ):
        if issubclass(mutant, root):
            return type("Harness", (mutants.MutantHarness,), {place: mutant})
    raise TypeError(mutant)


def run(harness: type[mutants.MutantHarness], test: str, values: dict[str, str]) -> None:
    """Run one conformance test against a harness, as pytest would."""
    suite: Any = type("Suite", (Conformance,), {"harness": harness})()
    method = getattr(suite, test)
    wants = inspect.signature(method).parameters
    given: dict[str, Any] = dict(values)
    bench = Bench(harness())
    if "bench" in wants:
        given["bench"] = bench
    if "facts" in wants:
        given["facts"] = bench.facts(())
    try:
        method(**given)
    finally:
        bench.close()


@pytest.mark.parametrize("each", CASES, ids=lambda one: f"{one}-{one.test}")
def test_a_wrong_provider_fails_the_test_that_is_named_for_it(each: Case) -> None:
    """With the mutant the test fails; with the correct provider it passes."""
    with pytest.raises((AssertionError, Failed, ProviderError, LookupError, ValueError)):
        run(harness_of(each.mutant), each.test, dict(each.values))
    run(mutants.MutantHarness, each.test, dict(each.values))


def test_no_test_of_the_suite_can_be_overridden() -> None:
    """A class that redefines a test is not made."""
    body = {"harness": mutants.MutantHarness, "test_death_leaves_nothing": lambda self: None}
    with pytest.raises(TypeError, match="overrides test_death_leaves_nothing"):
        type("TestCheating", (Conformance,), body)


def test_a_lack_must_name_a_test_a_kind_or_a_capability() -> None:
    """A misspelt lack would hide nothing, and mislead its reader."""

    class Misspelt(mutants.MutantHarness):
        lacks = {"test_that_does_not_exist": "a reason"}  # noqa: RUF012 - ClassVar above

    with pytest.raises(TypeError, match="test_that_does_not_exist"):
        type("TestMisspelt", (Conformance,), {"harness": Misspelt})


def test_a_lack_needs_a_reason() -> None:
    """An empty reason is none."""

    class Silent(mutants.MutantHarness):
        lacks = {"snapshot": " "}  # noqa: RUF012 - ClassVar above

    with pytest.raises(TypeError, match="needs a reason for snapshot"):
        type("TestSilent", (Conformance,), {"harness": Silent})
