"""Layer three: whole lives through the engine, from birth to death, undisturbed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from cloudabstract.engine import Action, Change, Consent
from cloudabstract.engine.finding.fields import UNKNOWN
from cloudabstract.errors import ConsentError
from cloudabstract.model import (
    LoadBalancer,
    Resource,
    Volume,
    VolumeAttachment,
    VolumeClaim,
)
from cloudabstract.provider import RELEASED, Driver, Found

from .layer import Layer
from .story import Story, check_settled, story


class Life(Layer):
    """One stack with the sample's resources, alone in its world."""

    def test_birth_makes_everything_once(self, capability: str) -> None:
        """One turn, and there is nothing left to do; a second turn writes nothing."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            check_settled(told, resources, told.turn(resources))
            again = told.turn(resources)
            assert again.ok
            assert told.record.writes == []

    def test_status_speaks_of_what_is_there(self, capability: str) -> None:
        """Balancers have an address and are Programmed, volumes at least the size asked for."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            statuses = told.turn(resources).statuses
            for resource in resources:
                status = statuses[resource.key]
                if isinstance(resource, LoadBalancer):
                    programmed = status.condition("Programmed")
                    assert status.addresses
                    assert programmed is not None
                    assert programmed.status == "True", programmed
                if isinstance(resource, Volume):
                    assert status.capacity >= resource.spec.capacity.storage
                if isinstance(resource, VolumeClaim):
                    assert status.capacity >= resource.spec.resources.requests.storage

    def test_a_change_is_made_in_place(self, capability: str) -> None:
        """Every object that was there is still there, under the same id."""
        sample = self.sample(capability)
        with story(self.harness) as told:
            told.turn(sample.resources)
            before = {each.id for each in told.alive()}
            if sample.changed:
                check_settled(told, sample.changed, told.turn(sample.changed))
            assert before <= {each.id for each in told.alive()}

    def test_storage_grows_in_place(self, capability: str) -> None:
        """More bytes, the same objects."""
        sample = self.sample(capability)
        with story(self.harness) as told:
            told.turn(sample.resources)
            before = {each.id for each in told.alive()}
            if sample.grown:
                check_settled(told, sample.grown, told.turn(sample.grown))
            assert {each.id for each in told.alive()} == before

    def test_a_replacement_stands_before_the_old_object_goes(self, capability: str) -> None:
        """What cannot change in place is made anew beside the old, unless the plan says gap."""
        sample = self.sample(capability)
        with story(self.harness) as told:
            told.turn(sample.resources)
            plan = told.plan(sample.replaced) if sample.replaced else None
            if plan is None:
                return  # nothing of this sample is replaced
            replaced = [each for each in plan.changes if each.action is Action.REPLACE]
            assert replaced, "the sample's `replaced` replaces nothing"
            report = told.turn(sample.replaced)
            order = {(each.verb, each.name): each.number for each in told.record.writes}
            check_settled(told, sample.replaced, report)
            for change in replaced:
                made, gone = order["create", change.name], order.get(("delete", change.old_name))
                if gone is not None and not change.gap:
                    assert made < gone, f"{change.part} was gone before the new one stood"

    def test_an_attachment_under_another_name_takes_over_in_one_turn(self, capability: str) -> None:
        """The old one leaves before the new one comes; whoever the seat belongs to, it is known."""
        resources = self.sample(capability).resources
        moved = tuple(map(_under_another_name, resources))
        if moved == tuple(resources):
            return  # nothing of this sample is attached
        with story(self.harness) as told:
            told.turn(resources)
            check_settled(told, moved, told.turn(moved))

    def test_what_vanished_is_made_again(self, capability: str) -> None:
        """A third party deletes an object that holds no data: the next turn repairs it."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            told.turn(resources)
            for kind in reversed(list(told.kinds.values())):
                if kind.precious:
                    continue
                self._third_party_deletes(told, resources, kind.name)
                check_settled(told, resources, told.turn(resources))

    def test_what_was_changed_behind_our_back_is_changed_back(self, capability: str) -> None:
        """A third party updates our objects: the next turn repairs them."""
        sample = self.sample(capability)
        if not sample.changed:
            return  # nothing of this sample changes in place
        with story(self.harness) as told:
            told.turn(sample.resources)
            ahead = told.plan(sample.changed)
            updates = [each for each in ahead.changes if each.action is Action.UPDATE]
            for change in updates:
                found = ahead.matched.found[change.part]
                told.drive(partial(_update, _known(change)), found)
            assert not told.plan(sample.resources).empty
            check_settled(told, sample.resources, told.turn(sample.resources))

    def test_a_lost_store_is_found_again(self, capability: str) -> None:
        """Without memory, journal and history: nothing to do, and nothing is written."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            told.turn(resources)
            told.forget()
            check_settled(told, resources, told.turn(resources))
            told.forget()
            told.turn(resources)
            assert told.record.writes == []

    def test_orphans_are_found_by_their_labels_and_deleted(self, capability: str) -> None:
        """The store is lost, and the spec names nothing any more: everything goes."""
        with story(self.harness) as told:
            told.turn(self.sample(capability).resources)
            told.forget()
            check_settled(told, (), told.turn(()))
            assert told.alive() == ()

    def test_death_leaves_nothing(self, capability: str) -> None:
        """What the stack owned is gone; what it did not own is as it was."""
        with story(self.harness) as told:
            told.strangers = frozenset(each.id for each in told.harness.inspect())
            told.turn(self.sample(capability).resources)
            check_settled(told, (), told.turn(()))
            assert told.alive() == ()
            assert {each.id for each in told.harness.inspect()} == told.strangers

    def test_a_slow_target_is_waited_for(self, capability: str) -> None:
        """Creations and deletions take time; one turn is enough for each."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            told.harness.slow()
            check_settled(told, resources, told.turn(resources))
            told.turn(())
            told.wait()
            check_settled(told, (), told.turn(()))
            assert told.alive() == ()

    def test_nothing_is_lost_without_consent(self, capability: str) -> None:
        """Agreeing to destruction is not agreeing to lose data: nothing is touched."""
        with story(self.harness) as told:
            told.turn(self.sample(capability).resources)
            before = {each.id for each in told.alive()}
            if any(told.kinds[each.kind].precious for each in told.alive()):
                with pytest.raises(ConsentError):
                    told.turn((), consent=lambda plan: Consent(yes=True))
                assert told.record.writes == []
            assert {each.id for each in told.alive()} == before

    def test_retained_volumes_are_released_and_can_be_taken_back(self) -> None:
        """reclaimPolicy Retain: the object stays, ours no more, until the spec names it again."""
        resources = _retained(self.sample("volume").resources)
        with story(self.harness) as told:
            told.turn(resources)
            kept = {each.id for each in told.alive() if told.kinds[each.kind].precious}
            told.turn(())
            assert {each.id for each in told.alive()} == kept
            assert all(RELEASED in each.labels for each in told.alive())
            check_settled(told, resources, told.turn(resources))
            assert kept <= {each.id for each in told.alive()}

    def test_a_vanished_volume_is_lost_and_not_made_anew(self) -> None:
        """An empty volume in place of one with data is the worst of surprises."""
        resources = self.sample("volume").resources
        with story(self.harness) as told:
            told.turn(resources)
            for kind in told.kinds.values():
                if kind.precious:
                    self._third_party_deletes(told, resources, kind.name)
            told.turn(resources)
            assert [each for each in told.alive() if told.kinds[each.kind].precious] == []
            status = told.turn(resources).statuses[resources[0].key]
            assert (status.phase, status.reason) == ("Failed", "Lost")

    @staticmethod
    def _third_party_deletes(told: Story, resources: Iterable[Resource], kind: str) -> None:
        """Delete our objects of one kind, and all that uses them first."""
        ours = told.plan(resources).matched.found.values()
        using = {kind}
        for each in told.kinds.values():
            if using & set(each.uses) - {each.name}:
                using.add(each.name)
        order = [each.name for each in told.kinds.values() if each.name in using]
        doomed = [found for found in ours if found.kind in using]
        if any(told.kinds[found.kind].precious and found.kind != kind for found in doomed):
            return  # data hangs on it
        for found in sorted(doomed, key=lambda one: -order.index(one.kind)):
            told.drive(lambda driver, old: driver.delete(old), found)
        told.wait()


def _known(change: Change) -> dict[str, Any]:
    """The fields of an update whose values are known before it is made."""
    later = str(UNKNOWN)
    return {
        name: delta.after
        for name, delta in change.fields.items()
        if not name.startswith("labels.") and later not in str(delta.after)
    }


def _update(values: dict[str, Any], driver: Driver, found: Found) -> None:
    driver.update(found, values)


def _retained(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple(
        replace(each, spec=replace(each.spec, reclaim_policy="Retain"))
        if isinstance(each, Volume)
        else each
        for each in resources
    )


def _under_another_name(resource: Resource) -> Resource:
    """An attachment with another name; all else as it is."""
    if not isinstance(resource, VolumeAttachment):
        return resource
    return replace(resource, metadata=replace(resource.metadata, name="other"))
