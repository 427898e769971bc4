"""Unknown filter names are refused. The known ones are those that botocore's model documents."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws.refusal import invalid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule, operation_model

_BULLET = re.compile(r"<p>\s*<code>\s*([A-Za-z][\w.:-]*)\s*</code>")


def rules() -> Mapping[str, Rule]:
    """The rule on every EC2 call that takes filters."""
    return {"ec2.Describe*": _known}


@functools.cache
def documented(operation: str) -> frozenset[str]:
    """The filter names EC2 documents for an operation; empty when it documents none."""
    members = operation_model("ec2", operation).input_shape.members
    shape = members.get("Filters") or members.get("Filter")
    return frozenset(_BULLET.findall(shape.documentation)) if shape else frozenset()


def _known(call: Call, proceed: Proceed) -> Any:
    names = documented(call.operation)
    for given in call.params.get("Filters") or call.params.get("Filter") or ():
        name = given.get("Name", "null")
        if names and name not in names and not name.startswith("tag:"):
            raise invalid(f"The filter '{name}' is invalid")
    return proceed()
