"""Volumes become the right objects of AWS, with every figure said. Nothing here touches AWS."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.errors import CapabilityError
from cloudabstract.model import Encryption, Performance, ResourceKey, Topology
from cloudabstract.provider import Facts, Host, Part, Ref
from cloudabstract_aws import volumes

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
NETWORKS = {
    "vpcs": {"vpc-1": {"default": True, "cidrs": ["172.31.0.0/16"]}},
    "subnets": [
        {"id": f"subnet-{zone[-1]}", "vpc": "vpc-1", "zone": zone, "ipv6": False, "roles": []}
        for zone in ZONES[:2]
    ],
}


@pytest.fixture
def expand(make: Any) -> Any:
    """Expand the first of some resources; the others are there, too."""

    def parts(*resources: Any, hosts: tuple[Host, ...] = (), **settings: Any) -> list[Part]:
        extra = {"volumes": {"zones": {"us-east-1": ZONES}, "networks": {"us-east-1": NETWORKS}}}
        known = {each.key: each for each in resources}
        facts = Facts(("us-east-1",), hosts, extra, known)
        return list(volumes.expand(resources[0], facts, make.settings(**settings)))

    return parts


FIGURES = {
    "standard": ("gp3", 1, 3000, 125),
    "balanced": ("gp3", 1, 3000, 125),
    "fast": ("io2", 4, 3000, 0),
    "throughput": ("st1", 125, 0, 0),
    "cold": ("sc1", 125, 0, 0),
}


@pytest.mark.parametrize("tier", FIGURES)
def test_every_tier_has_its_type_and_says_its_figures(make: Any, expand: Any, tier: str) -> None:
    """Nothing is left to a default of EC2; small sizes are rounded up, and the plan says so."""
    (part,) = expand(make.volume(size=make.MIB, performance=Performance(tier)))
    want = part.want
    told = (want["type"], want["size"] // make.GIB, want["iops"], want["throughput"])
    assert told == FIGURES[tier]
    assert part.notes["size"] == "rounded up from 1Mi"
    assert part.key.role == "volume"


def test_figures_are_those_asked_for(make: Any, expand: Any) -> None:
    """IOPS and throughput; a throughput that needs more IOPS than the default gets them."""
    speed = Performance("balanced", 4000, 250 * make.MIB)
    (part,) = expand(make.volume(size=100 * make.GIB, performance=speed))
    assert (part.want["iops"], part.want["throughput"]) == (4000, 250)
    (part,) = expand(make.volume(performance=Performance("balanced", None, 1000 * make.MIB)))
    assert (part.want["iops"], part.want["throughput"]) == (4000, 1000)


def test_a_type_can_be_named(make: Any, expand: Any) -> None:
    """providerOverrides.aws.volumeType goes before the tier."""
    (part,) = expand(make.volume(provider_overrides={"aws": {"volumeType": "gp2"}}))
    assert (part.want["type"], part.want["iops"]) == ("gp2", 0)


def test_many_writers_of_blocks_share_an_io2(make: Any, expand: Any) -> None:
    """Multi-Attach; and a file system has no say in it."""
    shared = make.volume(
        access_modes=("ReadWriteMany",), volume_mode="Block", performance=Performance("fast")
    )
    (part,) = expand(shared)
    assert (part.want["type"], part.want["multi_attach"], part.want["fs_type"]) == ("io2", True, "")


@pytest.mark.parametrize(
    ("zones", "host", "expected"),
    [
        ((), "", "us-east-1a"),
        ((), "us-east-1c", "us-east-1c"),
        (("us-east-1b", "us-east-1c"), "", "us-east-1b"),
        (("us-east-1b", "us-east-1c"), "us-east-1c", "us-east-1c"),
    ],
    ids=["first", "consumer", "topology", "consumer within the topology"],
)
def test_the_zone_is_the_topologys_the_consumers_or_the_first(
    make: Any, expand: Any, zones: tuple[str, ...], host: str, expected: str
) -> None:
    """The same input, the same zone."""
    hosts = (Host("host-1", "10.0.0.1", id="i-1", zone=host),) if host else ()
    volume = make.volume(topology=Topology(None, zones))
    (part,) = expand(volume, make.attachment(), hosts=hosts)
    assert part.want["zone"] == expected


def test_a_zone_that_is_not_there_is_refused(make: Any, expand: Any) -> None:
    """VO009, before anything is touched, with the zones that there are."""
    with pytest.raises(CapabilityError) as refused:
        expand(make.volume(topology=Topology(None, ("us-east-1z",))))
    (problem,) = refused.value.problems
    assert (problem.code, problem.subject) == ("VO009", "Volume/archive")
    assert "us-east-1a" in problem.remedy


def test_another_region_is_another_place(make: Any, expand: Any) -> None:
    """And a snapshot of the volume is in it, too."""
    there = make.volume(topology=Topology("eu-west-1"))
    assert [each.place for each in expand(there)] == ["eu-west-1"]
    assert [each.place for each in expand(make.snapshot(), there)] == ["eu-west-1"]


def test_encryption_is_compared_only_where_it_was_asked_for(make: Any, expand: Any) -> None:
    """An account may encrypt everything; a key by id or ARN is one key, an alias may change."""
    assert "encrypted" not in expand(make.volume())[0].want
    (part,) = expand(make.volume(encryption=Encryption(True)))
    assert (part.want["encrypted"], part.want["key"], "kms_key" in part.want) == (True, "", False)
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{make.KEY}"
    (part,) = expand(make.volume(encryption=Encryption(True, arn)))
    assert (part.want["kms_key"], part.want["key"]) == (make.KEY, arn)
    (part,) = expand(make.volume(encryption=Encryption(True, "alias/shop")))
    assert (part.want["key"], "kms_key" in part.want) == ("alias/shop", False)


def test_sources_are_refs(make: Any, expand: Any) -> None:
    """A restore points at its snapshot, a copy at its volume; a copy stands where that does."""
    (part,) = expand(make.volume(data_source=make.source("before")), make.snapshot())
    source = part.want["source"]
    assert source["kind"] == "aws.snapshot"
    assert source["id"].to.resource == ResourceKey("VolumeSnapshot", "before", "default")
    origin = make.volume("origin", topology=Topology(None, ("us-east-1c",)))
    (part,) = expand(make.volume(data_source=make.source("origin", "Volume")), origin)
    assert part.want["source"]["kind"] == "aws.volume"
    assert part.want["zone"] == "us-east-1c"


def test_a_copy_cannot_leave_its_zone(make: Any, expand: Any) -> None:
    """VO009: EBS copies within a zone; the way out is a snapshot."""
    origin = make.volume("origin", topology=Topology(None, ("us-east-1c",)))
    copy = make.volume(
        data_source=make.source("origin", "Volume"), topology=Topology(None, ("us-east-1a",))
    )
    with pytest.raises(CapabilityError) as refused:
        expand(copy, origin)
    assert refused.value.problems[0].code == "VO009"
    assert "VolumeSnapshot" in refused.value.problems[0].remedy


def test_many_writers_of_files_get_a_file_system(make: Any, expand: Any) -> None:
    """File system, firewall, a mount target for each zone, access point; NFS from the VPC only."""
    parts = {each.key.role: each for each in expand(make.files(), subnets=())}
    assert list(parts) == ["volume", "firewall", "mount-us-east-1a", "mount-us-east-1b", "access"]
    assert parts["volume"].want["size"] == make.GIB
    assert parts["volume"].want["throughput_mode"] == "bursting"
    assert parts["firewall"].want["ingress"] == [
        {"protocol": "tcp", "port": 2049, "cidr": "172.31.0.0/16"}
    ]
    target = parts["mount-us-east-1b"].want
    assert target["subnet"] == "subnet-b"
    assert target["file_system"] == Ref(parts["volume"].key, "id")
    assert target["security_groups"] == [Ref(parts["firewall"].key, "id")]


def test_a_file_system_can_be_fast(make: Any, expand: Any) -> None:
    """Tier fast is elastic throughput, a throughput that is asked for is provisioned."""
    speed = Performance("fast")
    assert expand(make.files(performance=speed))[0].want["throughput_mode"] == "elastic"
    speed = Performance("shared", throughput=100 * make.MIB)
    want = expand(make.files(performance=speed))[0].want
    assert (want["throughput_mode"], want["throughput"]) == ("provisioned", 100)


def test_what_efs_cannot_do_is_refused(make: Any, expand: Any) -> None:
    """Snapshots of a file system, and devices: VO017."""
    with pytest.raises(CapabilityError) as refused:
        expand(make.snapshot("shelf"), make.files())
    assert refused.value.problems[0].code == "VO017"
    with pytest.raises(CapabilityError) as refused:
        expand(make.attachment("shelf", device="/dev/sdf"), make.files())
    assert refused.value.problems[0].code == "VO017"
    assert expand(make.attachment("shelf"), make.files()) == []


def test_instances_are_named_by_id_or_name(make: Any, expand: Any) -> None:
    """Two of one name are refused, one in a zone where the volume cannot be as well (VO009)."""
    hosts = (Host("host-1", "10.0.0.1", id="i-1", zone="us-east-1b"),)
    (part,) = expand(make.attachment(), make.volume(), hosts=hosts)
    assert (part.want["instance"], part.want["device"]) == ("i-1", "")
    twins = (*hosts, Host("host-1", "10.0.0.2", id="i-2"))
    with pytest.raises(CapabilityError) as refused:
        expand(make.attachment(), make.volume(), hosts=twins)
    assert refused.value.problems[0].code == "VO009"
    there = make.volume(topology=Topology(None, ("us-east-1a",)))
    with pytest.raises(CapabilityError) as refused:
        expand(make.attachment(), there, hosts=hosts)
    assert refused.value.problems[0].code == "VO009"


def test_what_is_adopted_keeps_its_figures(make: Any, expand: Any) -> None:
    """Unless others are asked for; its size is what the spec says."""
    (part,) = expand(make.volume(external_ref="vol-0123456789abcdef0"))
    assert part.external == "vol-0123456789abcdef0"
    assert {"type", "iops", "zone", "source"} & part.want.keys() == set()
    assert part.want["size"] == make.GIB
    fast = Performance("fast")
    (part,) = expand(make.volume(external_ref="vol-0123456789abcdef0", performance=fast))
    assert part.want["type"] == "io2"
    assert [each.key.role for each in expand(make.files(external_ref="fs-01234567"))] == ["volume"]


def test_many_volumes_look_through_their_resources_once(make: Any) -> None:
    """Who attaches which volume is found out once a turn, not once a volume."""
    looked: list[int] = []

    class Counted(dict[Any, Any]):
        def __iter__(self) -> Any:
            looked.append(len(self))
            return super().__iter__()

    wanted = [make.volume(f"disk{each}") for each in range(20)]
    extra = {"volumes": {"zones": {"us-east-1": ZONES}}}
    facts = Facts(("us-east-1",), (), extra, Counted((each.key, each) for each in wanted))
    for each in wanted:
        assert list(volumes.expand(each, facts, make.settings()))
    assert looked == [20]
