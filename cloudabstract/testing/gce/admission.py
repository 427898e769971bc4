"""Whether a request may be carried out at all, and the call it makes.

The order of the checks is the emulator's own: the path, faults that strike before any effect,
whether project and place exist and answer, parameters, permissions, and last the body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.testing.gce import errors, parameters
from cloudabstract.testing.gce.cloud import Call, Cloud
from cloudabstract.testing.gce.routes import Router


@dataclass(frozen=True)
class Request:
    """What came in: `query` maps each name to its values, `body` is undecoded JSON."""

    verb: str
    path: str
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: bytes = b""


def admit(cloud: Cloud, router: Router, request: Request, seen: list[Call]) -> Call:
    """The call that `request` makes; `seen` is given it as far as it is understood.

    Raises ApiError when it may not be made.
    """
    route = router.route(request.verb, request.path)
    method = route.method
    seen[:] = [Call(method, route.params, {}, {})]
    _struck(cloud, seen[0])
    _exists(cloud, seen[0])
    strict = cloud.options.reject_unknown
    query = parameters.check(cloud.document, method, request.query, strict)
    raw = _decoded(request.body) if method.request else {}
    seen[:] = [Call(method, route.params, query, raw)]
    missing = cloud.permissions.missing(method)
    if missing:
        raise errors.forbidden(missing, seen[0].path)
    if method.request:
        body = cloud.checker.body(method.request, raw, method)
        seen[:] = [Call(method, route.params, query, body)]
    return seen[0]


def _struck(cloud: Cloud, call: Call) -> None:
    """Faults that refuse the call before it has any effect."""
    method = call.method
    status = cloud.faults.strikes("throttle", method.id)
    if status is not None:
        raise errors.rate_limited(status, method.verb == "GET")
    status = cloud.faults.strikes("fail", method.id)
    if status is not None:
        raise errors.unavailable(status)


def _exists(cloud: Cloud, call: Call) -> None:
    """Project, region and zone in the path must exist, and answer."""
    if call.project not in cloud.projects:
        raise errors.not_found(f"projects/{call.project}")
    if not cloud.catalogue.has(call.scope):
        if call.method.resource in ("zones", "regions"):
            raise errors.not_found(f"projects/{call.project}/{call.scope.path}")
        level = call.scope.level
        raise errors.invalid(level, call.scope.place, f"Unknown {level}.")
    if call.scope.place in cloud.faults.unreachables:
        raise errors.unavailable()


def _decoded(body: bytes) -> dict[str, Any]:
    text = "Invalid JSON payload received. The body is not a JSON object."
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise errors.bad_request(text) from error
    if not isinstance(found, dict):
        raise errors.bad_request(text)
    return found
