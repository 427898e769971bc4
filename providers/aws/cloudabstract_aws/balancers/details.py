"""Fields that AWS shows one object a call, and the memos that stand in for them.

    attributes of load balancers and target groups, members of target groups

Written as memos.py says: noted after the fact, and taken away before the fact is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Found
from cloudabstract_aws import memos, tags

from .elb import Elb, each

Look = Callable[[Found], Mapping[str, Any] | None]  # fields; None: the object is gone meanwhile


def completed(elb: Elb, found: Iterable[Found], field: str, look: Look) -> list[Found]:
    """`found` with `field` filled in, by looking or by memo; strangers' objects as they are.

    `look` may give more fields than that; by memo only the one is known.
    """
    all_of_them = list(found)
    ours = [one for one in all_of_them if one.labels]
    closely = elb.closely(len(ours))
    looked = [one for one in ours if closely or memos.decoded(field, tags_of(one)) is None]
    answers = dict(zip([one.id for one in looked], each(look, looked), strict=True))
    return [_with(one, field, answers) for one in all_of_them]


def forget(elb: Elb, found: Found, field: str) -> None:
    """Take the memo away, because what it says is about to change."""
    noted = memos.keys(field, tags_of(found))
    if noted:
        elb.write(found.place).remove_tags(ResourceArns=[found.id], TagKeys=noted)


def note(elb: Elb, found: Found, field: str, value: Any) -> Found:
    """Write the memo, because it is so now; `found` as it is then."""
    memo = memos.encoded(field, value)
    if memo:
        elb.write(found.place).add_tags(ResourceArns=[found.id], Tags=tags.to_list(memo))
    kept = {key: text for key, text in tags_of(found).items() if key not in memos.every(field)}
    fields = {**found.fields, field: value}
    return replace(found, fields=fields, raw={"tags": {**kept, **memo}})


def tags_of(found: Found) -> Mapping[str, str]:
    """All tags of the object, as they were when it was looked at."""
    known: Mapping[str, str] = (found.raw or {}).get("tags", {})
    return known


def _with(one: Found, field: str, answers: Mapping[str, Mapping[str, Any] | None]) -> Found:
    told = answers.get(one.id)
    if told is None:
        noted = memos.decoded(field, tags_of(one))
        told = {} if noted is None else {field: noted}
    return replace(one, fields={**one.fields, **told}) if told else one
