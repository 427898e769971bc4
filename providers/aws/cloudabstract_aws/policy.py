"""The least that an identity must be allowed to do, as an IAM policy.

    python -m cloudabstract_aws.policy [balancers] [volumes] [doctor] [--stack NAME]

What is looked at, is looked at everywhere. What is made must carry our owner's tag in the very call
that makes it, and what is changed or deleted must carry it already: so nobody's else objects can be
touched, whatever goes wrong. With a stack's name, even those of other stacks cannot.
Services check some calls of their own on our behalf (`implied`).
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from . import tags

FEATURES = ("balancers", "volumes", "doctor")
_OWNER = f"{tags.OWNER}stack"
_ROLES = ("elasticloadbalancing", "elasticfilesystem")
_WITHOUT_TAGS = {  # what a call that makes something touches besides, and that has no tags of ours
    "ec2:CreateSecurityGroup": "arn:*:ec2:*:*:vpc/*",
    "ec2:CreateVolume": "arn:*:ec2:*:*:snapshot/*",
    "ec2:CreateSnapshot": "arn:*:ec2:*:*:volume/*",
    "ec2:CopyVolumes": "arn:*:ec2:*:*:volume/*",
}
Statement = dict[str, Any]


@functools.cache
def listed() -> Mapping[str, Any]:
    """What actions.json says, by feature."""
    raw = json.loads(resources.files(__package__).joinpath("actions.json").read_text())
    return dict(raw)


def actions(feature: str, *classes: str) -> set[str]:
    """The actions of a feature, as `service:Operation`; of all classes unless some are named."""
    told = listed()["features"][feature]
    return {each for name in classes or told for each in told[name]}


def policy(features: Iterable[str] = FEATURES, stack: str = "") -> dict[str, Any]:
    """The policy for these features; for the objects of one stack only, if `stack` is given."""
    chosen = tuple(features)

    def of(*classes: str) -> list[str]:
        return in_iam(each for feature in chosen for each in actions(feature, *classes))

    made, changed, looked = of("makes"), of("changes"), of("looks", "implied")
    touched = [each for each in made if each in _WITHOUT_TAGS]
    statements = [
        _allow("Look", [each for each in looked if _looks(each)]),
        _allow("Beside", [each for each in looked if not _looks(each)]),
        _allow("Make", made, condition=_tagged("aws:RequestTag", stack)),
        *(_allow(f"Touch{each.split(':')[1]}", [each], [_WITHOUT_TAGS[each]]) for each in touched),
        _allow("Change", changed, condition=_tagged("aws:ResourceTag", stack)),
        _allow(
            "Attach",
            of("unconditional"),
            ["arn:*:ec2:*:*:volume/*"],
            _tagged("aws:ResourceTag", stack),
        ),
        _allow("AttachTo", of("unconditional"), ["arn:*:ec2:*:*:instance/*"]),
        _allow("MarkNew", of("marks"), condition=_tagged("aws:RequestTag", stack)),
        _allow("MarkOurs", of("marks"), condition=_tagged("aws:ResourceTag", stack)),
        _roles(made),
    ]
    kept = [each for each in statements if each["Action"]]
    return {"Version": "2012-10-17", "Statement": kept}


def main(argv: list[str] | None = None) -> None:
    """Write the policy as JSON."""
    parser = argparse.ArgumentParser(prog="python -m cloudabstract_aws.policy")
    parser.add_argument("features", nargs="*", choices=[*FEATURES, []], help="all unless named")
    parser.add_argument("--stack", default="", help="objects of this stack only")
    given = parser.parse_args(argv)
    told = policy(given.features or FEATURES, given.stack)
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


def _looks(action: str) -> bool:
    return action.partition(":")[2].startswith(("Describe", "Get", "List"))


def in_iam(wanted: Iterable[str]) -> list[str]:
    """Actions as IAM writes them, sorted."""
    prefixes = listed()["prefixes"]
    split = (each.split(":", 1) for each in set(wanted))
    return sorted(f"{prefixes.get(service, service)}:{name}" for service, name in split)


def _allow(
    sid: str,
    allowed: list[str],
    on: list[str] | None = None,
    condition: Statement | None = None,
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": allowed}
    statement["Resource"] = on or ["*"]
    return {**statement, "Condition": condition} if condition else statement


def _tagged(where: str, stack: str) -> Statement:
    """The condition that the owner's tag is there, or says `stack`."""
    key = f"{where}/{_OWNER}"
    return {"StringEquals": {key: stack}} if stack else {"Null": {key: "false"}}


def _roles(made: Iterable[str]) -> Statement:
    """The first balancer or file system of an account needs a role of the service itself."""
    services = sorted({each.split(":")[0] for each in made} & set(_ROLES))
    names = [f"{each}.amazonaws.com" for each in services]
    condition = {"StringEquals": {"iam:AWSServiceName": names}}
    allowed = ["iam:CreateServiceLinkedRole"] if names else []
    return _allow("ServiceRoles", allowed, condition=condition)


if __name__ == "__main__":
    main()
