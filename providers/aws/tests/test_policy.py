"""The IAM policy allows what the code calls, and nothing else; the page in the docs shows it."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

import cloudabstract_aws
from cloudabstract_aws import policy

CODE = Path(cloudabstract_aws.__file__).parent
PAGE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "aws-permissions.md"
SERVICES = ("ec2", "elbv2", "efs", "sts", "resourcegroupstaggingapi", "service-quotas")
DOCTORS = {"checkup.py", "examination.py", "doctor.py", "permissions.py"}
SHARED = {"networks.py", "vpcs.py", "inventory.py"}
AMBIGUOUS = {  # one word of Python for an operation of several services: whose it is where
    "describe_tags": {"balancers": "elbv2:DescribeTags"},
    "create_tags": {"": "ec2:CreateTags"},
    "delete_tags": {"": "ec2:DeleteTags"},
    "tag_resource": {"": "efs:TagResource"},
    "untag_resource": {"": "efs:UntagResource"},
}


def operations() -> dict[str, str]:
    """Every operation of the services, by its name in boto3."""
    session = botocore.session.get_session()
    return {
        xform_name(name): f"{service}:{name}"
        for service in SERVICES
        for name in session.get_service_model(service).operation_names
    }


OPERATIONS = operations()


def called(files: Iterable[Path]) -> set[str]:
    """Every operation that these files name, as an attribute or as text."""
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            word = node.attr if isinstance(node, ast.Attribute) else _text(node)
            if word in OPERATIONS:
                of = AMBIGUOUS.get(word, {})
                found.add(of.get(path.parent.name) or of.get("") or OPERATIONS[word])
    return found


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def files(folder: str) -> list[Path]:
    """The modules of a subpackage, the doctor's apart."""
    return [each for each in (CODE / folder).glob("*.py") if each.name not in DOCTORS]


@pytest.mark.parametrize("feature", ["balancers", "volumes"])
def test_a_features_actions_are_those_its_code_calls(feature: str) -> None:
    """No action is missing, and none is granted for nothing."""
    shared = called(CODE / name for name in SHARED)
    code = called(files(feature))
    listed = policy.actions(feature, "looks", "makes", "changes", "marks", "unconditional")
    assert code - listed == set(), "the code calls what the policy does not allow"
    assert listed - code - shared == set(), "the policy allows what the code never calls"


def test_the_doctor_may_ask_what_it_asks() -> None:
    """Its dry runs are of actions that the features have; its looks are its own or theirs."""
    asked = called(each for each in CODE.rglob("*.py") if each.name in DOCTORS)
    allowed = set().union(*(policy.actions(each) for each in policy.FEATURES))
    assert asked - allowed == set()
    assert (
        policy.actions("doctor", "looks") - asked - called(CODE / name for name in SHARED) == set()
    )


def test_everything_that_makes_or_changes_is_bound_to_the_owners_tag() -> None:
    """No mutating action is allowed on just anything, those apart that a service needs itself."""
    free = [each for each in policy.policy()["Statement"] if "Condition" not in each]
    mutating = {
        (each["Sid"], action)
        for each in free
        for action in each["Action"]
        if not action.split(":")[1].startswith(("Describe", "Get", "List"))
        if each["Resource"] == ["*"]
    }
    assert mutating == {
        ("Beside", "ec2:CreateNetworkInterface"),
        ("Beside", "ec2:DeleteNetworkInterface"),
    }


def test_a_policy_of_one_stack_names_it() -> None:
    """Objects of other stacks are out of reach."""
    told = policy.policy(["balancers"], "shop")["Statement"]
    values: list[Any] = [each["Condition"] for each in told if "Condition" in each]
    bound = [each for each in values if "cloudabstract:stack" in json.dumps(each)]
    assert bound
    assert all("shop" in json.dumps(each) for each in bound)
    assert "elasticfilesystem" not in json.dumps(told)


def test_a_policy_is_no_longer_than_a_managed_policy_may_be() -> None:
    """6,144 characters, white space apart."""
    assert len(json.dumps(policy.policy(), separators=(",", ":"))) < 6144


def test_the_command_writes_json() -> None:
    """One document on standard output."""
    written = io.StringIO()
    with redirect_stdout(written):
        policy.main(["balancers", "--stack", "shop"])
    assert json.loads(written.getvalue()) == policy.policy(["balancers"], "shop")


def test_the_page_shows_the_policy_as_it_is() -> None:
    """The first JSON of the page is the whole policy."""
    (shown, *_) = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert json.loads(shown) == policy.policy()
