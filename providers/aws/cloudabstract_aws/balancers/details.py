"""Fields that AWS shows one object a call, and the memos that stand in for them.

    attributes of load balancers and target groups, members of target groups

Written as memos.py says: noted after the fact, and taken away before the fact is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudabstract.provider import Batch, Found, Whose
from cloudabstract_aws import errors, memos, tags

from .elb import Elb, each

Look = Callable[[Found], Mapping[str, Any] | None]  # fields; None: the object is gone meanwhile


@dataclass(frozen=True)
class Detail:
    """A field, and how to look at it; `look` may give more fields, a memo tells only the one."""

    elb: Elb
    field: str
    look: Look

    def completed(self, found: Iterable[Found], batch: Batch) -> list[Found]:
        """`found` with the field filled in; strangers' objects only where they are asked for."""
        every = list(found)
        anybody = batch.whose is Whose.ANYBODY
        asked = [one for one in every if one.labels or anybody or one.id in batch.ids]
        closely = batch.closely or self.elb.closely(len(asked))
        looked = [one for one in asked if closely or self._noted(one) is None]
        told = each(self._looked, looked)
        answers = dict(zip([one.id for one in looked], told, strict=True))
        return [self._with(one, answers.get(one.id)) for one in every]

    def _looked(self, one: Found) -> Mapping[str, Any] | None:
        """What `look` gives; None, too, where the endpoint does not know the call."""
        try:
            return self.look(one)
        except Exception as error:
            if not errors.is_unknown(error):
                raise
            return None

    def _noted(self, one: Found) -> Any | None:
        return memos.decoded(self.field, tags_of(one))

    def _with(self, one: Found, told: Mapping[str, Any] | None) -> Found:
        noted = self._noted(one) if told is None else None
        fields = {self.field: noted} if noted is not None else told
        return replace(one, fields={**one.fields, **fields}) if fields else one


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
    return replace(found, fields=fields, raw={**(found.raw or {}), "tags": {**kept, **memo}})


def tags_of(found: Found) -> Mapping[str, str]:
    """All tags of the object, as they were when it was looked at."""
    known: Mapping[str, str] = (found.raw or {}).get("tags", {})
    return known
