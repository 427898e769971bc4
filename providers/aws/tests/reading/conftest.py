"""A strict AWS on which a person makes things by hand with bare boto3, and stacks that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract import spec as specs
from cloudabstract.engine import Plan
from cloudabstract.engine import Settings as EngineSettings
from cloudabstract.engine.finding.observe import Observer
from cloudabstract.model import Resource
from cloudabstract.provider import Found, Whose
from cloudabstract.testing.aws import Settings
from cloudabstract.testing.aws.strict import StrictAws
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

REGION = "us-east-1"
_CONDITIONS = {
    "path": ("path-pattern", "PathPatternConfig"),
    "host": ("host-header", "HostHeaderConfig"),
    "source": ("source-ip", "SourceIpConfig"),
}


class Hands:
    """What a person does at a console."""

    def __init__(self, aws: StrictAws, region: str = REGION) -> None:
        self.aws = aws
        services = ("ec2", "elbv2", "efs")
        self.ec2, self.elb, self.efs = (aws.client(each, region) for each in services)
        vpcs = self.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
        self.vpc = vpcs["Vpcs"][0]["VpcId"]
        subnets = self.ec2.describe_subnets()["Subnets"]
        self.subnets = sorted(it["SubnetId"] for it in subnets if it["VpcId"] == self.vpc)

    def balancer(self, name: str, **asked: Any) -> str:
        """The ARN of a load balancer; in the default VPC, unless subnets are given."""
        asked = {"Subnets": self.subnets, **asked}
        made = self.elb.create_load_balancer(Name=name, **asked)["LoadBalancers"][0]
        self.aws.clock.advance(600)
        return str(made["LoadBalancerArn"])

    def group(self, name: str, *targets: str, **asked: Any) -> str:
        """The ARN of a target group; targets are addresses or instances, `ID` or `ID:PORT`."""
        asked = {"Protocol": "HTTP", "Port": 80, "VpcId": self.vpc, **asked}
        if targets and not targets[0].startswith("i-"):
            asked.setdefault("TargetType", "ip")
        made = self.elb.create_target_group(Name=name, **asked)["TargetGroups"][0]
        arn = str(made["TargetGroupArn"])
        registered: list[dict[str, Any]] = []
        for each in targets:
            id_, _, port = each.partition(":")
            registered.append({"Id": id_, **({"Port": int(port)} if port else {})})
        if registered:
            self.elb.register_targets(TargetGroupArn=arn, Targets=registered)
        return arn

    def listener(self, balancer: str, port: int, *groups: str, **asked: Any) -> str:
        """The ARN of a listener that forwards to the groups."""
        actions = [{"Type": "forward", "TargetGroupArn": each} for each in groups]
        asked = {"Protocol": "HTTP", "DefaultActions": actions, **asked}
        made = self.elb.create_listener(LoadBalancerArn=balancer, Port=port, **asked)
        return str(made["Listeners"][0]["ListenerArn"])

    def rule(self, listener: str, priority: int, group: str, **matched: list[str]) -> None:
        """A rule; `path` and `host` are lists of patterns."""
        conditions = [
            {"Field": _CONDITIONS[key][0], _CONDITIONS[key][1]: {"Values": values}}
            for key, values in matched.items()
        ]
        self.elb.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=conditions,
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )

    def firewall(self, name: str, *ports: int, source: str = "0.0.0.0/0") -> str:
        """The id of a security group that lets these in."""
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
        for each in ports:
            allowed = {"IpProtocol": "tcp", "FromPort": each, "ToPort": each}
            permission = {**allowed, "IpRanges": [{"CidrIp": source}]}
            self.ec2.authorize_security_group_ingress(
                GroupId=made["GroupId"], IpPermissions=[permission]
            )
        return str(made["GroupId"])

    def default_group(self) -> str:
        """The security group that the default VPC comes with."""
        wanted = [{"Name": "vpc-id", "Values": [self.vpc]}]
        groups = self.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
        return next(str(it["GroupId"]) for it in groups if it["GroupName"] == "default")

    def volume(self, name: str = "", size: int = 8, **asked: Any) -> str:
        """The id of an EBS volume, with a tag `Name` if it has a name."""
        tags = [{"Key": "Name", "Value": name}] if name else []
        tags.append({"Key": "owner", "Value": "dba"})
        asked = {"AvailabilityZone": f"{REGION}a", "VolumeType": "gp3", **asked}
        made = self.ec2.create_volume(
            Size=size, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}], **asked
        )
        self.aws.clock.advance(600)
        return str(made["VolumeId"])

    def instances(self, number: int = 1) -> list[str]:
        """The ids of instances that run."""
        image = self.ec2.describe_images()["Images"][0]["ImageId"]
        made = self.ec2.run_instances(ImageId=image, MinCount=number, MaxCount=number)
        return [str(each["InstanceId"]) for each in made["Instances"]]

    def everything(self) -> tuple[AwsProvider, list[Found]]:
        """A provider, and all that its drivers list, as `discover` has it."""
        provider = AwsProvider(AwsSettings(region=REGION))
        with closing(provider.connect()) as session:
            observer = Observer("shop", provider.kinds, session, 1)
            return provider, list(observer.sweep(Whose.ANYBODY, [REGION]).found)

    def machine(self, name: str, **labels: str) -> None:
        """An instance with a name and tags."""
        image = self.ec2.describe_images()["Images"][0]["ImageId"]
        known = [{"Key": key, "Value": it} for key, it in {"Name": name, **labels}.items()]
        tags = [{"ResourceType": "instance", "Tags": known}]
        self.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, TagSpecifications=tags)

    def all_tags(self) -> dict[str, dict[str, str]]:
        """The tags of everything in Elastic Load Balancing, by ARN."""
        balancers = self.elb.describe_load_balancers()["LoadBalancers"]
        arns = [it["LoadBalancerArn"] for it in balancers]
        groups = self.elb.describe_target_groups()["TargetGroups"]
        known = [*arns, *(it["TargetGroupArn"] for it in groups)]
        for arn in arns:
            listeners = self.elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
            known += [it["ListenerArn"] for it in listeners]
        told = self.elb.describe_tags(ResourceArns=known)["TagDescriptions"]
        return {it["ResourceArn"]: {t["Key"]: t["Value"] for t in it["Tags"]} for it in told}


@pytest.fixture
def aws_settings() -> Settings:
    """Nothing takes any time; what was made is there."""
    return Settings().instant()


@pytest.fixture
def hands(aws: StrictAws) -> Hands:
    """A person with bare boto3."""
    return Hands(aws)


@pytest.fixture
def stack_of(aws: StrictAws, tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Make stacks on the strict AWS, or with `target="here"` on this machine."""
    opened: list[Stack] = []

    def make(target: str = "prod", store: str = "store", **settings: Any) -> Stack:
        targets = {
            "prod": {"provider": "aws", "region": REGION, **settings},
            "here": {"provider": "local", "root": str(tmp_path / "root")},
        }
        stack = Stack(
            config={"stack": "shop", "target": target, "targets": targets},
            store=tmp_path / f"{store}-{target}.db",
            settings=EngineSettings(ttl=0.0, beat=0.0, who="tests"),
            clock=aws.clock,
        )
        opened.append(stack)
        return stack

    yield make
    for stack in opened:
        stack.close()


