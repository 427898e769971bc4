"""What a person can do about an error of AWS, in one sentence."""

from __future__ import annotations

from cloudabstract.errors import ErrorCode

from . import policy

_BY_CODE = {
    "AuthFailure": "check that the credentials belong to this region's account, and the clock",
    "CertificateNotFound": "name an ACM certificate of the balancer's own region",
    "DependencyViolation": "something still uses it; ours goes in order, free what is not",
    "EndpointConnectionError": "check the target's `region` and `endpoint_url`, and the network",
    "ExpiredToken": "log in again (`aws sso login`), or renew the credentials",
    "ExpiredTokenException": "log in again (`aws sso login`), or renew the credentials",
    "InvalidAction": "the endpoint does not know the call; check `endpoint_url`",
    "InvalidClientTokenId": "the access key is unknown; check AWS_PROFILE or `profile`",
    "InvalidRegionError": "check the target's `region`",
    "NoCredentialsError": "log in (`aws sso login`) or set AWS_PROFILE or the target's `profile`",
    "NoRegionError": "set `region` on the target, or AWS_REGION",
    "OperationNotPermitted": "if it is deletion protection, set deletionProtection: false first",
    "OptInRequired": "enable the region for the account, or choose another",
    "ProfileNotFound": "check the target's `profile` and the shared AWS configuration",
    "RequestExpired": "check this machine's clock, or log in again",
    "SubnetNotFound": "check the target's `subnets`",
    "UnauthorizedSSOTokenError": "log in again: `aws sso login`",
    "VolumeModificationRateExceeded": "wait: a volume changes four times in 24 hours at most",
}
_BY_MEANING = {
    ErrorCode.CONFLICT: "it is in use or being changed; apply again later",
    ErrorCode.DENIED: "grant the action (docs: AWS permissions), then apply again",
    ErrorCode.EXHAUSTED: "ask for a higher quota (Service Quotas) or remove what is not needed",
    ErrorCode.INVALID: "change the spec or the target's settings; the same call cannot succeed",
    ErrorCode.NOT_FOUND: "apply again; the plan will say what is missing",
    ErrorCode.NOT_YET: "it is not visible or does not exist; apply again, and check its id",
    ErrorCode.SPENT: "apply again; the next attempt takes a new token",
    ErrorCode.TAKEN: "choose another name for the resource or stack, or remove that object",
    ErrorCode.THROTTLED: "apply again later; others may be using up the account's rate",
    ErrorCode.UNKNOWN: "apply again; what happened is looked up first",
}


def remedy_for(native: str, meaning: ErrorCode, operation: str) -> str:
    """What to do next about AWS's code `native`, which means `meaning`."""
    known = _BY_CODE.get(native)
    if known is not None:
        return known
    text = _BY_MEANING[meaning]
    if meaning is ErrorCode.DENIED and operation:
        return text.replace("the action", f"{_in_iam(operation)} to this identity")
    return text


def _in_iam(operation: str) -> str:
    """The action that IAM knows `operation` by, if only one service of ours has it."""
    named = {each for feature in policy.FEATURES for each in policy.actions(feature)}
    fitting = [each for each in named if each.endswith(f":{operation}")]
    return policy.in_iam(fitting)[0] if len(fitting) == 1 else operation
