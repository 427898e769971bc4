"""Rules for what every kind has: labels and annotations, and selectors, which look for labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cloudabstract.model import Resource, Selector
from cloudabstract.model.limits import DNS_SUBDOMAIN

from .decode import Complaint
from .paths import Path

_NAME = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?", re.ASCII)
_PREFIX = re.compile(DNS_SUBDOMAIN.regex, re.ASCII)
_ANNOTATIONS_BYTES = 256 * 2**10

KEY_RULE = "at most 63 letters, digits, '-', '_' and '.', perhaps with a domain and '/' before them"
VALUE_RULE = "at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends"


def is_qualified(name: str) -> bool:
    """Whether this is `name` or `domain/name` as keys of labels are."""
    prefix, slash, rest = name.rpartition("/")
    if not _NAME.fullmatch(rest):
        return False
    return not slash or (len(prefix) <= 253 and _PREFIX.fullmatch(prefix) is not None)


def labels_can_be_selected(resource: Resource) -> Iterator[Complaint]:
    """Labels are as Kubernetes has them, so that every tool can select by them."""
    found = resource.metadata.labels
    return _labels(("metadata", "labels"), found) if found else iter(())


def _labels(path: Path, found: Mapping[str, str]) -> Iterator[Complaint]:
    for key, value in found.items():
        if not is_qualified(key):
            yield Complaint((*path, key), f"{key[:60]!r} cannot be a label's key", KEY_RULE)
        if value and not _NAME.fullmatch(value):
            yield Complaint((*path, key), f"{value[:70]!r} cannot be a label's value", VALUE_RULE)


def annotations_have_keys(resource: Resource) -> Iterator[Complaint]:
    """Keys of annotations are as those of labels; the texts are free, but not endless."""
    found = resource.metadata.annotations
    for key in found:
        if not is_qualified(key):
            path = ("metadata", "annotations", key)
            yield Complaint(path, f"{key[:60]!r} cannot be an annotation's key", KEY_RULE)
    if found and sum(len(k) + len(v) for k, v in found.items()) > _ANNOTATIONS_BYTES:
        message = f"the annotations have more than {_ANNOTATIONS_BYTES // 2**10} KiB"
        yield Complaint(("metadata", "annotations"), message)


def selector(path: Path, wanted: Selector | None) -> Iterator[Complaint]:
    """In and NotIn need values to compare with; Exists and DoesNotExist have no use for any."""
    if wanted is None:
        return
    yield from _labels((*path, "matchLabels"), wanted.match_labels)
    for number, each in enumerate(wanted.match_expressions):
        here = (*path, "matchExpressions", number)
        if not is_qualified(each.key):
            yield Complaint((*here, "key"), f"{each.key[:60]!r} cannot be a label's key", KEY_RULE)
        compares = each.operator in ("In", "NotIn")
        if compares and not each.values:
            yield Complaint((*here, "values"), f"{each.operator} needs at least one value")
        if not compares and each.values:
            yield Complaint((*here, "values"), f"{each.operator} takes no values", "leave them out")
