"""Between moto's request objects and the rules: one call as a value, one answer as moto wants it.

Whether a request came through botocore's stub or through moto's server, moto makes a response
object of it and calls `call_action`. That is the lowest point common to both, and the one we use.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model
from moto.utilities.aws_headers import gen_amzn_requestid_long

from cloudabstract.testing.aws.refusal import Refused

SERVICES = ("acm", "ec2", "efs", "elbv2", "resourcegroupstaggingapi", "sts")
_JSON = {"Content-Type": "application/json"}
_ERROR_CODE = re.compile(
    r"<Code>([^<]+)</Code>|\"(?:__type|ErrorCode)\": ?\"(?:[^\"#]*#)?([^\"]+)\""
)

Proceed = Callable[[], Any]


@dataclass
class Call:
    """One request that reached the cloud. Rules may amend `params` before moto reads them."""

    service: str  # "ec2"
    operation: str  # "CreateVolume"
    params: dict[str, Any]
    region: str
    account: str
    response: Any  # moto's object for this request
    sent: dict[str, Any] = field(default_factory=dict)  # the parameters as they came

    def __post_init__(self) -> None:
        self.sent = copy.deepcopy(self.params)

    @property
    def backend(self) -> Any:
        """moto's store of this service, account and region."""
        return getattr(self.response, f"{self.service}_backend")

    @property
    def network(self) -> Any:
        """moto's EC2 store of this account and region, whatever the service."""
        return self.backend if self.service == "ec2" else self.backend.ec2_backend

    @property
    def key(self) -> str:
        """What rules are registered under: "ec2.CreateVolume"."""
        return f"{self.service}.{self.operation}"

    @property
    def model(self) -> Any:
        """botocore's model of the operation: shapes, limits, documentation."""
        return operation_model(self.service, self.operation)


Rule = Callable[[Call, Proceed], Any]


@functools.cache
def operation_model(service: str, operation: str) -> Any:
    """botocore's model of one operation."""
    return get_service_model(service).operation_model(operation)


def read(response: Any) -> Call | None:
    """The call moto was given, or None when it is none that a rule could be about."""
    action = response._get_action()
    if not action or response.service_name not in SERVICES:
        return None
    if not response.automated_parameter_parsing:
        response.parse_parameters(response.normalized_request)
    return Call(
        service=response.service_name,
        operation=action,
        params=response.params,
        region=response.region,
        account=response.current_account,
        response=response,
    )


def unwrap(answer: Any) -> Any:
    """What moto's method answered: its result object, or the JSON document it wrote."""
    if isinstance(answer, ActionResult):
        return answer.result
    body = answer[0] if isinstance(answer, tuple) else answer
    return json.loads(body) if body else {}


def wrap(call: Call, payload: Any) -> Any:
    """`payload` as moto's method would have returned it."""
    if call.service == "efs":
        return json.dumps(payload or {}), _JSON | {"status": call.model.http["responseCode"]}
    return EmptyResult() if payload is None else ActionResult(payload)


def refusal(call: Call, refused: Refused) -> tuple[int, dict[str, str], str]:
    """An error as the service's protocol has it: status, headers, body."""
    headers = dict(call.response.response_headers)
    request = gen_amzn_requestid_long(headers)
    code, message = escape(refused.code), escape(refused.message)
    if call.service == "ec2":
        inner = f"<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        return (
            refused.status,
            headers,
            f"<Response>{inner}<RequestID>{request}</RequestID></Response>",
        )
    if call.service in ("elbv2", "sts"):
        inner = f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
        body = (
            f"<ErrorResponse><Error>{inner}</Error><RequestId>{request}</RequestId></ErrorResponse>"
        )
        return refused.status, headers, body
    headers |= _JSON | {"x-amzn-errortype": refused.code}
    words = {"__type": refused.code, "ErrorCode": refused.code, "Message": refused.message}
    return refused.status, headers, json.dumps(words | dict(refused.fields))


def error_code(answer: tuple[int, Any, Any]) -> str:
    """The error code inside an answer; empty when it is none."""
    status, _, body = answer
    if int(status) < 400:
        return ""
    text = body.decode() if isinstance(body, bytes) else str(body)
    found = _ERROR_CODE.search(text)
    return next(filter(None, found.groups()), "") if found else f"HTTP {status}"
