"""What AWS's errors mean to the engine, and what a person can do about them.

Only codes decide, never the texts of messages. The codes stand in codes.json. A few need to be read
together with the operation: an object that is not found is gone when it is to be deleted, and not
visible yet when something is to be done with it right after it was made.

Drivers raise what boto3 raises, and `Taken` where a name turns out to be a stranger's.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from cloudabstract.errors import ErrorCode, Failure

from .remedies import remedy_for

# Seconds. A deleted balancer's network interfaces stay for tens of seconds, and so does this.
_WORTH_WAITING = {"DependencyViolation": 10.0}
_ENDING = ("Delete", "Deregister", "Detach", "Release", "Revoke", "Disassociate")


class Taken(Exception):
    """A name or port that we need belongs to an object that is not ours."""

    def __init__(self, kind: str, name: str, id_: str, native: str = "") -> None:
        self.native = native
        super().__init__(f"{kind} {name} is {id_}, which this stack does not own")


class Refusal(Exception):
    """Something that cannot be done, noticed before or after a call, with AWS's word for it."""

    def __init__(self, code: ErrorCode, message: str, native: str = "", remedy: str = "") -> None:
        self.failure = Failure(code, message, native, remedy=remedy)
        super().__init__(message)


def code(error: BaseException) -> str:
    """AWS's code of a ClientError; "" for anything else."""
    response = getattr(error, "response", None)
    if not isinstance(response, Mapping):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


def is_missing(error: BaseException) -> bool:
    """Whether AWS says that the object, or one it depends on, does not exist."""
    return _meaning(code(error)) is ErrorCode.NOT_FOUND


def is_unknown(error: BaseException) -> bool:
    """Whether the endpoint says that it does not know the call: emulators know some of AWS only."""
    response = getattr(error, "response", None)
    about = response.get("ResponseMetadata", {}) if isinstance(response, Mapping) else {}
    named = code(error) or type(error).__name__  # moto, in this process, raises an error of its own
    return named in _tables()["unknown"] or about.get("HTTPStatusCode") == 501


def classify(error: Exception) -> Failure:
    """`error` as a value: code, message, AWS's own code, request id, remedy."""
    if isinstance(error, Refusal):
        return error.failure
    if isinstance(error, Taken):
        remedy = "choose another name for the resource or stack, or remove that object"
        return Failure(ErrorCode.TAKEN, str(error), error.native, remedy=remedy)
    native = code(error)
    if native:
        return _answered(error, native)
    return _unanswered(error)


def nowhere(regions: Iterable[str], error: Exception) -> Refusal:
    """`error` came of asking regions that boto3 does not know."""
    why = next(iter(str(error).splitlines()), "")
    text = f"no answer from {', '.join(regions)}, and boto3 knows no such region: {why}"
    remedy = "check the target's `region` and that of each resource; a new region needs a new boto3"
    return Refusal(ErrorCode.INVALID, text, type(error).__name__, remedy)


def _answered(error: Any, native: str) -> Failure:
    response = error.response
    about = response.get("ResponseMetadata", {})
    operation = getattr(error, "operation_name", "")
    meaning = _meaning(native) or _by_status(about.get("HTTPStatusCode", 0))
    if meaning is ErrorCode.NOT_FOUND and not operation.startswith(_ENDING):
        meaning = ErrorCode.NOT_YET
    text = response.get("Error", {}).get("Message", "") or native
    return Failure(
        meaning,
        f"{operation}: {text}" if operation else str(text),
        native,
        str(about.get("RequestId", "")),
        remedy_for(native, meaning, operation),
        _WORTH_WAITING.get(native, 0.0),
    )


def _unanswered(error: Exception) -> Failure:
    """What boto3 raises by itself: no credentials, no connection, a request it will not send."""
    name = type(error).__name__
    known = _tables()["client"]
    meaning = next((ErrorCode(each) for each in known if name in known[each]), ErrorCode.UNKNOWN)
    return Failure(meaning, str(error) or name, name, remedy=remedy_for(name, meaning, ""))


def _meaning(native: str) -> ErrorCode | None:
    if not native:
        return None
    known = _by_code().get(native) or _by_code().get(native.removesuffix("Exception"))
    if known is not None:
        return known
    if native.endswith((".NotFound", "NotFoundException", "NotFoundFault")):
        return ErrorCode.NOT_FOUND
    return None


def _by_status(status: int) -> ErrorCode:
    """For codes that nobody has met: servers' errors may have had an effect, others had none."""
    return ErrorCode.UNKNOWN if status >= 500 or not status else ErrorCode.INVALID


@functools.cache
def _tables() -> dict[str, Any]:
    raw = json.loads(resources.files(__package__).joinpath("codes.json").read_text())
    return dict(raw)


@functools.cache
def _by_code() -> dict[str, ErrorCode]:
    return {
        native: ErrorCode(meaning)
        for meaning, natives in _tables().items()
        if meaning in ErrorCode.__members__
        for native in natives
    }
