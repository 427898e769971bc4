"""The AWS provider conforms: the shared suite, on moto made strict, looked into behind its back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, ClassVar

from cloudabstract.model import (
    Encryption,
    LoadBalancer,
    Performance,
    Placement,
    Resource,
    Topology,
)
from cloudabstract.provider import Health
from cloudabstract.testing.aws import Settings, strict_aws
from cloudabstract.testing.conformance import Alive, Conformance, Harness, Sample
from cloudabstract.testing.conformance import samples as portable
from cloudabstract_aws import plugin, tags
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings
from cloudabstract_aws.volumes import attached

ACCOUNT, REGION = "123456789012", "us-east-1"
_ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
_SETTINGS = replace(Settings(page_size=2).instant(), balancer_provisioning_seconds=2.0)
_IPV6 = {
    "associationId": "own",
    "ipv6CidrBlock": "2001:db8::/64",
    "ipv6CidrBlockState": {"State": "associated"},
}


class AwsHarness(Harness):
    """A strict AWS in this process, with pages of two, and a default VPC in three zones."""

    (offer,) = plugin.cloudabstract_providers()
    plugin = "cloudabstract_aws.plugin"
    sdk = ("boto3", "botocore")
    settling = 300.0
    instance = "host-1"
    lacks: ClassVar[Mapping[str, str]] = {
        f"test_the_session_counts_its_calls[{kind}]": "children of no parent need no call"
        for kind in ("aws.registration", "aws.listener", "aws.rule")
    }

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._aws = self._open.enter_context(strict_aws(replace(_SETTINGS)))
        self.clock = self._aws.clock
        subnets = self._moto("ec2").subnets
        for zone in list(subnets):
            for each in subnets[zone].values():  # for dual stack
                each.ipv6_cidr_block_associations["own"] = _IPV6
            if zone not in _ZONES:
                del subnets[zone]
        self._there = self._launch()

    @classmethod
    def settings(cls) -> AwsSettings:
        """A region, and nothing else."""
        return AwsSettings(region=REGION)

    @classmethod
    def samples(cls) -> Mapping[str, Sample]:
        """The portable samples, the first balancer smaller, and with an address of its own."""
        given = portable.portable(cls.instance)
        return {
            **given,
            "balancer": _with_address(given["balancer"]),
            "volume": _with_files(given["volume"]),
        }

    def provider(self) -> AwsProvider:
        """A provider for this world."""
        return AwsProvider(self.settings())

    def inspect(self) -> Iterable[Alive]:
        """What moto keeps, read without any call."""
        yield from _network(self._moto("ec2"))
        yield from _balancers(self._moto("elbv2"), self._aws.targets)
        yield from _disks(self._moto("ec2"), self._there)
        yield from _files(self._moto("efs"))

    def slow(self) -> None:
        """Everything takes as long as on AWS; network interfaces stay after their balancer."""
        for name, seconds in vars(Settings()).items():
            if name.endswith("_seconds") and name != "balancer_provisioning_seconds":
                object.__setattr__(self._aws.settings, name, seconds)

    def watch(self, look: Callable[[], object]) -> bool:
        """Look after each call, before its answer is sent."""
        add = self._aws.calls.add

        def seen(call: Any) -> None:
            add(call)
            look()

        self._aws.calls.add = seen  # type: ignore[method-assign]
        return True

    def close(self) -> None:
        """Leave moto."""
        self._open.close()

    def _launch(self) -> frozenset[str]:
        """A machine to attach volumes to. Returns its disk and its image: none of ours."""
        ec2 = self._moto("ec2")
        ec2.run_instances(
            next(iter(ec2.amis)),
            1,
            "",
            [],
            placement=_ZONES[1],
            is_instance_type_default=True,
            tags={"instance": {tags.NAME: self.instance}},
        )
        return frozenset({*ec2.volumes, *ec2.snapshots})

    @staticmethod
    def _moto(service: str) -> Any:
        from moto.backends import get_backend

        return get_backend(service)[ACCOUNT][REGION]  # type: ignore[call-overload]


def _network(ec2: Any) -> Iterator[Alive]:
    for groups in ec2.groups.values():
        for group in groups.values():
            if group.name != "default":
                yield _alive("aws.security_group", group.id, group.name, _tags(ec2, group.id))
    for address in ec2.addresses:
        known = _tags(ec2, address.allocation_id)
        name = known.get(tags.NAME, "")
        yield _alive("aws.address", address.allocation_id, name, known)


def _balancers(elb: Any, targets: Any) -> Iterator[Alive]:
    told = elb.tagging_service.get_tag_dict_for_resource
    for balancer in elb.load_balancers.values():
        health = Health.READY if balancer.state == "active" else Health.PENDING
        made = _alive("aws.load_balancer", balancer.arn, balancer.name, told(balancer.arn))
        yield replace(made, health=health)
        for listener in balancer.listeners.values():
            yield _nameless("aws.listener", listener.arn, told(listener.arn))
            for rule in listener.rules.values():
                if rule.priority != "default":
                    yield _nameless("aws.rule", rule.arn, told(rule.arn))
    for group in elb.target_groups.values():
        yield _alive("aws.target_group", group.arn, group.name, told(group.arn))
        if any(each.drained is None for each in targets._targets.get(group.arn, {}).values()):
            yield _alive("aws.registration", group.arn, "", told(group.arn))


def _disks(ec2: Any, there: frozenset[str]) -> Iterator[Alive]:
    """Volumes with their attachments, and snapshots; what is being deleted is as good as gone."""
    for volume in ec2.volumes.values():
        if volume.id in there or volume.status == "deleting":
            continue
        known = _tags(ec2, volume.id)
        made = _alive("aws.volume", volume.id, known.get(tags.NAME, ""), known)
        yield replace(made, health=_health(volume.status))
        for each in volume.attachments:
            if each.status in ("attaching", "attached"):
                deed = attached.read(each.instance.id, known) or attached.Deed()
                id_ = attached.id_of(volume.id, each.instance.id)
                made = Alive("aws.attachment", id_, deed.name, REGION, deed.labels)
                yield replace(made, health=_health(each.status))
    for snapshot in ec2.snapshots.values():
        if snapshot.id not in there:
            known = _tags(ec2, snapshot.id)
            made = _alive("aws.snapshot", snapshot.id, known.get(tags.NAME, ""), known)
            yield replace(made, health=_health(snapshot.status))


def _files(efs: Any) -> Iterator[Alive]:
    """File systems, mount targets and access points."""
    states = {
        "aws.file_system": (efs.file_systems_by_id, "life_cycle_state"),
        "aws.mount_target": (efs.mount_targets_by_id, "life_cycle_state"),
        "aws.access_point": (efs.access_points, "strict_state"),
    }
    for kind, (known, word) in states.items():
        for id_, each in known.items():
            state = getattr(each, word, "available")
            if state == "deleting":
                continue
            tagged = kind != "aws.mount_target"
            told = tags.from_list(efs.list_tags_for_resource(id_)) if tagged else {}
            yield replace(_alive(kind, id_, told.get(tags.NAME, ""), told), health=_health(state))


def _health(state: str) -> Health:
    return Health.PENDING if state in ("creating", "pending", "attaching") else Health.READY


def _tags(ec2: Any, id_: str) -> dict[str, str]:
    return {each["key"]: each["value"] for each in ec2.describe_tags({"resource-id": [id_]})}


def _nameless(kind: str, arn: str, known: Mapping[str, str]) -> Alive:
    return _alive(kind, arn, known.get(tags.NAME, ""), known)


def _alive(kind: str, id_: str, name: str, known: Mapping[str, str]) -> Alive:
    return Alive(kind, id_, name, REGION, tags.labels(known))


def _with_address(sample: Sample) -> Sample:
    """One port, one zone, and, as long as it faces the internet, an address allocated for it."""

    def placed(made: LoadBalancer) -> LoadBalancer:
        refs = () if made.spec.routability == "Internal" else ("north",)
        place = Placement(zones=_ZONES[:1])
        ports = made.spec.ports[:1]
        spec = replace(made.spec, ports=ports, address_refs=refs, placement=place)
        return replace(made, spec=spec)

    return Sample(
        *(
            tuple(placed(each) for each in resources if isinstance(each, LoadBalancer))
            for resources in (sample.resources, sample.changed, sample.grown, sample.replaced)
        )
    )


def _with_files(sample: Sample) -> Sample:
    """Encrypted with a key; and a file system that many instances write to, beside the disk."""
    secret = Encryption(True, "1234abcd-12ab-34cd-56ef-1234567890ab")
    many = {
        "access_modes": ("ReadWriteMany",),
        "performance": Performance("shared"),
        "topology": Topology(None, _ZONES[:1]),
    }

    def kept(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
        disks = [replace(each, spec=replace(each.spec, encryption=secret)) for each in resources]
        files = [replace(each, spec=replace(each.spec, **many)) for each in disks]
        shelf = [replace(each, metadata=replace(each.metadata, name="shelf")) for each in files]
        return (*disks, *shelf)

    return Sample(kept(sample.resources), grown=kept(sample.grown))


class TestConformance(Conformance):
    """Nothing is lacking."""

    harness = AwsHarness
