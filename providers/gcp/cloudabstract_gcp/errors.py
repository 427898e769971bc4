"""What Google's errors mean to the engine, and what a person can do about them.

Google's client raises one exception for each HTTP status, and an operation that is DONE may carry
an error of its own. Both become one thing here, `CallFailed`, with Google's *reason*; reasons and
statuses decide, never the texts of messages (reasons.json has them). A reason is written in two
ways, `quotaExceeded` in answers and `QUOTA_EXCEEDED` in operations; it is compared without case
and underscores.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from cloudabstract.errors import ErrorCode, Failure


class CallFailed(Exception):
    """Google refused a call, or the work it began failed.

    `status` is HTTP's, 0 when no answer came; `method` is Google's id: `compute.disks.insert`.
    """

    def __init__(
        self, method: str, status: int, reason: str, message: str, request_id: str = ""
    ) -> None:
        self.method = method
        self.status = status
        self.reason = reason
        self.message = message
        self.request_id = request_id
        super().__init__(f"{method}: {message}")

    def says(self, *reasons: str) -> bool:
        """Whether the reason is one of these, in either spelling."""
        return _plain(self.reason) in {_plain(each) for each in reasons}

    @property
    def missing(self) -> bool:
        """Whether the object, or one that the call names, does not exist."""
        return self.status == 404 or self.says("notFound", "RESOURCE_NOT_FOUND")

    @property
    def exists(self) -> bool:
        """Whether an object of that name exists already."""
        return self.says("alreadyExists", "RESOURCE_ALREADY_EXISTS")


class Refusal(Exception):
    """Something that these drivers will not do, said in the engine's terms."""

    def __init__(self, code: ErrorCode, message: str, remedy: str = "") -> None:
        self.failure = Failure(code, message, remedy=remedy)
        super().__init__(message)


class Taken(Refusal):
    """A name that we need belongs to an object that is not ours."""

    def __init__(self, kind: str, link: str) -> None:
        remedy = "choose another name for the resource or the stack, or remove that object"
        super().__init__(ErrorCode.TAKEN, f"{kind}: {link} is not owned by this stack", remedy)


def refused(method: str, error: Exception) -> CallFailed:
    """The exception of Google's client, or of what it is built on, as CallFailed."""
    details = getattr(error, "errors", None)
    first = details[0] if isinstance(details, (list, tuple)) and details else {}
    reason = str(first.get("reason", "")) if isinstance(first, Mapping) else ""
    status = getattr(error, "code", None)
    answer = getattr(error, "response", None)
    headers = getattr(answer, "headers", None) or {}
    number = int(status) if isinstance(status, int) else 0
    message = str(getattr(error, "message", "") or error)
    name = reason or type(error).__name__
    return CallFailed(method, number, name, _short(message), str(headers.get("X-Request-Id", "")))


def classify(error: Exception) -> Failure:
    """`error` as a value: code, message, Google's reason, request id, remedy."""
    if isinstance(error, Refusal):
        return error.failure
    if not isinstance(error, CallFailed):
        error = refused("", error)
    code = _meaning(error)
    return Failure(
        code,
        f"{error.method}: {error.message}" if error.method else error.message,
        native=error.reason,
        request_id=error.request_id,
        remedy=_remedy(error, code),
    )


def _meaning(error: CallFailed) -> ErrorCode:
    known = _by_reason().get(_plain(error.reason))
    if known is None:
        known = _tables()["statuses"].get(str(error.status))
    if known is None:
        return ErrorCode.UNKNOWN if error.status >= 500 or not error.status else ErrorCode.INVALID
    if known == ErrorCode.NOT_FOUND and not error.method.endswith((".delete", ".get")):
        return ErrorCode.INVALID  # what the call names does not exist
    return ErrorCode(known)


def _remedy(error: CallFailed, code: ErrorCode) -> str:
    table: Mapping[str, str] = _tables()["remedies"]
    missing = "missing" if error.missing else ""
    for key in (_plain(error.reason), missing, code.value):
        if key in table:
            return table[key]
    return ""


def _short(message: str) -> str:
    """Google's client puts the verb and the URL before what was said, and details after it."""
    words, mark, rest = message.partition(": ")
    return (
        rest if mark and words.count(" ") == 1 and words.split()[1].startswith("http") else message
    )


def _plain(reason: str) -> str:
    return reason.replace("_", "").lower()


@functools.cache
def _tables() -> dict[str, Any]:
    raw = json.loads(resources.files(__package__).joinpath("reasons.json").read_text())
    return dict(raw)


@functools.cache
def _by_reason() -> Mapping[str, str]:
    pairs: Iterable[tuple[str, list[str]]] = _tables()["reasons"].items()
    return {_plain(reason): code for code, reasons in pairs for reason in reasons}
