"""Label selectors with the meaning they have in Kubernetes: every requirement must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from .limits import doc
from .resource import Tuples

Operator = Literal["In", "NotIn", "Exists", "DoesNotExist"]


@dataclass(frozen=True)
class Requirement(Tuples):
    """One label, an operator, and the values it compares with."""

    key: Annotated[str, doc("The label's key.")]
    operator: Annotated[Operator, doc("How the label is compared.")]
    values: Annotated[tuple[str, ...], doc("For In and NotIn: at least one; else none.")] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether `labels` satisfy this requirement; NotIn holds where the key is missing."""
        if self.operator == "Exists":
            return self.key in labels
        if self.operator == "DoesNotExist":
            return self.key not in labels
        if self.operator == "In":
            return labels.get(self.key) in self.values and self.key in labels
        return labels.get(self.key) not in self.values


@dataclass(frozen=True)
class Selector(Tuples):
    """`matchLabels` and `matchExpressions`, all of which must hold; empty selects everything."""

    match_labels: Annotated[Mapping[str, str], doc("Labels that must be equal.")] = field(
        default_factory=dict
    )
    match_expressions: Annotated[
        tuple[Requirement, ...], doc("Further requirements; all must hold.")
    ] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with `labels` is selected."""
        equal = all(labels.get(key) == value for key, value in self.match_labels.items())
        return equal and all(each.matches(labels) for each in self.match_expressions)
