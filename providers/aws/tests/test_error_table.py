"""What goes wrong on AWS, as the command line tells it: once, with a way out, and nothing is lost.

Each row: what happens, how it is arranged, the exit code, and what the message must hold. Then it
is mended, the same command settles the rest, and a plan after that is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cloudabstract.cli.main import main
from cloudabstract.stack import opened
from cloudabstract.testing.aws import Settings
from cloudabstract.testing.aws.strict import StrictAws

SHOP = Path(__file__).resolve().parents[3] / "examples" / "shop" / "shop.yaml"
APPLY = ("apply", "-f", "shop.yaml", "--yes")
ALWAYS = 10_000
DAY = 86_400


@dataclass
class Shop:
    """The shop's folder, its account, and the command line."""

    folder: Path
    aws: StrictAws

    def run(self, *arguments: str) -> Result:
        """One command, in this process."""
        return CliRunner().invoke(main, [*arguments, "--store", "store.db"], catch_exceptions=False)

    def configure(self, region: str = "us-east-1") -> None:
        """The only target."""
        target = {"provider": "aws", "region": region}
        config = {"stack": "shop", "target": "prod", "targets": {"prod": target}}
        (self.folder / "cloudabstract.yaml").write_text(json.dumps(config))

    def write(self, size: str = "2Gi") -> None:
        """The spec, with so much room for pictures."""
        text = SHOP.read_text().replace("storage: 2Gi", f"storage: {size}")
        (self.folder / "shop.yaml").write_text(text)

    def settled(self, size: str = "2Gi") -> None:
        """Applied without a fault, and nothing to do after that."""
        self.write(size)
        assert self.run(*APPLY).exit_code == 0
        assert self.run("plan", "-f", "shop.yaml", "--detailed-exitcode").exit_code == 0

    @property
    def group(self) -> str:
        """The id of our security group."""
        found = self.aws.client("ec2").describe_security_groups()["SecurityGroups"]
        return str(next(each["GroupId"] for each in found if each["GroupName"] != "default"))

    def pictures(self) -> dict[str, Any]:
        """The volume of that claim."""
        found = self.aws.client("ec2").describe_volumes()["Volumes"]
        tags = [(each, {tag["Value"] for tag in each.get("Tags", ())}) for each in found]
        (volume,) = [each for each, known in tags if any("pictures" in one for one in known)]
        return dict(volume)


@pytest.fixture
def aws_settings() -> Settings:
    """Nothing takes time but what the rows say."""
    return Settings().instant()


@pytest.fixture
def shop(aws: StrictAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Machines are there; the clock of commands is the simulated one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opened, "SystemClock", lambda: aws.clock)
    for tier in ("pages", "api"):
        known = [{"Key": "app", "Value": "shop"}, {"Key": "tier", "Value": tier}]
        aws.client("ec2").run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": known}],
        )
    made = Shop(tmp_path, aws)
    made.configure()
    made.write()
    aws.calls.clear()
    return made


@dataclass(frozen=True)
class Row:
    """One line of the table; `told`: object, AWS's code, and words of the remedy."""

    reason: str
    arrange: Callable[[StrictAws], None]
    exit: int
    told: tuple[str, ...]

    def __str__(self) -> str:
        return self.reason


