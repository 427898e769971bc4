"""list and aggregatedList: filtered, ordered, page by page.

A page token says after which item to go on, so that what is made or removed between two pages
moves nothing else; it belongs to one query and is refused with another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, filters, rendering
from cloudabstract.testing.gce.scopes import ROOT, Scope

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

Item = dict[str, Any]
_MOST = 500


def listed(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The answer to `list`."""
    items = [(call.scope.path, item) for item in _items(cloud, call, call.scope)]
    return page_of(cloud, call, items, call.method.response)


def page_of(cloud: Cloud, call: Call, items: list[tuple[str, Item]], schema: str) -> dict[str, Any]:
    """One page of `items` as a list resource of `schema`."""
    page, token = paged(cloud, call, items, cloud.document.items(schema))
    answer = _envelope(cloud, call, schema)
    if page:
        answer["items"] = [item for _, item in page]
    if token:
        answer["nextPageToken"] = token
    return answer


def aggregated(
    cloud: Cloud, call: Call, found: Callable[[Scope], list[Item]] | None = None
) -> dict[str, Any]:
    """The answer to `aggregatedList`: every scope appears, empty ones with a warning.

    `found` gives what is in a scope; by default the resources of the call's collection.
    """
    within = found or (lambda scope: _items(cloud, call, scope))
    levels = _levels(cloud, call.collection)
    scopes = [scope for level in levels for scope in cloud.catalogue.scopes(level)]
    silent = [scope for scope in scopes if _unreachable(cloud, scope)]
    if any(_refuses(cloud, call, scope) for scope in silent):
        raise errors.unavailable()
    items = [
        (scope.path, item) for scope in scopes if scope not in silent for item in within(scope)
    ]
    scoped = cloud.document.items(call.method.response)
    page, token = paged(cloud, call, items, _element(cloud, scoped, call.collection))
    answer = _envelope(cloud, call, call.method.response)
    answer["items"] = {
        scope.path: _scoped(scope, call.collection, page, scope in silent) for scope in scopes
    }
    if silent:
        answer["unreachables"] = [scope.path for scope in silent]
    if token:
        answer["nextPageToken"] = token
    return answer


def paged(
    cloud: Cloud, call: Call, items: Iterable[tuple[str, Item]], schema: str
) -> tuple[list[tuple[str, Item]], str]:
    """The page of a query's items that it asks for, and the token of the next page.

    `items` are (path of the scope, item). Raises ApiError 400 for a bad filter, order or token.
    """
    wanted = filters.parse(call.query.get("filter", ""), cloud.document.properties(schema))
    newest = _newest_first(call.query)
    rows = sorted(
        ((_position(where, item, newest), where, item) for where, item in items if wanted(item)),
        key=lambda row: row[0],
    )
    after = _after(call)
    rest = [row for row in rows if after is None or row[0] > after]
    size = min(call.query.get("maxResults") or _MOST, cloud.options.page_size or _MOST)
    page = [(where, item) for _, where, item in rest[:size]]
    return page, _token(call, rest[size - 1][0]) if len(rest) > size else ""


def _items(cloud: Cloud, call: Call, scope: Scope) -> list[Item]:
    now = cloud.time.now()
    records = cloud.records.within(call.project, call.collection, scope)
    return [rendering.rendered(cloud, r) for r in records if r.hidden_until <= now]


def _newest_first(query: Mapping[str, Any]) -> bool:
    order = query.get("orderBy", "")
    if order not in ("", "name", "creationTimestamp desc"):
        raise errors.invalid("orderBy", order, "Only name and creationTimestamp desc are known.")
    return bool(order == "creationTimestamp desc")


def _position(where: str, item: Item, newest: bool) -> list[Any]:
    if newest:
        age = -int(item.get("id", 0))  # ids grow, so they order what one moment made
        return [age, where, item.get("name", "")]
    return [where, item.get("name", "")]


def _query_digest(call: Call) -> str:
    asked = [call.method.id, dict(call.params), call.query.get("filter"), call.query.get("orderBy")]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _token(call: Call, position: list[Any]) -> str:
    text = json.dumps([_query_digest(call), position])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _after(call: Call) -> list[Any] | None:
    token = call.query.get("pageToken")
    if not token:
        return None
    try:
        digest, position = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        digest, position = "", []
    if digest != _query_digest(call):
        raise errors.invalid("pageToken", token, "The token does not belong to this query.")
    return list(position)


def _levels(cloud: Cloud, collection: str) -> list[str]:
    """The levels at which a collection has resources: `disks` are zonal and regional."""
    ending = f"/{collection}"
    templates = [m.template for m in cloud.document.methods if m.template.endswith(ending)]
    levels = {"zone": "/zones/{zone}/", "region": "/regions/{region}/", "global": "/global/"}
    return [level for level, part in levels.items() if any(part in t for t in templates)]


def _element(cloud: Cloud, scoped: str, collection: str) -> str:
    listed = cloud.document.properties(scoped)[collection]
    return str(listed["items"]["$ref"])


def _unreachable(cloud: Cloud, scope: Scope) -> bool:
    return scope.place in cloud.faults.unreachables


def _refuses(cloud: Cloud, call: Call, scope: Scope) -> bool:
    fails = cloud.faults.unreachables[scope.place].fails
    return fails and not call.query.get("returnPartialSuccess", False)


def _scoped(
    scope: Scope, collection: str, page: list[tuple[str, Item]], silent: bool
) -> dict[str, Any]:
    here = [item for where, item in page if where == scope.path]
    if here:
        return {collection: here}
    code = "UNREACHABLE" if silent else "NO_RESULTS_ON_PAGE"
    silence = f"The scope '{scope.path}' cannot be reached."
    nothing = f"There are no results for scope '{scope.path}' on this page."
    told = [{"key": "scope", "value": scope.path}]
    return {"warning": {"code": code, "message": silence if silent else nothing, "data": told}}


def _envelope(cloud: Cloud, call: Call, schema: str) -> dict[str, Any]:
    path = call.method.template.format(**call.params)
    return {"kind": cloud.document.kind(schema), "id": path, "selfLink": ROOT + path}
