"""Tags: `aws:` is reserved, there are limits, and the tags of a deleted object go with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cloudabstract.testing.aws.refusal import Refused, invalid, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

MOST = 50
_KEY_LENGTH, _VALUE_LENGTH = 128, 256
_TAGGABLE = {  # what a TagSpecification may name in these calls
    "CopyVolumes": {"volume"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSnapshot": {"snapshot"},
    "CreateVolume": {"volume"},
}
_LOOKED_UP_AT_ONCE = 20  # ARNs in one DescribeTags of Elastic Load Balancing


def rules() -> Mapping[str, Rule]:
    """The rules on every call of EC2, Elastic Load Balancing and EFS that carries tags."""
    return {
        "ec2.*": _ec2,
        "elbv2.*": _elbv2,
        "efs.*": _efs,
        "elbv2.AddTags": _add,
        "elbv2.DescribeTags": _look_up,
    }


def forget(store: Any, *ids: str) -> None:
    """Drop the tags of EC2 objects that are gone; moto keeps them."""
    for id_ in ids:
        store.tags.pop(id_, None)


def _ec2(call: Call, proceed: Proceed) -> Any:
    for specification in call.params.get("TagSpecifications") or ():
        kind = specification.get("ResourceType")
        if kind not in _TAGGABLE.get(call.operation, {kind}):
            raise invalid(f"'{kind}' is not a valid taggable resource type for this operation.")
        _check(specification.get("Tags") or (), invalid, "TagLimitExceeded")
    if call.operation in ("CreateTags", "DeleteTags"):
        _check(call.params.get("Tags") or (), invalid, "TagLimitExceeded")
    return proceed()


def _elbv2(call: Call, proceed: Proceed) -> Any:
    _check(call.params.get("Tags") or (), not_valid, "TooManyTags")
    return proceed()


def _efs(call: Call, proceed: Proceed) -> Any:
    _check(call.params.get("Tags") or (), lambda m: Refused("BadRequest", m), "BadRequest")
    return proceed()


def _check(tags: Sequence[Mapping[str, str]], wrong: Any, too_many: str) -> None:
    keys = [tag.get("Key", "") for tag in tags]
    if len(keys) > MOST:
        raise Refused(too_many, f"The quota of {MOST} tags per resource has been reached")
    if len(set(keys)) < len(keys):
        code = "DuplicateTagKeys" if too_many == "TooManyTags" else "InvalidParameterValue"
        raise Refused(code, "A tag key was specified more than once")
    for tag in tags:
        _check_one(tag.get("Key", ""), tag.get("Value") or "", wrong)


def _check_one(key: str, value: str, wrong: Any) -> None:
    if key.lower().startswith("aws:"):
        raise wrong(f"Tag keys starting with 'aws:' are reserved for internal use: {key}")
    if not 1 <= len(key) <= _KEY_LENGTH or len(value) > _VALUE_LENGTH:
        raise wrong(f"Tag keys have 1 to {_KEY_LENGTH} characters, values up to {_VALUE_LENGTH}")


def _add(call: Call, proceed: Proceed) -> Any:
    """Up to 50 tags; moto stops at ten."""
    store = call.backend
    for arn in call.params["ResourceArns"]:
        store._get_resource_by_arn(arn)
        present = store.tagging_service.get_tag_dict_for_resource(arn)
        added = {tag["Key"] for tag in call.params["Tags"]}
        if len(present.keys() | added) > MOST:
            raise Refused("TooManyTags", f"The quota of {MOST} tags per resource has been reached")
    for arn in call.params["ResourceArns"]:
        store.tagging_service.tag_resource(arn, call.params["Tags"])


def _look_up(call: Call, proceed: Proceed) -> Any:
    arns: Iterable[str] = call.params["ResourceArns"]
    if len(list(arns)) > _LOOKED_UP_AT_ONCE:
        raise not_valid(f"You can specify up to {_LOOKED_UP_AT_ONCE} resources in a single call")
    for arn in arns:
        call.backend._get_resource_by_arn(arn)
    return proceed()
