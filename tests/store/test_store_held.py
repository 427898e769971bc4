"""A held lease renews itself while its turn runs, and says when it is lost."""

from __future__ import annotations

import logging

import pytest

from cloudabstract.errors import LeaseError, StoreError


def test_a_turn_longer_than_the_lifetime_keeps_its_lease(store, clock) -> None:
    """Ten lifetimes later the lease is the same one, and released at the end."""
    with store.lease("shop", "ann", ttl=60) as held:
        for _ in range(30):
            clock.await_sleeper()
            expires = held.lease.expires
            clock.advance(20)
            while held.lease.expires == expires:  # the heartbeat's thread is at work
                assert not held.lost.wait(0.001)
        assert clock.now() == 1_600
        with pytest.raises(LeaseError):
            store.leases.acquire("shop", "bob")
        assert held.fence == 1
    assert store.holder("shop") is None


def test_a_lease_taken_by_another_is_lost_and_not_released(store, clock) -> None:
    """A sleeper that wakes up learns it through `lost`; the new holder keeps the stack."""
    with store.lease("shop", "ann", ttl=60) as held:
        clock.await_sleeper()
        store.break_lease("shop", held.fence)
        current = store.leases.acquire("shop", "bob", ttl=600)
        clock.advance(61)
        assert held.lost.wait(20)
    assert store.holder("shop") == current


def test_a_store_that_cannot_be_written_loses_the_lease_at_its_expiry_only(
    store, clock, monkeypatch, caplog
) -> None:
    """A full disk for one beat is survived; one that lasts beyond the lifetime is not."""
    caplog.set_level(logging.WARNING, logger="cloudabstract.store")

    def full(*_: object) -> None:
        raise StoreError("no space left")

    with store.lease("shop", "ann", ttl=60, beat=0) as held:
        with monkeypatch.context() as failing:
            failing.setattr(store.leases, "heartbeat", full)
            clock.advance(59)
            assert held.renew()
        assert held.renew()
        monkeypatch.setattr(store.leases, "heartbeat", full)
        clock.advance(60)
        assert not held.renew()
        assert held.lost.is_set()
    assert "not renewed: no space left" in caplog.text


def test_a_release_that_fails_does_not_hide_what_ended_the_turn(store, monkeypatch, caplog) -> None:
    """The error of the turn comes out; the lease will expire by itself."""

    def full(*_: object) -> None:
        raise StoreError("no space left")

    with pytest.raises(ZeroDivisionError), store.lease("shop", "ann", beat=0):
        monkeypatch.setattr(store.leases, "release", full)
        raise ZeroDivisionError
    assert "not released: no space left" in caplog.text


def test_entering_a_held_stack_is_refused(store, held) -> None:
    """The with-block of the second is never run, and the first keeps its lease."""
    with pytest.raises(LeaseError, match="held by ann"), store.lease("shop", "bob"):
        pytest.fail("entered a stack that another holds")
    assert store.holder("shop") == held.lease


def test_a_lease_not_entered_has_no_fence(store) -> None:
    """Using the object without `with` is told, not silently accepted."""
    with pytest.raises(LeaseError, match="with"):
        _ = store.lease("shop", "ann").fence
