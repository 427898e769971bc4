"""The documented JSON forms of what commands print; docs/ and users' scripts rely on each key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cloudabstract.engine.planning.change import objection_json
from cloudabstract.errors import Problem
from cloudabstract.model import Resource, ResourceKey, Status, wire

from . import inputs

if TYPE_CHECKING:
    from cloudabstract.engine import Plan, Report
    from cloudabstract.provider import Objection
    from cloudabstract.spec import Spec

Locate = Callable[["Objection"], Problem]


def plan(given: Plan, locate: Locate | None = None, spec: Spec | None = None) -> dict[str, Any]:
    """`plan -o json`: the plan's own form, with file and line of objections, and what waits.

    With `spec`, also every document that it was made of, and what of them is not honoured.
    """
    written = given.as_json()
    told = inputs.objections(spec) if spec is not None else []
    known = set(map(_said, told))
    placed = (_placed(each, locate) for each in given.objections)
    written["objections"] = [each for each in placed if _said(each) not in known] + told
    if spec is not None:
        written["documents"] = inputs.documents(spec)
    written["waiting"] = [
        {"part": str(part), "reason": reason} for part, reason in given.held.items()
    ]
    return written


def _placed(objection: Objection, locate: Locate | None) -> dict[str, Any]:
    problem = locate(objection) if locate is not None else Problem("")
    return {**objection_json(objection), "file": problem.file, "line": problem.line}


def _said(objection: Mapping[str, Any]) -> tuple[str, ...]:
    """What an objection says; documents are noted on the resources that are made of them."""
    return tuple(objection[key] for key in ("file", "code", "field", "message"))


def report(given: Report, locate: Locate | None = None, spec: Spec | None = None) -> dict[str, Any]:
    """`apply -o json`: the plan with outcomes and errors, and every resource's status."""
    return {
        **plan(given.plan, locate, spec),
        "changes": [each.as_json() for each in given.outcomes],
        "resources": [resource(key, status) for key, status in given.statuses.items()],
        "apiCalls": dict(given.calls),
        "revision": given.revision,
        "interrupted": given.interrupted,
        "timedOut": given.timed_out,
    }


def resource(
    key: ResourceKey, status: Status | None, written: Resource | None = None
) -> dict[str, Any]:
    """One resource: its address, its document where it is known, and its portable status."""
    told: dict[str, Any] = {"kind": key.kind, "name": key.name, "namespace": key.namespace}
    if written is not None:
        document = wire.to_document(written, defaults=True)
        told |= {"metadata": document["metadata"], "spec": document["spec"]}
    told["status"] = _status(key.kind, status) if status is not None else {}
    return told


# What every status of a kind has, so that scripts need not ask whether it is there.
_ALWAYS: dict[str, dict[str, Any]] = {
    "LoadBalancer": {"addresses": [], "conditions": []},
    "Volume": {"phase": "", "capacity": "0", "conditions": []},
    "VolumeClaim": {"phase": "", "capacity": "0", "conditions": []},
}


def _status(kind: str, status: Status) -> dict[str, Any]:
    return {**_ALWAYS.get(kind, {}), **wire.status_document(status)}


def resources(report: Report, keys: Iterable[ResourceKey]) -> Iterator[dict[str, Any]]:
    """`get -o json`: one resource for each of `keys`."""
    for key in keys:
        yield resource(key, report.statuses.get(key), known(report, key))


def known(report: Report, key: ResourceKey) -> Resource | None:
    """The resource as it is in force, else as it was asked for, else a class of the target."""
    desired = report.plan.desired
    found = desired.resources.get(key) or desired.asked.get(key)
    if found is None and key.kind == "VolumeClass":
        return desired.classes.by_name.get(key.name)
    return found


def authors(given: Plan) -> dict[str, str]:
    """Volumes that were made for a claim, and that claim, as texts."""
    return {str(volume): str(claim) for volume, claim in given.desired.authors.items()}


def summary(changes: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The counts of changes in their JSON form."""
    count = Counter(each["action"] for each in changes)
    return {
        "add": count["create"] + count["replace"],
        "change": count["update"] + count["adopt"],
        "destroy": count["delete"] + count["replace"],
        "release": count["release"],
    }
