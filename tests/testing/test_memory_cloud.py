"""The smallest honest cloud: what the memory cloud refuses, delays and hides, as clouds do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.memory import Cloud, CloudError
from cloudabstract.testing.memory.calls import Calls, Request

Disk = Callable[..., Request]


@contextmanager
def refused(code: ErrorCode, native: str) -> Iterator[pytest.ExceptionInfo[CloudError]]:
    """Expect a CloudError of that code and native word."""
    with pytest.raises(CloudError) as raised:
        yield raised
    assert (raised.value.code, raised.value.native) == (code, native)


def test_one_token_makes_one_object(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """The second insert with a token returns what the first made."""
    assert calls.insert(disk()).id == calls.insert(disk()).id
    assert len(cloud.objects()) == 1


def test_a_token_is_of_one_name_only(calls: Calls, disk: Disk) -> None:
    """The same token with another name is a mistake of the caller."""
    calls.insert(disk("one", token="t"))
    with refused(ErrorCode.INVALID, "TokenMismatch"):
        calls.insert(disk("two", token="t"))


def test_a_token_is_spent_when_its_object_is_gone(calls: Calls, disk: Disk) -> None:
    """The token is never good for a second object; another token is."""
    calls.drop(calls.insert(disk(token="t")).id)
    with refused(ErrorCode.SPENT, "SpentToken"):
        calls.insert(disk(token="t"))
    assert calls.insert(disk(token="u")).name == "one"


def test_names_are_unique_in_kind_and_place(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """Another token cannot have the name; another place can."""
    calls.insert(disk(token="t"))
    with refused(ErrorCode.TAKEN, "NameInUse"):
        calls.insert(disk(token="u"))
    other = disk(token="v")
    calls.insert(Request(other.kind, "here-b", other.name, other.fields, {}, other.token))
    assert sorted(each.place for each in cloud.objects()) == ["here-a", "here-b"]


def test_what_is_used_cannot_be_deleted(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """A disk that is attached stays until the attachment is gone."""
    made = calls.insert(disk())
    fields = {"disk": made.id, "instance": "host-1", "device": "", "read_only": False}
    attached = calls.insert(Request("memory.attachment", "here-a", "at", fields, {}, "a"))
    with refused(ErrorCode.CONFLICT, "InUse"):
        calls.drop(made.id)
    calls.drop(attached.id)
    calls.drop(made.id)
    assert cloud.objects() == ()


def test_a_copy_is_independent_of_its_origin(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """A snapshot outlives its disk, and knows its size."""
    made = calls.insert(disk())
    kept = calls.insert(Request("memory.snapshot", "here", "snap", {"source": made.id}, {}, "s"))
    calls.drop(made.id)
    assert [each.id for each in cloud.objects()] == [kept.id]
    assert cloud.one("memory.snapshot").fields["size"] == 2**30


def test_what_is_registered_goes_with_its_pool(calls: Calls, cloud: Cloud) -> None:
    """A registration is no user of its pool, but an entry in it."""
    pool = calls.insert(Request("memory.pool", "here", "pool", {"protocol": "TCP"}, {}, "p"))
    calls.insert(Request("memory.members", "here", "", {"pool": pool.id, "members": []}, {}, "m"))
    calls.drop(pool.id)
    assert cloud.objects() == ()


def test_disks_only_grow(calls: Calls, disk: Disk) -> None:
    """More is success, the same is success, less is refused."""
    made = calls.insert(disk())
    assert calls.patch(made.id, {"size": 2**31}).fields["size"] == 2**31
    assert calls.patch(made.id, {"size": 2**31}).version == 2
    with refused(ErrorCode.INVALID, "Shrink"):
        calls.patch(made.id, {"size": 2**30})


def test_fixed_fields_are_fixed(calls: Calls, disk: Disk) -> None:
    """A tier cannot be changed in place."""
    made = calls.insert(disk(tier="standard"))
    with refused(ErrorCode.INVALID, "Fixed"):
        calls.patch(made.id, {"tier": "fast"})


def test_fields_must_point_at_something(calls: Calls) -> None:
    """A listener of a balancer that does not exist is refused."""
    fields = {"balancer": "balancer-000000000000", "pool": "", "port": 80, "protocol": "TCP"}
    with refused(ErrorCode.INVALID, "NoSuchObject"):
        calls.insert(Request("memory.listener", "here", "l", fields, {}, "l"))


def test_readiness_takes_time(calls: Calls, cloud: Cloud, clock: FakeClock, disk: Disk) -> None:
    """An object that is being made cannot be changed until it is ready."""
    cloud.rules.delay = 30.0
    made = calls.insert(disk())
    with refused(ErrorCode.CONFLICT, "NotReady"):
        calls.patch(made.id, {"size": 2**31})
    clock.sleep(30.0)
    assert calls.patch(made.id, {"size": 2**31}).ready_at == clock.now() + 30.0


def test_deletion_takes_time(calls: Calls, cloud: Cloud, clock: FakeClock, disk: Disk) -> None:
    """Meanwhile the object is there, its name is taken, and deleting it again is success."""
    cloud.rules.deletion = 60.0
    made = calls.insert(disk(token="t"))
    calls.drop(made.id)
    calls.drop(made.id)
    with refused(ErrorCode.CONFLICT, "NameInUse"):
        calls.insert(disk(token="u"))
    clock.sleep(60.0)
    with refused(ErrorCode.NOT_FOUND, "NoSuchObject"):
        calls.drop(made.id)
    assert calls.insert(disk(token="u")).id != made.id


def test_a_cooldown_says_how_long_it_lasts(
    calls: Calls, cloud: Cloud, clock: FakeClock, disk: Disk
) -> None:
    """A second change is refused until the time that the error and the object tell."""
    cloud.rules.cooldown = {"memory.disk": 600.0}
    made = calls.insert(disk())
    changed = calls.patch(made.id, {"size": 2**31})
    with refused(ErrorCode.CONFLICT, "Cooldown") as error:
        calls.patch(made.id, {"size": 2**32})
    assert error.value.retry_after == 600.0
    assert changed.not_before == clock.now() + 600.0


def test_fresh_objects_are_listed_late(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """With a lag of two, the third whole listing shows the object."""
    cloud.rules.lag = 2
    calls.insert(disk())
    shown = [len(calls.list("memory.disk", "here-a").things) for _ in range(4)]
    assert shown == [0, 0, 1, 1]


def test_listings_come_in_pages(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """Five objects on pages of two: three pages, each object once."""
    cloud.rules.page = 2
    made = {calls.insert(disk(f"disk-{index}")).id for index in range(5)}
    seen: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = calls.list("memory.disk", "here-a", cursor)
        seen += [each.id for each in page.things]
        cursor, pages = page.cursor, pages + 1
    assert (pages, len(seen), set(seen)) == (3, 5, made)


def test_a_quota_is_a_quota(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """Two disks may exist; the third is refused until one is gone."""
    cloud.rules.quotas = {"memory.disk": 2}
    made = [calls.insert(disk("one")), calls.insert(disk("two"))]
    with refused(ErrorCode.EXHAUSTED, "Quota"):
        calls.insert(disk("three"))
    calls.drop(made[0].id)
    assert calls.insert(disk("three")).name == "three"


@pytest.mark.parametrize("rule", ["memory.disk", "create", "memory.disk:create"])
def test_what_is_denied_is_denied(calls: Calls, cloud: Cloud, disk: Disk, rule: str) -> None:
    """By kind, by verb, or by both."""
    cloud.rules.denied = frozenset({rule})
    with refused(ErrorCode.DENIED, "Denied"):
        calls.insert(disk())
    assert cloud.objects() == ()


def test_addresses_depend_on_names_alone(calls: Calls) -> None:
    """The same names get the same addresses, in whatever order they are made; no two are equal."""

    def made(order: list[str]) -> dict[str, str]:
        world = Calls(Cloud(FakeClock()))
        fields = {"family": "IPv4", "routability": "External"}
        things = [
            world.insert(Request("memory.address", "here", name, fields, {}, name))
            for name in order
        ]
        return {each.name: each.fields["ip"] for each in things}

    first = made(["a", "b", "c"])
    assert made(["c", "a", "b"]) == first
    assert len(set(first.values())) == 3
    assert all(ip.startswith(("192.0.2.", "203.0.113.", "198.18.")) for ip in first.values())


def test_a_third_party_can_do_anything(calls: Calls, cloud: Cloud, disk: Disk) -> None:
    """Edit, relabel, fail, plant and remove: what tests do behind the engine's back."""
    made = calls.insert(disk())
    assert cloud.edit(made, size=1).fields["size"] == 1
    assert cloud.relabel(made, {"team": "x"}).labels == {"team": "x"}
    assert cloud.fail(made, "smoke").failure == "smoke"
    planted = cloud.plant("memory.pool", "theirs")
    assert planted.owner == {}
    cloud.remove(made)
    assert cloud.objects() == (planted,)
