"""What only AWS can say of a balancer: annotations under `aws.cloudabstract.dev/`. Pure.

    subnets                    where it stands, one a zone, by commas; the VPC follows from them
    security-groups            who may connect is said by these: none of our own; `none` for none
    addresses                  as spec.addressRefs: allocation ids, or private addresses
    ssl-policy                 of every TLS and HTTPS listener
    health-codes               the answers of a healthy backend, such as 200 or 200-299
    unhealthy-threshold        for an NLB that has two thresholds; the spec says the healthy one
    target-group-attributes    KEY=VALUE by commas, of those that are compared; before the spec's
    without-groups             pools by commas: none are made, an ALB answers for itself (503)
    target-groups              `shared`: ports that reach the same backends alike share one group
    rule-priorities            numbers by commas, growing, for the routes in the order of matching

`discover` writes them for what others made in another way than we would. Other targets pass over
them, so that the same document plans there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cloudabstract.model import LoadBalancer
from cloudabstract.model.annotations import entries
from cloudabstract.provider import Objection

from . import attributes
from .limits import limits

PREFIX = "aws.cloudabstract.dev/"
_NONE = "none"
_SHARED = "shared"
_MOST = 50_000  # the largest priority of a rule


@dataclass(frozen=True)
class OwnWords:
    """The annotations, read."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] | None = None  # None: one of our own is made
    addresses: tuple[str, ...] = ()
    ssl_policy: str = ""
    health_codes: str = ""
    unhealthy_threshold: int = 0  # 0: as the spec says
    attributes: Mapping[str, str] = field(default_factory=dict)
    without_groups: tuple[str, ...] = ()
    shared: bool = False
    priorities: tuple[int, ...] = ()


def read(resource: LoadBalancer) -> OwnWords:
    """What the annotations of `resource` say; what `check` objects to is passed over."""
    told = {
        key.removeprefix(PREFIX): text.strip()
        for key, text in resource.metadata.annotations.items()
        if key.startswith(PREFIX)
    }
    groups = told.get("security-groups")
    pairs = (each.partition("=") for each in entries(told.get("target-group-attributes", "")))
    numbers = entries(told.get("rule-priorities", ""))
    return OwnWords(
        entries(told.get("subnets", "")),
        None if groups is None else tuple(it for it in entries(groups) if it != _NONE),
        entries(told.get("addresses", "")),
        told.get("ssl-policy", ""),
        told.get("health-codes", ""),
        _number(told.get("unhealthy-threshold", "")),
        {key.strip(): value.strip() for key, _, value in pairs},
        entries(told.get("without-groups", "")),
        told.get("target-groups") == _SHARED,
        tuple(_number(each) for each in numbers),
    )


def written(words: OwnWords) -> dict[str, str]:
    """The annotations that say `words`."""
    groups = words.security_groups
    told = {
        "subnets": ", ".join(words.subnets),
        "security-groups": "" if groups is None else ", ".join(groups) or _NONE,
        "addresses": ", ".join(words.addresses),
        "ssl-policy": words.ssl_policy,
        "health-codes": words.health_codes,
        "unhealthy-threshold": str(words.unhealthy_threshold or ""),
        "target-group-attributes": ", ".join(
            f"{key}={value}" for key, value in sorted(words.attributes.items())
        ),
        "without-groups": ", ".join(words.without_groups),
        "target-groups": _SHARED if words.shared else "",
        "rule-priorities": ", ".join(map(str, words.priorities)),
    }
    return {f"{PREFIX}{key}": text for key, text in told.items() if text}


def applied(resource: LoadBalancer) -> LoadBalancer:
    """`resource` with the words that stand for fields of its spec in their place."""
    words = read(resource)
    if not (words.subnets or words.addresses):
        return resource
    spec = resource.spec
    place = replace(spec.placement, subnets=words.subnets or spec.placement.subnets)
    refs = words.addresses or spec.address_refs
    return replace(resource, spec=replace(spec, placement=place, address_refs=refs))


def check(resource: LoadBalancer) -> Iterator[Objection]:
    """Objections to annotations that are unknown, or not as they must be."""
    for key, text in resource.metadata.annotations.items():
        if not key.startswith(PREFIX):
            continue
        where, rule = f"metadata.annotations[{key}]", _RULES.get(key.removeprefix(PREFIX))
        if rule is None:
            message = f"{key} means nothing here"
            yield Objection("LB017", where, message, f"there is {', '.join(_RULES)}")
        elif wrong := rule(text):
            yield Objection("LB017", where, wrong, "see the guide of this provider")
    if read(resource).security_groups is not None and resource.spec.source_ranges:
        message = f"{PREFIX}security-groups says who may connect, so nothing keeps to the ranges"
        yield Objection("LB009", "spec.sourceRanges", message, "leave one of the two out")


def _any(text: str) -> str:
    return "" if text.strip() else "it is empty"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _threshold(text: str) -> str:
    low, high = limits().threshold
    return "" if low <= _number(text) <= high else f"{text!r} is not a number from {low} to {high}"


def _attributes(text: str) -> str:
    known = attributes.GROUP | attributes.WEB_GROUP
    wrong = [each for each in entries(text) if each.partition("=")[0].strip() not in known]
    return f"{wrong[0]!r} is none of {', '.join(sorted(known))}" if wrong else _any(text)


def _shared(text: str) -> str:
    return "" if text.strip() == _SHARED else f"{text!r} is not {_SHARED!r}"


def _priorities(text: str) -> str:
    numbers = [_number(each) for each in entries(text)]
    grow = numbers == sorted(set(numbers)) and all(1 <= each <= _MOST for each in numbers)
    return _any(text) if grow else f"they are not numbers from 1 to {_MOST} that grow"


_RULES: Mapping[str, Callable[[str], str]] = {
    "subnets": _any,
    "security-groups": _any,
    "addresses": _any,
    "ssl-policy": _any,
    "health-codes": _any,
    "unhealthy-threshold": _threshold,
    "target-group-attributes": _attributes,
    "without-groups": _any,
    "target-groups": _shared,
    "rule-priorities": _priorities,
}
