"""A plan as a person reads it: what is done to which object, why, and with what effect.

    LoadBalancer/web
      ~   update   memory.members  shop-web-80-tcp-web-6hq2n5  [drains connections]
                   the spec changed
                   members: + address 10.0.0.7, port 8080

Symbols stand beside words, so that colour adds nothing. What does not change is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .. import inputs, terminal
from ..terminal import Paint, harmless
from . import fields

Json = Mapping[str, Any]

SYMBOLS = {"create": "+", "update": "~", "delete": "-", "adopt": "<=", "release": "=>"}
_COLOURS = {"+": "green", "~": "yellow", "-": "red", "-/+": "red", "+/-": "yellow"}
_INDENT = " " * 15


def text(plan: Json, paint: Paint, authors: Mapping[str, str] | None = None) -> str:
    """The whole plan. `authors` tells for volumes that were made for a claim which one that is."""
    lines = [*_changes(plan["changes"], paint, authors or {})]
    lines += left_out(plan, paint)
    lines += waiting(plan.get("waiting", ()), paint)
    lines += objections(plan.get("objections", ()), paint)
    lines += not_provisioned(plan.get("documents", ()), paint)
    lines.append(paint(last_line(plan), "bold"))
    return "\n".join(lines)


def last_line(plan: Json) -> str:
    """`Plan: 2 to add, 1 to change, 0 to destroy.`"""
    if not plan["changes"]:
        waits = plan.get("waiting")
        return f"Nothing to do now: {len(waits)} parts wait." if waits else "Nothing to do."
    counts = plan["summary"]
    text = f"{counts['add']} to add, {counts['change']} to change, {counts['destroy']} to destroy"
    if counts.get("release"):
        text += f", {counts['release']} to release"
    return f"Plan: {text}."


def symbol(change: Json) -> str:
    """The symbol of a change: for a replacement it tells what goes first."""
    if change["action"] == "replace":
        return "-/+" if change.get("gap") else "+/-"
    return SYMBOLS[change["action"]]


def name(change: Json) -> str:
    """What the object is called: kinds without names go by their id or role."""
    return str(change["name"] or change["id"] or change["part"].rpartition(":")[2])


def _changes(changes: Iterable[Json], paint: Paint, authors: Mapping[str, str]) -> Iterator[str]:
    grouped: dict[str, list[Json]] = {}
    for each in changes:
        grouped.setdefault(each["resource"], []).append(each)
    for resource, group in grouped.items():
        author = authors.get(resource) or next((it["claim"] for it in group if it.get("claim")), "")
        yield paint(resource, "bold") + (f" (for {author})" if author else "")
        for each in group:
            yield from _change(each, paint)
        yield ""


def _change(change: Json, paint: Paint) -> Iterator[str]:
    mark = symbol(change)
    colour = _COLOURS.get(mark, "cyan")
    effect = f"  [{change['effect']}]" if change["effect"] != "none" else ""
    place = f" in {change['place']}" if change["place"] else ""
    head = paint(f"{mark:<3} {change['action']:<8}", colour)
    yield f"  {head} {change['kind']}  {harmless(name(change))}{place}{effect}"
    yield from (f"{_INDENT}{line}" for line in _details(change))


def _details(change: Json) -> Iterator[str]:
    if change["reason"]:
        yield harmless(change["reason"])
    if change.get("replaces"):
        order = "which goes first" if change.get("gap") else "which goes last"
        yield f"replaces {harmless(change['replaces'])}, {order}"
    if change["action"] == "create":
        made = fields.values(change["fields"])
        if made:
            yield terminal.cut(made, terminal.width() - len(_INDENT))
    else:
        yield from fields.differences(change["fields"])
    for note in change.get("notes", ()):
        yield f"note: {harmless(note)}"


def left_out(plan: Json, paint: Paint) -> Iterator[str]:
    """What would be changed and is not, by resource; and what was not asked for and comes along."""
    along = plan.get("takenAlong", ())
    if along:
        yield paint("Taken along", "bold") + f", for it is needed: {', '.join(along)}"
        yield ""
    reasons: dict[tuple[str, str], int] = {}
    for each in plan.get("leftOut", ()):
        key = (each["resource"], each["because"])
        reasons[key] = reasons.get(key, 0) + 1
    if reasons:
        yield paint("Left out", "bold")
        for (resource, because), count in reasons.items():
            many = "1 change" if count == 1 else f"{count} changes"
            yield f"  {resource}: {many}: {harmless(because)}"
        yield ""


def waiting(parts: Iterable[Json], paint: Paint) -> Iterator[str]:
    """Parts that are wanted, but nothing can be done about now."""
    parts = list(parts)
    if parts:
        yield paint("Waiting", "bold")
        yield from (f"  {each['part']}: {harmless(each['reason'])}" for each in parts)
        yield ""


def objections(given: Iterable[Json], paint: Paint) -> Iterator[str]:
    """What the target or a policy has to say, with code, place and alternative.

    Notes about documents of other formats are counted only, for there may be hundreds.
    """
    every = list(given)
    if every:
        yield paint("Objections", "bold")
        told = [each for each in every if not _is_small(each)]
        for each in told:
            yield from _objection(each, paint)
        if number := len(every) - len(told):
            notes = "1 note" if number == 1 else f"{number} notes"
            yield f"  {notes} about fields of documents; `cloudabstract validate` tells more"
        yield ""


def _is_small(objection: Json) -> bool:
    return objection.get("source") == "document" and objection["severity"] == "note"


def _objection(each: Json, paint: Paint) -> Iterator[str]:
    place = f"{each['file']}:{each['line']}: " if each.get("file") else ""
    severity = paint(each["severity"], "red" if each["severity"] == "reject" else "yellow")
    where = ": ".join(part for part in (each["resource"], each["field"]) if part)
    yield f"  {severity} [{each['code']}] {place}{where}: {harmless(each['message'])}"
    if each["alternative"]:
        yield f"    {paint('hint:', 'cyan')} {harmless(each['alternative'])}"


def not_provisioned(documents: Iterable[Json], paint: Paint) -> Iterator[str]:
    """Documents that stay where they are, by kind, each by its name."""
    every = list(documents)
    found = inputs.left_out(every)
    if found:
        count = sum(map(len, found.values()))
        yield paint("Not provisioned", "bold") + f" ({count} of {len(every)} documents)"
        for kind, names in found.items():
            yield f"  {harmless(kind)}: {harmless(', '.join(names))}"
        yield ""