ROWS = (
    Row(
        "credentials that have expired",
        lambda aws: aws.faults.fail("*", "ExpiredToken", 403, times=ALWAYS),
        1,
        ("survey", "ExpiredToken", "aws sso login"),
    ),
    Row(
        "credentials that expire half-way",
        lambda aws: aws.faults.fail("CreateLoadBalancer", "ExpiredToken", 403, times=ALWAYS),
        3,
        ("aws.load_balancer shop-web-", "of LoadBalancer/web", "ExpiredToken", "aws sso login"),
    ),
    Row(
        "credentials of another account or region",
        lambda aws: aws.faults.fail("*", "AuthFailure", 401, times=ALWAYS),
        1,
        ("survey", "AuthFailure", "region's account"),
    ),
    Row(
        "a region that the account has not enabled",
        lambda aws: aws.faults.fail("*", "OptInRequired", 403, times=ALWAYS),
        1,
        ("survey", "OptInRequired", "enable the region"),
    ),
    Row(
        "an action of EC2 that is denied",
        lambda aws: aws.faults.deny("ec2:CreateVolume"),
        3,
        ("aws.volume shop-orders-", "Volume/orders", "UnauthorizedOperation", "ec2:CreateVolume"),
    ),
    Row(
        "an action of Elastic Load Balancing that is denied",
        lambda aws: aws.faults.deny("elasticloadbalancing:CreateListener"),
        3,
        ("aws.listener shop-web-", "AccessDenied", "grant elasticloadbalancing:CreateListener"),
    ),
    Row(
        "a look that is denied",
        lambda aws: aws.faults.deny("ec2:DescribeVolumes"),
        1,
        ("aws.volume in us-east-1", "UnauthorizedOperation", "grant ec2:DescribeVolumes"),
    ),
    Row(
        "a rate that others use up",
        lambda aws: aws.faults.throttle("CreateTargetGroup", times=ALWAYS),
        3,
        ("aws.target_group shop-web-", "Throttling", "apply again later"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_is_told_and_nothing_is_lost(row: Row, shop: Shop) -> None:
    """Object, code, request and remedy; mended, the same command does the rest."""
    row.arrange(shop.aws)
    result = shop.run(*APPLY)
    assert result.exit_code == row.exit, result.output
    _says(result, *row.told)
    shop.aws.faults.clear()
    shop.settled()


@pytest.mark.parametrize(
    ("region", "exit_code", "told"),
    [
        ("us-nowhere-9", 1, ("us-nowhere-9", "boto3 knows no such region", "check the target's")),
        ("nowhere", 5, ("'nowhere'", "ap-northeast-2")),
    ],
)
def test_a_region_that_is_none(
    region: str, exit_code: int, told: tuple[str, ...], shop: Shop
) -> None:
    """Nobody answers there; what does not even look like a region is refused offline."""
    shop.configure(region)
    result = shop.run(*APPLY)
    assert result.exit_code == exit_code, result.output
    assert [each for each in told if each not in result.output] == []
    assert shop.aws.calls.mutations == ()
    shop.configure()
    shop.settled()


def test_a_name_that_a_stranger_has(shop: Shop) -> None:
    """Nothing is touched, and the stranger's balancer least of all."""
    plan = json.loads(shop.run("plan", "-f", "shop.yaml", "-o", "json").stdout)
    (name,) = [each["name"] for each in plan["changes"] if "#aws.load_balancer:" in each["part"]]
    elb, ec2 = shop.aws.client("elbv2"), shop.aws.client("ec2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:2]
    made = elb.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]
    shop.aws.calls.clear()
    result = shop.run(*APPLY)
    assert result.exit_code == 5
    for word in ("ST001", "LoadBalancer/web", f"aws.load_balancer {name}", "rename the resource"):
        assert word in result.output
    assert shop.aws.calls.mutations == ()
    elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    shop.settled()


def test_what_something_else_still_uses(shop: Shop) -> None:
    """Everything else is deleted; what is in the way is named, and once it is gone, so is ours."""
    shop.settled()
    ec2 = shop.aws.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=subnet, Groups=[shop.group])
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    delete = ("delete", "--stack", "shop", "--all", "--yes", "--retain-data")
    result = shop.run(*delete)
    assert result.exit_code == 3
    _says(result, "aws.security_group shop-web-", "DependencyViolation", interface, "still uses it")
    assert len(shop.aws.client("elbv2").describe_load_balancers()["LoadBalancers"]) == 0
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert shop.run(*delete).exit_code == 0
    groups = ec2.describe_security_groups()["SecurityGroups"]
    assert {each["GroupName"] for each in groups} == {"default"}


def test_a_fifth_modification_in_a_day_waits_for_its_time(shop: Shop) -> None:
    """We know of our own four: the plan says when (VO011), and does not try before."""
    shop.settled()
    for size in ("3Gi", "4Gi", "5Gi", "6Gi"):
        shop.settled(size)
    shop.write("7Gi")
    shop.aws.calls.clear()
    result = shop.run(*APPLY)
    assert result.exit_code == 0, result.output
    assert "VO011" in result.output
    assert "VolumeClaim/pictures" in result.output
    assert shop.aws.calls.mutations == ()
    assert shop.pictures()["Size"] == 6
    shop.aws.clock.advance(DAY)
    shop.settled("7Gi")
    assert shop.pictures()["Size"] == 7


def test_a_modification_inside_the_window_of_others(shop: Shop) -> None:
    """They used up the volume's four: EC2 refuses ours, which is told and not repeated."""
    shop.settled("10Gi")
    ec2, volume = shop.aws.client("ec2"), shop.pictures()["VolumeId"]
    for iops in (3100, 3200, 3300, 3000):
        ec2.modify_volume(VolumeId=volume, Iops=iops)
    shop.write("11Gi")
    shop.aws.calls.clear()
    result = shop.run(*APPLY)
    assert result.exit_code == 1
    _says(result, "aws.volume shop-pictures-", "VolumeModificationRateExceeded", "24 hours")
    assert len(shop.aws.calls.of("ModifyVolume")) == 1
    assert shop.pictures()["Size"] == 10
    shop.aws.clock.advance(DAY)
    shop.settled("11Gi")


def _says(result: Result, *words: str) -> None:
    """The message: a part of the output in which all of `words` stand, and a request id."""
    failed = result.output.rpartition("Failed\n")[2] or result.output
    assert [each for each in words if each not in failed] == [], result.output
    assert re.search(r"\[request [\w-]{10,}\]", failed), result.output
