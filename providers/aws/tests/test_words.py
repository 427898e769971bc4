"""Tags, memos, errors and settings: the small words that everything else is made of."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.errors import ConfigError, ErrorCode
from cloudabstract.provider import Wanted
from cloudabstract_aws import errors, memos, pacing, tags
from cloudabstract_aws.provider import AwsProvider
from cloudabstract_aws.settings import AwsSettings

TEXT = st.text(max_size=700)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
)


@given(st.dictionaries(st.sampled_from(["stack", "resource", "role", "zones"]), TEXT))
def test_owners_labels_survive_being_tags(labels: dict[str, str]) -> None:
    """Whatever they say and however long: allowed characters, 256 of them a tag."""
    written = tags.owned(labels)
    assert tags.labels(written) == labels
    assert all(len(value) <= 256 for value in written.values())
    assert all(not set(value) - ALLOWED for value in written.values())


ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 +-=._:/@")


@given(JSON)
def test_a_memo_tells_what_it_was_told(value: Any) -> None:
    """Or, when it is too long, is not written at all; None is no memo's value."""
    written = memos.encoded("word", value)
    assert memos.decoded("word", written) == (value if written else None)
    assert all(len(text) <= 256 for text in written.values())
    assert memos.keys("word", written) == sorted(written)


@pytest.mark.parametrize("broken", ["", "!", "AAAA", "eJw=", "0" * 256])
def test_a_memo_that_cannot_be_read_is_none(broken: str) -> None:
    """Whoever wrote it: the object itself is looked at then."""
    assert memos.decoded("word", {f"{tags.MEMO}word": broken}) is None


def test_a_memo_of_a_hundred_targets_fits() -> None:
    """So that the members of such a group are told without a call of its own."""
    targets = [{"id": f"10.0.{n // 250}.{n % 250}", "port": 8080, "zone": ""} for n in range(100)]
    assert memos.encoded("targets", targets)


def test_the_settings_tags_never_hide_the_owners() -> None:
    """Ours win, and only those asked for are compared."""
    wanted = Wanted("aws.rule", "n", "r", {}, {"stack": "s"}, "")
    made = tags.of(wanted, {"team": "web", "cloudabstract:stack": "x"})
    assert made["cloudabstract:stack"] == "s"
    assert tags.extra({**made, "other": "1"}, {"team": "web"}) == {"team": "web"}


def refused(code: str, operation: str = "CreateThing", status: int = 400) -> ClientError:
    """An error as boto3 raises it."""
    about = {"HTTPStatusCode": status, "RequestId": "r-1"}
    answer: Any = {"Error": {"Code": code, "Message": "text"}, "ResponseMetadata": about}
    return ClientError(answer, operation)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (refused("Throttling"), ErrorCode.THROTTLED),
        (refused("RequestLimitExceeded", status=503), ErrorCode.THROTTLED),
        (refused("UnauthorizedOperation"), ErrorCode.DENIED),
        (refused("DependencyViolation", "DeleteSecurityGroup"), ErrorCode.CONFLICT),
        (refused("ResourceInUse", "DeleteTargetGroup"), ErrorCode.CONFLICT),
        (refused("InvalidVolume.NotFound", "DeleteVolume"), ErrorCode.NOT_FOUND),
        (refused("InvalidVolume.NotFound", "AttachVolume"), ErrorCode.NOT_YET),
        (refused("TargetGroupNotFound", "DeleteTargetGroup"), ErrorCode.NOT_FOUND),
        (refused("TooManyTargetGroups"), ErrorCode.EXHAUSTED),
        (refused("TooManyTargetGroupsException"), ErrorCode.EXHAUSTED),
        (refused("IdempotentParameterMismatch"), ErrorCode.SPENT),
        (refused("InvalidParameterValue"), ErrorCode.INVALID),
        (refused("NobodyKnowsThis", status=400), ErrorCode.INVALID),
        (refused("NobodyKnowsThis", status=500), ErrorCode.UNKNOWN),
        (refused("InternalError", status=503), ErrorCode.UNKNOWN),
        (NoCredentialsError(), ErrorCode.DENIED),
        (EndpointConnectionError(endpoint_url="http://x"), ErrorCode.UNKNOWN),
        (errors.Taken("aws.rule", "n", "arn"), ErrorCode.TAKEN),
        (errors.Refusal(ErrorCode.CONFLICT, "later"), ErrorCode.CONFLICT),
        (RuntimeError("what?"), ErrorCode.UNKNOWN),
    ],
    ids=lambda each: getattr(each, "value", "") or str(each)[:60],
)
def test_an_error_means_one_thing(error: Exception, code: ErrorCode) -> None:
    """By its code alone, never by its text; each has a way out."""
    failure = errors.classify(error)
    assert failure.code is code
    assert failure.remedy or isinstance(error, errors.Refusal)
    if isinstance(error, ClientError):
        assert (failure.request_id, failure.native) == ("r-1", errors.code(error))


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ({"region": "moon"}, "region"),
        ({"regions": ("eu-west-1", "moon")}, "regions[1]"),
        ({"vpc": "mine"}, "vpc"),
        ({"subnets": ("subnet-1", "mine")}, "subnets[1]"),
        ({"role_arn": "admin"}, "role_arn"),
        ({"endpoint_url": "localhost"}, "endpoint_url"),
        ({"certificates": {"a": "file.pem"}}, "certificates.a"),
        ({"tags": {"Name": "x"}}, "tags.Name"),
        ({"tags": {"aws:x": "y"}}, "tags.aws:x"),
        ({"tags": {"k": "v" * 257}}, "tags.k"),
        ({"tags": {f"k{n}": "v" for n in range(31)}}, "tags"),
    ],
)
def test_a_setting_that_cannot_work_is_told(setting: dict[str, Any], field: str) -> None:
    """When the target is opened, with the setting's name."""
    with pytest.raises(ConfigError) as raised:
        AwsProvider(AwsSettings(**setting))
    assert [each.field for each in raised.value.problems] == [field]


def test_every_rate_is_of_a_kind_there_is() -> None:
    """And every kind that is written to has one for each verb that is paced."""
    kinds = {each.name for each in AwsProvider(AwsSettings()).kinds}
    paced = {kind for kind, _ in pacing.rates()}
    assert paced - kinds == set()
    assert {kind for kind in kinds if kind.split(".")[1] in ("load_balancer", "volume")} <= paced
