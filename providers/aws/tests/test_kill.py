"""kill -9 of the command line, at calls of the shop's life on AWS; then the same command again.

The strict AWS runs in a process of its own, as does the command, which dies before or after one of
the calls that change something: by SIGKILL, so that nothing is tidied up. Every other time the
store is lost as well. The points are a sample; CLOUDABSTRACT_KILLS says of how many.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from cloudabstract.testing.killing import Killer

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "shop" / "shop.yaml"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
OWNER = "cloudabstract:stack"
DELETE = ("delete", "--stack", "shop", "--all", "--allow-data-loss", "vc/pictures")
LIFE: dict[str, tuple[str, ...]] = {  # chapter -> command
    "birth": ("apply", "-f", "shop.yaml"),
    "change": ("apply", "-f", "changed.yaml"),
    "death": DELETE,
}
KILLS = int(os.environ.get("CLOUDABSTRACT_KILLS", "4"))


@dataclass(frozen=True)
class Kill:
    """When the command dies, and what dies with it."""

    chapter: str
    share: float  # of the calls of that chapter that change something, 0 to 1
    side: str  # "before" or "after" the call has its effect
    lost: bool  # the store, too

    def __str__(self) -> str:
        store = "store lost" if self.lost else "store kept"
        return f"{self.chapter}, {self.side} {self.share:.0%} of the calls, {store}"


def kills(number: int) -> Iterator[Kill]:
    """The same points every time, as far apart as chance has it."""
    dice = random.Random(3)
    for each in range(number):
        chapter = tuple(LIFE)[each % len(LIFE)]
        side = dice.choice(("before", "after"))
        yield Kill(chapter, dice.random(), side, lost=each % 2 == 1)


def is_change(verb: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a call changes something: by its action, or, without one, by its verb."""
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    name = action[1].decode() if action else headers.get("X-Amz-Target", "").split(".")[-1]
    return not name.startswith(("Describe", "Get", "List")) if name else verb != "GET"


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    """The URL of a strict AWS in a process of its own."""
    command = [sys.executable, "-m", "cloudabstract.testing.aws", "--port", "0", "--instant"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def proxy(upstream: str) -> Iterator[Killer]:
    """What stands between the command and AWS."""
    with Killer(upstream, is_change) as one:
        yield one


@dataclass
class World:
    """The account, and a folder in which commands run."""

    upstream: str
    proxy: Killer
    folder: Path

    def run(self, chapter: str, kill: tuple[int, str] = (0, "")) -> int:
        """The exit code of the command of a chapter; how often it changed AWS: proxy.changes."""
        command = [sys.executable, "-m", "cloudabstract", *LIFE[chapter], "--yes"]
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        with subprocess.Popen(
            [*command, "--store", str(self.store)],
            cwd=self.folder,
            env={**clean, **KEYS, "HOME": str(self.folder), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            self.proxy.watch(process.pid, *kill)
            said, _ = process.communicate()
        self.proxy.settle()
        assert process.returncode in (0, -signal.SIGKILL), said
        return process.returncode

    @property
    def store(self) -> Path:
        """Where history is kept."""
        return self.folder / "store.db"

    def forget(self) -> None:
        """Lose the store."""
        for each in self.folder.glob("store.db*"):
            each.unlink()

    def found(self) -> dict[str, dict[str, str]]:
        """Everything there is, by bare boto3: id -> tags."""
        ec2, elb = self._client("ec2"), self._client("elbv2")
        groups = ec2.describe_security_groups()["SecurityGroups"]
        balancers = elb.describe_load_balancers()["LoadBalancers"]
        arns = [each["LoadBalancerArn"] for each in balancers]
        listeners = [
            each["ListenerArn"]
            for arn in arns
            for each in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
        ]
        rules = [
            each["RuleArn"]
            for arn in listeners
            for each in elb.describe_rules(ListenerArn=arn)["Rules"]
            if not each["IsDefault"]
        ]
        targets = elb.describe_target_groups()["TargetGroups"]
        arns += [*listeners, *rules, *(each["TargetGroupArn"] for each in targets)]
        tags = [elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0] for arn in arns]
        return {
            **{
                each["VolumeId"]: _tags(each)
                for each in ec2.describe_volumes()["Volumes"]
                if not each["Attachments"]
            },
            **{each["GroupId"]: _tags(each) for each in groups if each["GroupName"] != "default"},
            **{each["ResourceArn"]: _tags(each) for each in tags},
        }

    def sweep(self) -> None:
        """What a spec said to keep goes by hand."""
        for id_, tags in self.found().items():
            if id_.startswith("vol-") and "cloudabstract:released-from" in tags:
                self._client("ec2").delete_volume(VolumeId=id_)

    def _client(self, service: str) -> Any:
        keys = {name.lower(): value for name, value in KEYS.items()}
        return boto3.client(service, "us-east-1", endpoint_url=self.upstream, **keys)


def _tags(raw: dict[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in raw.get("Tags", ())}


@pytest.fixture(scope="module")
def open_world(
    upstream: str, proxy: Killer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], World]:
    """An account with the shop's machines, and a fresh folder each time."""
    ec2 = boto3.client(
        "ec2", "us-east-1", endpoint_url=upstream, **{k.lower(): v for k, v in KEYS.items()}
    )
    for tier in ("pages", "api"):
        known = [{"Key": "app", "Value": "shop"}, {"Key": "tier", "Value": tier}]
        ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": known}],
        )

    def one() -> World:
        folder = tmp_path_factory.mktemp("shop")
        shutil.copy(EXAMPLE, folder)
        changed = EXAMPLE.read_text().replace("storage: 2Gi", "storage: 3Gi")
        changed = changed.replace("connectionDraining: 30s", "routability: Internal")
        (folder / "changed.yaml").write_text(changed.replace("  routability: External\n", ""))
        (folder / "cloudabstract.yaml").write_text(
            "stack: shop\ntarget: prod\ntargets:\n"
            f"  prod: {{provider: aws, region: us-east-1, endpoint_url: '{proxy.url}'}}\n"
        )
        return World(upstream, proxy, folder)

    return one


@pytest.fixture(scope="module")
def undisturbed(open_world: Callable[[], World]) -> dict[str, tuple[int, int]]:
    """The life without a kill: how often each chapter changes AWS, and how much is there then."""
    world, told = open_world(), {}
    for chapter in LIFE:
        assert world.run(chapter) == 0
        changes = world.proxy.changes
        told[chapter] = (changes, len(world.found()))
    world.sweep()
    return told


@pytest.mark.parametrize("kill", list(kills(KILLS)), ids=str)
def test_one_more_run_settles_what_a_kill_left(
    kill: Kill, open_world: Callable[[], World], undisturbed: dict[str, tuple[int, int]]
) -> None:
    """Nothing twice, nothing forgotten, and never an object without its owner's tag."""
    world = open_world()
    chapters = list(LIFE)
    for chapter in chapters[: chapters.index(kill.chapter)]:
        world.run(chapter)
    changes, there = undisturbed[kill.chapter]
    at = 1 + int(kill.share * (changes - 1))
    assert world.run(kill.chapter, (at, kill.side)) == -signal.SIGKILL
    unowned = {id_ for id_, tags in world.found().items() if not _owned(tags)}
    assert unowned == set()
    if kill.lost:
        world.forget()
    assert world.run(kill.chapter) == 0
    assert len(world.found()) == there, sorted(world.found())
    assert world.run(kill.chapter) == 0
    assert world.proxy.changes == 0
    assert world.run("death") == 0
    world.sweep()
    assert world.found() == {}


def _owned(tags: dict[str, str]) -> bool:
    return tags.get(OWNER) == "shop" or tags.get("cloudabstract:released-from") == "shop"
