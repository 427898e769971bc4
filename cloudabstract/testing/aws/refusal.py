"""A refusal: the one way in which a rule, or a fault, says no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class Refused(Exception):
    """AWS's answer is an error: its code, its words, its HTTP status, and fields beside them."""

    code: str
    message: str
    status: int = 400
    fields: Mapping[str, str] = field(default_factory=dict)  # e.g. EFS's FileSystemId

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def invalid(message: str) -> Refused:
    """EC2's word for a value out of range, or malformed."""
    return Refused("InvalidParameterValue", message)


def bad_mix(message: str) -> Refused:
    """EC2's word for parameters that do not go together."""
    return Refused("InvalidParameterCombination", message)


def not_valid(message: str) -> Refused:
    """Elastic Load Balancing's word for a request that is wrong in itself."""
    return Refused("ValidationError", message)


def bad_setup(message: str) -> Refused:
    """Elastic Load Balancing's word for a request that does not fit what exists."""
    return Refused("InvalidConfigurationRequest", message)
