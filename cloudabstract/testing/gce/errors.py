"""The errors Compute Engine answers with, each with its status, its reason and its JSON body.

One exception, `ApiError`, and one function for each error the emulator gives. The wording follows
what Compute Engine has been seen to say; where nobody has shown its words, the fidelity table
(docs/gce-emulator.md) says so, and tests look at the status and the reason only.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer other than 2xx: `status` is HTTP's, `reason` is Google's word for it."""

    def __init__(self, status: int, reason: str, message: str, domain: str = "global") -> None:
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        super().__init__(f"{status} {reason}: {message}")

    def body(self) -> dict[str, Any]:
        """The JSON body, in the first version of Google's error format."""
        detail = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.reason == "conditionNotMet":
            detail |= {"location": "If-Match", "locationType": "header"}
        return {"error": {"code": self.status, "message": self.message, "errors": [detail]}}


class AnswerLost(ConnectionError):
    """The request was carried out, and its answer never reached the caller."""


def not_found(path: str) -> ApiError:
    """404: there is no such resource."""
    return ApiError(404, "notFound", f"The resource '{path}' was not found")


def already_exists(path: str) -> ApiError:
    """409: the name is taken."""
    return ApiError(409, "alreadyExists", f"The resource '{path}' already exists")


def not_ready(path: str) -> ApiError:
    """400: other work on the resource has not ended."""
    return ApiError(400, "resourceNotReady", f"The resource '{path}' is not ready")


def invalid(field: str, value: object, detail: str = "") -> ApiError:
    """A value that cannot be: `field` is its path, e.g. `resource.backends[0].group`."""
    message = f"Invalid value for field '{field}': '{value}'. {detail}".rstrip()
    return ApiError(400, "invalid", message)


def no_match(field: str, value: object, pattern: str) -> ApiError:
    """400: a text breaks its pattern."""
    return invalid(field, value, f"Must be a match of regex '{pattern}'")


def required(field: str) -> ApiError:
    """400: a field is missing."""
    return ApiError(400, "required", f"Required field '{field}' not specified")


def bad_request(message: str) -> ApiError:
    """400: the request as a whole is wrong."""
    return ApiError(400, "badRequest", message)


def in_use_text(noun: str, path: str, user: str) -> str:
    """How an error says that a resource is in use."""
    return f"The {noun} resource '{path}' is already being used by '{user}'"


def in_use(noun: str, path: str, user: str) -> ApiError:
    """400: another resource holds on to this one."""
    return ApiError(400, "resourceInUseByAnotherResource", in_use_text(noun, path, user))


def stale_fingerprint() -> ApiError:
    """412: the resource has changed since its fingerprint was read."""
    return ApiError(412, "conditionNotMet", "Invalid fingerprint.")


def stale_labels() -> ApiError:
    """412: the labels have changed since their fingerprint was read."""
    message = "Labels fingerprint either invalid or resource labels have changed"
    return ApiError(412, "conditionNotMet", message)


def forbidden(permission: str, path: str) -> ApiError:
    """403: the caller lacks a permission."""
    return ApiError(403, "forbidden", f"Required '{permission}' permission for '{path}'")


def quota_text(metric: str, limit: float, region: str) -> str:
    """How an error says that a quota is used up; `region` is empty for global quotas."""
    place = f" in region {region}." if region else " globally."
    return f"Quota '{metric}' exceeded.  Limit: {float(limit)}{place}"


def quota_exceeded(metric: str, limit: float, region: str) -> ApiError:
    """403: a quota is used up."""
    return ApiError(403, "quotaExceeded", quota_text(metric, limit, region), "usageLimits")


def rate_limited(status: int, reading: bool) -> ApiError:
    """403 or 429: too many calls; nothing was done."""
    group, kind = ("ReadGroup", "Read") if reading else ("DefaultGroup", "Queries")
    message = (
        f"Quota exceeded for quota group '{group}' and limit '{kind} requests per 100 seconds' "
        "of service 'compute.googleapis.com' for consumer 'project_number:123456'."
    )
    return ApiError(status, "rateLimitExceeded", message, "usageLimits")


def unavailable(status: int = 503) -> ApiError:
    """5xx: a fault on the server's side."""
    return ApiError(status, "backendError", "Backend Error")


def not_emulated(method_id: str) -> ApiError:
    """501: the real API knows this, and the emulator does not."""
    return ApiError(501, "notImplemented", f"The emulator does not implement {method_id}.")
