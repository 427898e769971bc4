"""Objects without a name of their own: listeners and rules. Their tag `Name` has the engine's name.

They are found through their parents, one call a parent where these are few. Where they are many,
the tagging API tells their ARNs, and they are described many at a time; the parents of which it may
not have told everything are asked themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudabstract.provider import Batch, Found, Whose
from cloudabstract_aws import errors, pages, tags

from .elb import Elb, each, present

Raw = Mapping[str, Any]
Tagged = tuple[Raw, dict[str, str]]
_FEW = 3  # parents that are asked one by one, as that costs no more


@dataclass(frozen=True)
class Type:
    """What is listed, and how."""

    name: str  # as in ARNs: "listener"
    arn: str  # the key of the ARN in what AWS answers: "ListenerArn"
    per_call: int
    children: Callable[[str, str], Iterable[Raw]]  # region, parent's ARN
    described: Callable[[str, Sequence[str]], Iterable[Raw]]  # region, ARNs
    untold: Callable[[Sequence[str], Mapping[str, Raw]], Sequence[str]]
    # ^ of these parents, those of which the tagging API may not have told everything


class Nameless:
    """Finds the objects of one type."""

    def __init__(self, elb: Elb, kind: Type) -> None:
        self._elb = elb
        self._type = kind

    def meant(self, batch: Batch, parents: Sequence[str]) -> list[Tagged]:
        """What `batch` asks for, each object with its tags; `parents` are ours, by ARN."""
        region = batch.place
        indexed: dict[str, dict[str, str]] = {}
        if len(parents) > _FEW and _by_index(batch):
            indexed = self._elb.index(region, self._type.name, batch.labels) or {}
            found = self._by_arn(region, indexed)
            found |= self._of(region, self._type.untold(parents, found))
        else:
            found = self._of(region, parents)
        found |= self._by_arn(region, batch.ids - found.keys())
        known = indexed | self._elb.tags_of(region, found.keys() - indexed.keys())
        return [
            (raw, known[arn])
            for arn, raw in sorted(found.items())
            if arn in known and (arn in batch.ids or _asked(known[arn], batch))
        ]

    def _of(self, region: str, parents: Sequence[str]) -> dict[str, Raw]:
        def children(arn: str) -> list[Raw] | None:
            return present(lambda: list(self._type.children(region, arn)))

        answers = each(children, parents)
        return {raw[self._type.arn]: raw for answer in answers if answer for raw in answer}

    def _by_arn(self, region: str, arns: Iterable[str]) -> dict[str, Raw]:
        """Those of `arns` that exist; one that does not makes AWS refuse the whole call."""
        found: dict[str, Raw] = {}
        for chunk in pages.chunks(sorted(arns), self._type.per_call):
            try:
                told = self._type.described(region, chunk)
                found |= {raw[self._type.arn]: raw for raw in told}
            except Exception as error:
                if not errors.is_missing(error):
                    raise
                if len(chunk) > 1:
                    for arn in chunk:
                        found |= self._by_arn(region, [arn])
        return found


def parents(batch: Batch, kind: str) -> list[Found]:
    """The found objects of `kind` whose children `batch` asks for."""
    anybody = batch.whose is Whose.ANYBODY
    used = batch.used.get(kind, ())
    return [one for one in used if one.place == batch.place and (one.labels or anybody)]


def _by_index(batch: Batch) -> bool:
    """Whether the tagging API, which lags, may answer."""
    return bool(batch.labels) and batch.whose is Whose.OURS and not batch.closely


def _asked(known: Mapping[str, str], batch: Batch) -> bool:
    return known.get(tags.NAME, "") in batch.names or batch.takes(tags.labels(known))