@pytest.fixture
def adopted(stack_of: Callable[..., Stack], tmp_path: Path) -> Callable[..., list[Resource]]:
    """Adopt what is discovered, and prove what must hold of it, whatever it is.

    Only labels change; the plan afterwards is empty, with the store lost too; the document reads
    back as it is, and plans on this machine.
    """

    def adopt(*, local: bool = True, **settings: Any) -> list[Resource]:
        shop = stack_of(**settings)
        found = shop.discover()
        for each in found:
            report = shop.adopt(each)
            assert report.ok
            assert {it.action.value for it in report.plan.changes} <= {"adopt"}
            assert [str(it.change.part) for it in report.plan.left_out] == []
        spec = [each.resource for each in found]
        assert changes(shop.plan(spec)) == []
        assert changes(stack_of(store="lost", **settings).plan(spec)) == []
        path = tmp_path / "found.yaml"
        path.write_text(specs.render(spec))
        assert list(specs.read(path).require()) == spec
        if local:
            plan = stack_of("here").plan(spec)
            assert [each.message for each in plan.rejections] == []
        return spec

    return adopt


def changes(plan: Plan) -> list[str]:
    """What would be done, in one line each."""
    return [f"{it.action.value} {it.part} {dict(it.fields)}" for it in plan.changes]
