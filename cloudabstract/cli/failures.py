"""Errors as people and as scripts read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.errors import (
    CallError,
    CloudAbstractError,
    Failure,
    Problem,
    RejectedError,
)

from . import codes
from .redaction import redact
from .terminal import Paint, harmless


def text(error: CloudAbstractError, paint: Paint) -> str:
    """The error in lines; each problem with its place and the way out."""
    label = paint("error:", "red", "bold")
    if isinstance(error, RejectedError) and error.problems:
        problems = list(error.problems)
        if len(problems) == 1:
            return f"{label} " + "\n".join(problem_lines(problems[0], paint))
        lines = [f"{label} {len(problems)} problems; nothing was touched"]
        for each in problems:
            lines += [f"  {line}" for line in problem_lines(each, paint)]
        return "\n".join(lines)
    return f"{label} {harmless(redact(str(error)))}"


def problem_lines(problem: Problem, paint: Paint) -> Iterator[str]:
    """One problem: place, subject, field, code, message; and a hint below."""
    place = f"{problem.file}:{problem.line}" if problem.file and problem.line else problem.file
    head = ": ".join(each for each in (place, problem.subject, problem.field) if each)
    code = f"[{problem.code}] " if problem.code else ""
    message = harmless(redact(f"{code}{problem.message}"))
    yield f"{paint(harmless(head), 'bold')}: {message}" if head else message
    if problem.remedy:
        yield f"  {paint('hint:', 'cyan')} {harmless(redact(problem.remedy))}"


def as_json(error: BaseException, code: int) -> dict[str, Any]:
    """The one document that is printed with `-o json` when there is no other to print.

    {"error": {"code", "exitCode", "type", "message", "problems": [...], "failure": {...}}}
    """
    told: dict[str, Any] = {
        "code": codes.word(code),
        "exitCode": code,
        "type": type(error).__name__,
        "message": redact(str(error)) or codes.EXIT_CODES.get(code, ("", ""))[1],
        "problems": [],
    }
    if isinstance(error, RejectedError):
        told["problems"] = [problem_json(each) for each in error.problems]
    if isinstance(error, CallError):
        told["failure"] = failure_json(error.failure)
    return {"error": told}


def problem_json(problem: Problem) -> dict[str, Any]:
    """One problem; `line` is 0 where it is not known."""
    return {
        "code": problem.code,
        "message": redact(problem.message),
        "file": problem.file,
        "line": problem.line,
        "resource": problem.subject,
        "field": problem.field,
        "remedy": redact(problem.remedy),
    }


def failure_json(failure: Failure) -> dict[str, Any]:
    """What a target answered."""
    return {
        "code": failure.code.value,
        "native": failure.native,
        "message": redact(failure.message),
        "requestId": failure.request_id,
        "retryable": failure.retryable,
        "remedy": failure.remedy,
    }
